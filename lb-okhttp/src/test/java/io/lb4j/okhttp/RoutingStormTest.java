package io.lb4j.okhttp;

import static io.lb4j.okhttp.routing.Actions.to;
import static io.lb4j.okhttp.routing.Conditions.pathPrefix;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.okhttp.routing.Keys;
import io.lb4j.okhttp.routing.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.Call;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Four services under one host, with errors, retries, redirects between them and mirrors, from eight threads: each answer comes from
 * the service that the rules name.
 */
@Tag("storm")
@Timeout(1800)
class RoutingStormTest {
    private static final int CALLS = Integer.getInteger("lb4j.storm.calls", 12_000) / 3;
    private static final int THREADS = 8;
    private static final String[] SERVICES = {"orders.test", "users.test", "next.test", "orders"};

    private final LongAdder redirected = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /** Paths and services that belong together: the answer to "/i/..." is the name of service i. */
    private static Router router() {
        return Router.builder(Shop.HOST)
                .rule("0", pathPrefix("/0"), to(SERVICES[0]).withPathPrefix("/0", "/x"))
                .rule("1", pathPrefix("/1"), to(SERVICES[1]).withMirror(SERVICES[3], 0.1))
                .rule(
                        "2",
                        pathPrefix("/2"),
                        to(SERVICES[2], 1).and(SERVICES[0], 0).withKey(Keys.header("X")))
                .rule("3", pathPrefix("/3"), to(SERVICES[3]))
                .build();
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void everyAnswerIsOfTheServiceThatTheRulesName(Wire wire) throws Exception {
        try (Shop shop = new Shop(wire, 2, SERVICES).router(router()).start()) {
            for (String service : SERVICES) {
                for (int i = 0; i < 2; i++) {
                    TestServer server = shop.server(service, i);
                    server.handle(request -> answer(server, request));
                }
            }
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            List<Future<Void>> callers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Callable<Void> caller = () -> calls(shop);
                callers.add(threads.submit(caller));
            }
            for (Future<Void> caller : callers) {
                caller.get();
            }
            threads.shutdown();
            assertTrue(redirected.sum() > CALLS / 10, redirected::toString);
            assertTrue(failed.sum() < CALLS / 5, failed::toString);
            Eventually.equal(0, shop::inFlight);
        }
    }

    private MockResponse answer(TestServer server, RecordedRequest request) {
        int dice = ThreadLocalRandom.current().nextInt(100);
        if (dice < 8) {
            return server.answer(503);
        } else if (dice < 28 && request.getTarget().endsWith("/first")) {
            redirected.increment();
            return new MockResponse.Builder()
                    .code(302)
                    .addHeader("Location", "/" + dice % SERVICES.length + "/last")
                    .build();
        }
        return server.answer(200);
    }

    private Void calls(Shop shop) throws Exception {
        for (int i = 0; i < CALLS / THREADS; i++) {
            int wanted = ThreadLocalRandom.current().nextInt(SERVICES.length);
            Call call = shop.get("/" + wanted + "/first");
            try (Response response = call.execute()) {
                String answer = response.body().string();
                String path = response.request().url().encodedPath();
                String service = SERVICES[path.charAt(1) - '0'];
                BalancedCall decided = call.tag(BalancedCall.class);
                assertEquals(service, answer.substring(0, answer.length() - 1), () -> path + " " + decided);
                assertEquals(service, decided.service());
                assertEquals(path.substring(1, 2), decided.rule());
                failed.add(response.code() == 503 ? 1 : 0);
            }
        }
        return null;
    }
}
