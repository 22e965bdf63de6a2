package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.lb4j.Balancer;
import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import io.lb4j.Node;
import io.lb4j.Outcome;
import java.io.IOException;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A second attempt in the same Call must not go over the connection of the first. */
@Tag("socket")
class MisroutingTest {
    /** Takes the first node that this call has not tried. */
    private static final Balancer IN_ORDER = (nodes, request, now) -> {
        for (Node node : nodes) {
            if (!request.hasExclusions() || !request.excludes(node)) {
                return node;
            }
        }
        return null;
    };

    @ParameterizedTest
    @EnumSource(Wire.class)
    void retryAfter503GoesToTheOtherEndpoint(Wire wire) throws IOException {
        Observed observed = call(wire, false);
        assertEquals("200 from B, A hit 1, B hit 1", observed.summary());
        assertEquals(2, observed.decisions().attempts().size());
        assertEquals(Outcome.FAILURE, observed.decisions().attempts().get(0).outcome());
        assertEquals(
                RetryDecision.RETRIED, observed.decisions().attempts().get(0).decision());
        assertEquals(
                RetryDecision.ANSWERED, observed.decisions().attempts().get(1).decision());
    }

    /** Shows that the test above can fail, and that OkHttp still needs the release. */
    @ParameterizedTest
    @EnumSource(Wire.class)
    void withoutTheReleaseTheRetryGoesToTheSameServer(Wire wire) throws IOException {
        assertEquals("503 from A, A hit 2, B hit 0", call(wire, true).summary());
    }

    private record Observed(String summary, BalancedCall decisions) {}

    private static Observed call(Wire wire, boolean withoutRelease) throws IOException {
        try (TestServer a = new TestServer("A", wire).alwaysAnswer(503);
                TestServer b = new TestServer("B", wire);
                LoadBalancer orders = LoadBalancer.builder(
                                "orders.test", EndpointSource.of(a.endpoint(), b.endpoint()), IN_ORDER)
                        .build()) {
            BalancedClient.Builder builder = BalancedClient.wrap(wire.client()).service(orders);
            OkHttpClient client = (withoutRelease ? builder.withoutConnectionRelease() : builder).build();
            Call call = client.newCall(
                    new Request.Builder().url(wire.url("orders.test", "/items")).build());
            try (Response response = call.execute()) {
                String summary = "%d from %s, A hit %d, B hit %d"
                        .formatted(response.code(), response.body().string(), a.hits(), b.hits());
                BalancedCall decisions = call.tag(BalancedCall.class);
                assertNotNull(decisions);
                return new Observed(summary, decisions);
            }
        }
    }
}
