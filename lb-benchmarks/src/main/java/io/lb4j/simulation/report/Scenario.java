package io.lb4j.simulation.report;

import io.lb4j.simulation.Simulation;
import io.lb4j.simulation.Span;

/**
 * A simulation with a name, and where to look in it.
 *
 * @param id short, for instance S1
 * @param title what is special
 * @param simulation what is run
 * @param bad the server to watch
 * @param window when the fault lasts; all that is recorded if there is no such time
 * @param after when recovery is looked at; empty if there is nothing to recover from
 * @param judged what counts here
 */
public record Scenario(
        String id, String title, Simulation simulation, int bad, Span window, Span after, Judged judged) {
    /** What a scenario is about. */
    public enum Judged {
        /** The tail of latency in the window. */
        LATENCY,
        /** How many requests succeed in the window. */
        SUCCESS,
        /** How many requests are answered within a second. */
        IN_TIME
    }

    /** Whether there is a fault that begins and ends. */
    boolean hasWindow() {
        return !window.equals(simulation.measured());
    }

    @Override
    public String toString() {
        return id + " " + title;
    }
}
