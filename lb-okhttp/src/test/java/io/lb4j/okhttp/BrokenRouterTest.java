package io.lb4j.okhttp;

import static io.lb4j.okhttp.Shop.ORDERS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Set;
import okhttp3.Request;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A router of the user's own may be wrong; its callers hear of that as of any other failure. */
@Tag("socket")
@Timeout(60)
class BrokenRouterTest {
    private static RequestRouter deciding(RoutingDecision decision) {
        return new RequestRouter() {
            @Override
            public Set<String> hosts() {
                return Set.of(Shop.HOST);
            }

            @Override
            public Set<String> services() {
                return Set.of(ORDERS);
            }

            @Override
            public RoutingDecision route(Request request, CallCookies cookies, long seed) {
                return decision;
            }

            @Override
            public String toString() {
                return "mine";
            }
        };
    }

    @Test
    void aRouterThatDecidesNothingFailsTheCall() throws IOException {
        try (Shop shop =
                new Shop(Wire.HTTP_1_1, 1, ORDERS).router(deciding(null)).start()) {
            IOException failure = assertThrows(IOException.class, () -> shop.answerTo(shop.get("/")));
            assertEquals(
                    "mine: the routing failed, java.lang.NullPointerException: decision: null (expected: a value)",
                    failure.getMessage());
            assertEquals(0, shop.inFlight());
        }
    }
}
