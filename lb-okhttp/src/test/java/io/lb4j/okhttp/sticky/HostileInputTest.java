package io.lb4j.okhttp.sticky;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Node;
import io.lb4j.NodeSet;
import java.util.Random;
import okhttp3.Request;
import org.junit.jupiter.api.Test;

/** Random input made of what the parsers look for; the seed is fixed. */
class HostileInputTest {
    private static final int INPUTS = 100_000;
    private static final String[] PIECES = {
        ";sid=abc.b",
        "SID=abc.a",
        "sid=abc.b;",
        "sid",
        "SID",
        "xsid",
        "=",
        "=abc.b",
        "=abc.a",
        ";",
        ",",
        "/",
        "&",
        "?",
        "%",
        "%2E",
        "%3D",
        "\"",
        " ",
        ".",
        "for=",
        "6.6.6.6",
        "[::1]",
        ":80",
        "\\",
        "|",
        "+",
        "::"
    };

    private final Random random = new Random(7);

    private String input() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i >= 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    @Test
    void noInputMakesAddressesOfTrustedProxiesTheClients() {
        for (int i = 0; i < INPUTS; i++) {
            String client = input();
            Request request = new Request.Builder()
                    .url("http://orders/")
                    .header("Forwarded", client + ", for=203.0.113.9;proto=https, for=10.0.0.1")
                    .header("X-Forwarded-For", client + ", 203.0.113.9, 10.0.0.1")
                    .build();
            assertEquals("203.0.113.9", SessionKeys.forwarded(2).apply(request), client);
            assertEquals("203.0.113.9", SessionKeys.xForwardedFor(2).apply(request), client);
            String ignored = SessionKeys.forwarded(3).apply(request)
                    + SessionKeys.xForwardedFor(3).apply(request);
        }
    }

    @Test
    void everyRouteFoundIsWrittenInTheRequestBehindTheWholeName() {
        RouteCookie cookie = RouteCookie.of("SID|sid");
        NodeSet nodes = Calls.nodes("a", "b");
        int found = 0;
        for (int i = 0; i < INPUTS; i++) {
            Request request = Calls.request("/p" + input(), input());
            String route = Calls.session(cookie, request);
            Node node = route == null ? null : cookie.lookup(route, nodes, 0);
            if (node != null) {
                found++;
                String text = (request.url() + " ; " + request.header("Cookie"))
                        .replace("%2E", ".")
                        .replace("%3D", "=");
                String pattern = "(?s).*(?<![a-zA-Z.])(sid|SID)[ \"]*=.*\\." + route + ".*";
                assertTrue(text.matches(pattern), () -> request.url() + " and " + request.header("Cookie"));
            }
        }
        assertTrue(found > 1_000, "found " + found);
    }
}
