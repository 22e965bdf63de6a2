package io.lb4j.examples.demo;

import io.lb4j.examples.server.Answer;
import java.net.URI;
import java.util.concurrent.TimeUnit;

/** What a server of the demo does: works for as long as the request says, or answers 503 at once. */
final class Service implements Answer {
    private static final String WORK = "work=";

    private final double slowness;
    /** Set by the thread that directs the demo, read by workers. */
    private volatile boolean failing;

    Service(double slowness) {
        this.slowness = slowness;
    }

    /** Returns the path and query of a request for so much work. */
    static String target(long workNanos) {
        return "/items?" + WORK + workNanos;
    }

    void failing(boolean on) {
        failing = on;
    }

    @Override
    public int to(URI uri) throws InterruptedException {
        if (failing) {
            return 503;
        }
        long work = Long.parseLong(uri.getQuery().substring(WORK.length()));
        TimeUnit.NANOSECONDS.sleep((long) (work * slowness));
        return 200;
    }
}
