package io.lb4j.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ServiceTimeTest {
    static List<ServiceTime> distributions() {
        Duration ten = Duration.ofMillis(10);
        return List.of(
                ServiceTime.exponential(ten),
                ServiceTime.constant(ten),
                ServiceTime.normal(ten, Duration.ofMillis(1)),
                ServiceTime.either(Duration.ofMillis(2), Duration.ofMillis(82), 0.1),
                ServiceTime.boundedPareto(1.2, ten, Duration.ofSeconds(2)));
    }

    @ParameterizedTest
    @MethodSource("distributions")
    void meanIsTheOneAskedFor(ServiceTime time) {
        SplittableRandom random = new SplittableRandom(5);
        double mean = DoubleStream.generate(() -> time.draw(random))
                .limit(2_000_000)
                .average()
                .orElseThrow();
        assertEquals(10e6, time.meanNanos(), 1);
        assertEquals(10e6, mean, 0.15e6);
    }
}
