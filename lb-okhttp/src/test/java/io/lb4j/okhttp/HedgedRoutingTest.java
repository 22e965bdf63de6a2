package io.lb4j.okhttp;

import static io.lb4j.okhttp.routing.Actions.to;
import static io.lb4j.okhttp.routing.Conditions.any;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lb4j.okhttp.routing.Router;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import okhttp3.Call;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A hedge is a call of its own, but it is routed as the call that it repeats. */
@Tag("socket")
@Timeout(60)
class HedgedRoutingTest {
    private static final String OLD = "old.test";
    private static final String NEW = "new.test";
    private static final String MIRROR = "mirror.test";
    private static final int CALLS = 30;

    private static final RetryRule HEDGING =
            RetryRule.standard().withBudget(1, 1000).withHedging(HedgingPolicy.after(Duration.ofMillis(20)));

    private static Shop shop() {
        Router router = Router.builder(Shop.HOST)
                .rule("canary", any(), to(OLD, 50).and(NEW, 50).withMirror(MIRROR, 1))
                .build();
        Shop shop = new Shop(Wire.HTTP_1_1, 2, UnaryOperator.identity(), HEDGING, OLD, NEW, MIRROR)
                .router(router)
                .start();
        slow(shop.server(OLD, 0));
        slow(shop.server(NEW, 0));
        return shop;
    }

    private static void slow(TestServer server) {
        server.handle(request -> server.answer(200)
                .newBuilder()
                .headersDelay(2_000, TimeUnit.MILLISECONDS)
                .build());
    }

    @Test
    void hedgesGoToTheVariantOfTheirCallAndAreNotMirrored() throws IOException {
        try (Shop shop = shop()) {
            Call.Factory factory = BalancedClient.callFactory(shop.client());
            Set<String> answers = new TreeSet<>();
            for (int i = 0; i < CALLS; i++) {
                Call call = factory.newCall(shop.request("/").build());
                answers.add(shop.answerTo(call));
                BalancedCall decided = call.tag(BalancedCall.class);
                assertEquals(2, decided.attempts().size(), decided::toString);
                assertEquals("canary", decided.rule());
            }
            assertEquals(Set.of("200 old.test1", "200 new.test1"), answers);
            assertEquals(CALLS, shop.server(OLD, 0).hits() + shop.server(NEW, 0).hits());
            assertEquals(CALLS, shop.server(OLD, 1).hits() + shop.server(NEW, 1).hits());
            Eventually.equal(CALLS, () -> shop.server(MIRROR, 0).hits());
            Eventually.equal(0, shop::inFlight);
        }
    }
}
