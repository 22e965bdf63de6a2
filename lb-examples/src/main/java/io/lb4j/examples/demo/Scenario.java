package io.lb4j.examples.demo;

import java.time.Duration;

/**
 * What is simulated, the same for each algorithm.
 *
 * @param length how long the traffic lasts
 * @param callsPerSecond how many calls start per second on average, however long the earlier ones take
 * @param callers how many calls may run at once
 * @param workers how many requests each server works on at once; the others wait in line
 * @param slowness how many times longer the slow server takes
 * @param seed draws when calls start and how much work each is
 */
public record Scenario(Duration length, int callsPerSecond, int callers, int workers, double slowness, long seed) {

    /** Returns the scenario of the demo. */
    public static Scenario lasting(Duration length) {
        return new Scenario(length, 500, 64, 8, 5, 20_240_817);
    }

    /** Returns the same scenario with other lengths and draws. */
    Scenario with(Duration otherLength, long otherSeed) {
        return new Scenario(otherLength, callsPerSecond, callers, workers, slowness, otherSeed);
    }
}
