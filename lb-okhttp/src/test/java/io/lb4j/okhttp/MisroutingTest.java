package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.lb4j.Outcome;
import java.io.IOException;
import okhttp3.Call;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A second attempt in the same Call must not go over the connection of the first. */
@Tag("socket")
class MisroutingTest {
    @ParameterizedTest
    @EnumSource(Wire.class)
    void retryAfter503GoesToTheOtherEndpoint(Wire wire) throws IOException {
        Observed observed = call(wire, false);
        assertEquals("200 B, hits A 1, B 1", observed.summary());
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
        assertEquals("503 A, hits A 2, B 0", call(wire, true).summary());
    }

    private record Observed(String summary, BalancedCall decisions) {}

    private static Observed call(Wire wire, boolean withoutRelease) throws IOException {
        Fleet.Plan plan = Fleet.of(wire, 2);
        if (withoutRelease) {
            plan.installing(BalancedClient.Builder::withoutConnectionRelease);
        }
        try (Fleet fleet = plan.start()) {
            fleet.server(0).alwaysAnswer(503);
            Call call = fleet.get("/items");
            String summary = fleet.answerTo(call) + ", hits " + fleet.hits();
            BalancedCall decisions = call.tag(BalancedCall.class);
            assertNotNull(decisions);
            return new Observed(summary, decisions);
        }
    }
}
