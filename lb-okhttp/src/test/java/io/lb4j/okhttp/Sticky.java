package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import okhttp3.Call;

/** Calls to three servers of which the algorithm alone would always take the first. */
final class Sticky {
    private Sticky() {}

    static String id(Fleet fleet, int server) {
        return fleet.server(server).endpoint().id();
    }

    static String get(Fleet fleet) throws IOException {
        return fleet.answerTo(fleet.get("/"));
    }

    /** Makes a call that only B can serve. */
    static String getFromB(Fleet fleet, Call call) throws IOException {
        for (int other : List.of(0, 2)) {
            fleet.loadBalancer().disable(id(fleet, other));
        }
        String answer = fleet.answerTo(call);
        for (int other : List.of(0, 2)) {
            fleet.loadBalancer().enable(id(fleet, other));
        }
        return answer;
    }

    static void bindToB(Fleet fleet) throws IOException {
        assertEquals("200 B", getFromB(fleet, fleet.get("/")));
    }
}
