package io.lb4j.okhttp;

import static io.lb4j.okhttp.Shop.NEXT;
import static io.lb4j.okhttp.Shop.ORDERS;
import static io.lb4j.okhttp.Shop.USERS;
import static io.lb4j.okhttp.Shop.byPath;
import static io.lb4j.okhttp.Shop.rules;
import static io.lb4j.okhttp.routing.Actions.to;
import static io.lb4j.okhttp.routing.Conditions.any;
import static io.lb4j.okhttp.routing.Conditions.clientIn;
import static io.lb4j.okhttp.routing.Conditions.jsonBody;
import static io.lb4j.okhttp.routing.Conditions.method;
import static io.lb4j.okhttp.routing.Conditions.pathPrefix;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.lb4j.okhttp.routing.Router;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import mockwebserver3.RecordedRequest;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What rules look at in a request, what they change, and what the server gets. */
@Tag("socket")
@Timeout(60)
class RoutedRequestTest {
    private static final MediaType JSON = MediaType.get("application/json");

    @ParameterizedTest
    @EnumSource(Wire.class)
    void thePathIsSentAsTheCallerHasSpelledIt(Wire wire) throws Exception {
        try (Shop shop = new Shop(wire, 1, ORDERS, USERS).router(byPath()).start()) {
            assertEquals("200 orders.test", shop.answerTo(shop.get("//%6frders;v=1/%41;b=c//d?q=%2F")));
            assertEquals(
                    "//%6frders;v=1/%41;b=c//d?q=%2F",
                    shop.server(ORDERS).mock().takeRequest().getTarget());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aRuleChangesPathHostAndHeadersAndTheCallerSeesTheOldUrl(Wire wire) throws Exception {
        Router router = rules().rule(
                        "orders",
                        pathPrefix("/api/orders"),
                        to(ORDERS)
                                .withPathPrefix("/api/orders", "/v2")
                                .withHost(NEXT)
                                .withHeader("X-Api", "2")
                                .withoutHeader("X-Secret"))
                .build();
        try (Shop shop = new Shop(wire, 1, ORDERS).router(router).start()) {
            Request request = shop.request("/api/orders/a%20b?x=1")
                    .header("X-Secret", "s")
                    .build();
            try (Response response = shop.client().newCall(request).execute()) {
                assertEquals(ORDERS, response.body().string());
                assertEquals(request.url(), response.request().url());
            }
            RecordedRequest seen = shop.server(ORDERS).mock().takeRequest();
            assertEquals(wire.url(NEXT, "/v2/a%20b?x=1"), seen.getUrl().toString());
            assertEquals("2", seen.getHeaders().get("X-Api"));
            assertNull(seen.getHeaders().get("X-Secret"));
        }
    }

    @Test
    void aTagOfTheRuleIsThereUnlessTheCallerHasSetOne() throws IOException {
        record Limit(int value) {}
        List<Limit> seen = new ArrayList<>();
        Router router = rules().rule("all", any(), to(ORDERS).withTag(Limit.class, new Limit(1)))
                .build();
        UnaryOperator<OkHttpClient.Builder> watching = builder -> builder.addNetworkInterceptor(chain -> {
            seen.add(chain.request().tag(Limit.class));
            return chain.proceed(chain.request());
        });
        try (Shop shop =
                new Shop(Wire.HTTP_1_1, 1, watching, ORDERS).router(router).start()) {
            assertEquals("200 orders.test", shop.answerTo(shop.get("/")));
            assertEquals("200 orders.test", shop.answerTo(shop.request("/").tag(Limit.class, new Limit(2))));
            assertEquals(List.of(new Limit(1), new Limit(2)), seen);
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void conditionsLookAtTheBodyAndTheServerGetsItWhole(Wire wire) throws Exception {
        Router router = rules().rule("gold", method("POST").and(jsonBody("/tier", "gold")), to(ORDERS))
                .otherwise(to(USERS))
                .build();
        try (Shop shop = new Shop(wire, 1, ORDERS, USERS).router(router).start()) {
            String gold = "{\"tier\": \"gold\"}";
            OneShotBody once = new OneShotBody(gold, JSON);
            assertEquals("200 orders.test", shop.answerTo(shop.request("/").post(RequestBody.create(gold, JSON))));
            assertEquals(
                    gold, shop.server(ORDERS).mock().takeRequest().getBody().utf8());
            assertEquals("200 users.test", shop.answerTo(shop.request("/").post(once)));
            assertEquals(gold, shop.server(USERS).mock().takeRequest().getBody().utf8());
            assertEquals(1, once.written());
        }
    }

    @Test
    void theClientsAddressComesFromATag() throws IOException {
        Router router = rules().rule("inside", clientIn("10.0.0.0/8", "fd00::/8"), to(ORDERS))
                .otherwise(to(USERS))
                .build();
        try (Shop shop =
                new Shop(Wire.HTTP_1_1, 1, ORDERS, USERS).router(router).start()) {
            assertEquals("200 users.test", shop.answerTo(shop.get("/")));
            for (String address : List.of("10.1.2.3", "::ffff:10.1.2.3", "fd00::1")) {
                Request.Builder request = shop.request("/").tag(InboundRequest.class, InboundRequest.from(address));
                assertEquals("200 orders.test", shop.answerTo(request), address);
            }
        }
    }
}
