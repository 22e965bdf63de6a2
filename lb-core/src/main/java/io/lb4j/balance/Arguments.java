package io.lb4j.balance;

import static java.util.Objects.requireNonNull;

import io.lb4j.Cost;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Refuses bad arguments with a message that says what to type instead. */
final class Arguments {
    private static final Duration LONGEST = Duration.ofDays(365);

    private Arguments() {}

    static Cost checked(Cost cost) {
        return requireNonNull(cost, "cost: null (expected: for instance (nodes, i, now) -> nodes.get(i).inFlight())");
    }

    static Supplier<? extends RandomGenerator> checked(Supplier<? extends RandomGenerator> random) {
        return requireNonNull(random, "random: null (expected: for instance ThreadLocalRandom::current)");
    }

    /** A duration of more than 0. */
    static Duration checked(String name, Duration value) {
        requireNonNull(value, () -> name + ": null (expected: for instance Duration.ofSeconds(10))");
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0, at most 365 days)");
        }
        return value;
    }
}
