package io.lb4j.simulation;

import io.lb4j.Outcome;

/** One instance of an application, as the simulator drives it: it chooses a server for each attempt. */
interface Client extends AutoCloseable {
    /** Chooses a server and sends the attempt there; false if there is none to choose. */
    boolean begin(Attempt attempt);

    /** Learns how an attempt went. */
    void end(Attempt attempt, Outcome outcome);

    @Override
    void close();
}
