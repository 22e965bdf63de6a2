package io.lb4j;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What a builder has collected; checked, immutable, times in nanoseconds. */
record Settings(
        String name,
        Ticker ticker,
        @Nullable ScheduledExecutorService scheduler,
        Supplier<? extends RandomGenerator> random,
        HealthTracker healthTracker,
        @Nullable HealthProbe healthProbe,
        HealthProbe.Schedule probeSchedule,
        @Nullable Executor probeExecutor,
        @Nullable StickinessPolicy stickiness,
        SessionFallback sessionFallback,
        LocalityPolicy locality,
        @Nullable LoadBalancerListener listener,
        long slowStartNanos,
        double slowStartLeast,
        double slowStartAggression,
        double mostEjected,
        double panicBelow,
        long graceNanos,
        long holdEmptyNanos,
        long readyTimeoutNanos,
        int maxInFlight,
        int queueCapacity,
        long queueTimeoutNanos) {}
