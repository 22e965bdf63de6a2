package io.lb4j.okhttp;

import static io.lb4j.okhttp.routing.Actions.to;
import static io.lb4j.okhttp.routing.Conditions.any;
import static io.lb4j.okhttp.routing.Conditions.path;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lb4j.okhttp.routing.Router;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import mockwebserver3.MockResponse;
import okhttp3.Call;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

    private static Shop shop(Wire wire) {
        Router router = Router.builder(Shop.HOST)
                .rule("canary", any(), to(OLD, 50).and(NEW, 50).withMirror(MIRROR, 1))
                .build();
        Shop shop = new Shop(wire, 2, UnaryOperator.identity(), HEDGING, OLD, NEW, MIRROR)
                .router(router)
                .start();
        slow(shop.server(OLD, 0));
        slow(shop.server(NEW, 0));
        return shop;
    }

    private static void slow(TestServer server) {
        server.answerAfter(Duration.ofMillis(2_000));
    }

    @ParameterizedTest
    @EnumSource(
            value = Wire.class,
            names = {"HTTP_1_1", "H2C"})
    void hedgesGoToTheVariantOfTheirCallAndAreNotMirrored(Wire wire) throws IOException {
        try (Shop shop = shop(wire)) {
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

    @Test
    void anEndpointThatARuleNamesIsNotHedged() throws IOException {
        try (Shop shop = new Shop(Wire.HTTP_1_1, 2, UnaryOperator.identity(), HEDGING, OLD)) {
            TestServer named = shop.server(OLD, 0);
            named.answerAfter(Duration.ofMillis(300));
            EndpointOverride override = EndpointOverride.to(named.endpoint().id());
            Router router = Router.builder(Shop.HOST)
                    .rule("named", any(), to(OLD).withTag(EndpointOverride.class, override))
                    .build();
            shop.router(router).start();
            Call call = BalancedClient.callFactory(shop.client())
                    .newCall(shop.request("/").build());
            assertEquals("200 old.test0", shop.answerTo(call));
            assertEquals(0, shop.server(OLD, 1).hits());
        }
    }

    /** The first call has been redirected; its hedge begins anew, and has got no further than to the first service. */
    @ParameterizedTest
    @EnumSource(
            value = Wire.class,
            names = {"HTTP_1_1", "H2C"})
    void ruleAndServiceAreThoseOfTheAnswerWhereverALoserHasGot(Wire wire) throws IOException {
        Router router = Router.builder(Shop.HOST)
                .rule("to old", path("/"), to(OLD))
                .rule("to new", path("/new"), to(NEW))
                .build();
        try (Shop shop = new Shop(wire, 2, UnaryOperator.identity(), HEDGING, OLD, NEW)
                .router(router)
                .start()) {
            CountDownLatch hedgeArrived = new CountDownLatch(1);
            AtomicInteger asked = new AtomicInteger();
            shop.server(OLD, 0).handle(request -> {
                if (asked.getAndIncrement() > 0) {
                    hedgeArrived.countDown();
                    return new MockResponse.Builder()
                            .headersDelay(5, TimeUnit.SECONDS)
                            .build();
                }
                return new MockResponse.Builder()
                        .code(307)
                        .addHeader("Location", "/new")
                        .build();
            });
            TestServer last = shop.server(NEW, 0);
            last.handle(request -> {
                hedgeArrived.await(30, TimeUnit.SECONDS);
                return last.answer(200);
            });
            Call call = BalancedClient.callFactory(shop.client())
                    .newCall(shop.request("/").build());
            assertEquals("200 new.test0", shop.answerTo(call));
            BalancedCall decided = call.tag(BalancedCall.class);
            assertEquals("to new", decided.rule(), decided::toString);
            assertEquals(NEW, decided.service(), decided::toString);
            assertEquals(
                    List.of(RetryDecision.ANSWERED, RetryDecision.ANSWERED),
                    decided.attempts().subList(0, 2).stream()
                            .map(BalancedCall.Attempt::decision)
                            .toList(),
                    "the redirect and the answer; the hedge comes third");
            Eventually.equal(0, shop::inFlight);
        }
    }
}
