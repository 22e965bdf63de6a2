package io.lb4j.simulation;

import io.lb4j.LoadReport;
import io.lb4j.Outcome;
import org.jspecify.annotations.Nullable;

/** A model of a selection policy that is not the product's; servers are numbers, times are the client's clock. */
public interface PolicyModel {
    /**
     * Takes the list of servers, at the start and after each change.
     *
     * @param servers all of them, ascending
     */
    void members(int[] servers);

    /**
     * Chooses a server.
     *
     * @param now the time
     * @return the server, -1 if there is none
     */
    int choose(long now);

    /**
     * Learns that a request goes to a server.
     *
     * @param server the server
     * @param now the time
     */
    default void sent(int server, long now) {}

    /**
     * Learns how a request went.
     *
     * @param server the server
     * @param now the time
     * @param latencyNanos how long it took
     * @param outcome how it went
     * @param report what the server says of its load; null unless the policy {@linkplain Policy#needsFeedback() needs}
     *     that and there was an answer
     */
    default void ended(int server, long now, long latencyNanos, Outcome outcome, @Nullable LoadReport report) {}
}
