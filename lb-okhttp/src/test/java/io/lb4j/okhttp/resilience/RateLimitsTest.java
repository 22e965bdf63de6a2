package io.lb4j.okhttp.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import io.lb4j.Endpoint;
import io.lb4j.LoadBalancer;
import io.lb4j.MutableEndpointSource;
import io.lb4j.balance.Balancers;
import io.lb4j.okhttp.Admission;
import io.lb4j.okhttp.RateLimitedException;
import io.lb4j.testkit.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import okhttp3.Request;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
    private static final RateLimiterConfig TWO_A_SECOND = RateLimiterConfig.custom()
            .limitForPeriod(2)
            .limitRefreshPeriod(Duration.ofSeconds(1))
            .timeoutDuration(Duration.ZERO)
            .build();

    private final VirtualTime time = new VirtualTime();

    private Admission perTenant(int mostKeys) {
        return RateLimits.perKey(request -> request.header("X-Tenant"), TWO_A_SECOND, mostKeys, time);
    }

    private static Request of(String tenant) {
        return new Request.Builder()
                .url("http://orders/")
                .header("X-Tenant", tenant)
                .build();
    }

    @Test
    void eachKeyHasItsOwnLimit() throws IOException {
        Admission admission = perTenant(10);
        for (String tenant : new String[] {"a", "b"}) {
            assertEquals(0, admission.reserve(of(tenant)));
            assertEquals(0, admission.reserve(of(tenant)));
            RateLimitedException failure =
                    assertThrows(RateLimitedException.class, () -> admission.reserve(of(tenant)));
            assertEquals("rate limit \"" + tenant + "\": 2 per PT1S, no room within PT0S", failure.getMessage());
        }
        time.advance(Duration.ofSeconds(1));
        assertEquals(0, admission.reserve(of("a")));
    }

    @Test
    void aRequestWithoutKeyIsNotLimited() throws IOException {
        Admission admission = perTenant(10);
        Request anonymous = new Request.Builder().url("http://orders/").build();
        for (int i = 0; i < 100; i++) {
            assertEquals(0, admission.reserve(anonymous));
        }
    }

    @Test
    void itSaysHowLongToWait() throws IOException {
        RateLimiter limiter = RateLimiter.of(
                "orders",
                RateLimiterConfig.from(TWO_A_SECOND)
                        .timeoutDuration(Duration.ofSeconds(2))
                        .build(),
                time::nanoTime);
        Admission admission = RateLimits.perService(limiter);
        time.advance(Duration.ofMillis(100));
        long[] seconds = {0, 0, 900, 900, 1900, 1900};
        for (long expected : seconds) {
            assertEquals(Duration.ofMillis(expected), Duration.ofNanos(admission.reserve(of("a"))));
        }
        assertThrows(RateLimitedException.class, () -> admission.reserve(of("a")));
    }

    @Test
    void noMoreKeysAreRememberedThanWereAllowed() throws IOException {
        Admission admission = perTenant(100);
        int refused = 0;
        for (int round = 0; round < 3; round++) {
            for (int tenant = 0; tenant < 1_000; tenant++) {
                try {
                    assertEquals(0, admission.reserve(of("t" + tenant)));
                } catch (RateLimitedException remembered) {
                    refused++;
                }
            }
        }
        assertTrue(refused <= 100, refused + " of 1000 were remembered");
    }

    @Test
    void bothLimitsHoldAndTheLaterOneIsWaitedFor() throws IOException {
        Admission both = ((Admission) request -> 5).and(request -> 7).and(request -> 6);
        assertEquals(7, both.reserve(of("a")));
        Admission refusing = perTenant(10).and(request -> {
            throw new RateLimitedException("no", new IllegalStateException());
        });
        assertThrows(RateLimitedException.class, () -> refusing.reserve(of("a")));
    }

    @Test
    void limitersOfEndpointsComeFromTheRegistryAndLeaveItAfterThem() {
        RateLimiterRegistry registry = RateLimiterRegistry.ofDefaults();
        registry.addConfiguration("orders", TWO_A_SECOND);
        Endpoint a = Endpoint.of("10.0.0.1", 80);
        Endpoint b = Endpoint.of("10.0.0.2", 80);
        MutableEndpointSource source = MutableEndpointSource.of(a, b);
        try (LoadBalancer balancer = LoadBalancer.builder("orders", source, Balancers.roundRobin())
                .ticker(time)
                .scheduler(time)
                .healthTracker(RateLimits.perEndpoint("orders", registry))
                .build()) {
            assertEquals(2, balancer.nodes().size());
            RateLimiter limiter = registry.find("orders/10.0.0.1:80").orElseThrow();
            assertEquals(2, limiter.getRateLimiterConfig().getLimitForPeriod());
            source.set(b);
            time.advance(Duration.ofSeconds(50));
            assertTrue(registry.find("orders/10.0.0.1:80").isPresent());
            time.advance(Duration.ofSeconds(40));
            assertFalse(registry.find("orders/10.0.0.1:80").isPresent());
            assertTrue(registry.find("orders/10.0.0.2:80").isPresent());
        }
    }

    @Test
    void badInputIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> RateLimits.perKey(request -> "a", TWO_A_SECOND, 0));
        assertThrows(
                IllegalArgumentException.class, () -> RateLimits.perEndpoint("", RateLimiterRegistry.ofDefaults()));
    }
}
