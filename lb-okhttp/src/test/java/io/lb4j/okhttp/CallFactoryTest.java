package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which clients make calls that may be hedged. */
@Tag("socket")
@Timeout(60)
class CallFactoryTest {
    @Test
    void clientWithoutHedgingIsItsOwnFactory() {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 1).start()) {
            assertSame(fleet.client(), BalancedClient.callFactory(fleet.client()));
        }
    }

    @Test
    void derivedClientHedgesToo() throws IOException {
        try (Fleet fleet = Hedged.fleet(Wire.HTTP_1_1)) {
            AtomicInteger seen = new AtomicInteger();
            Hedged.neverAnswer(fleet.server(0));
            OkHttpClient derived = fleet.client()
                    .newBuilder()
                    .addNetworkInterceptor(chain -> {
                        seen.incrementAndGet();
                        return chain.proceed(chain.request());
                    })
                    .build();
            Call.Factory calls = BalancedClient.callFactory(derived);
            assertNotSame(derived, calls);
            assertEquals(
                    "200 B", fleet.answerTo(calls.newCall(fleet.request("/").build())));
            assertEquals(2, seen.get());
        }
    }

    @Test
    void clientThatDoesNotBalanceIsRefused() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> BalancedClient.callFactory(new OkHttpClient()));
        assertEquals("client: \"does not balance\" (expected: one made by BalancedClient)", refused.getMessage());
    }
}
