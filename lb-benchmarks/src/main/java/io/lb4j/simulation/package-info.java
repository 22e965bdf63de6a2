/** A discrete-event simulator: real load balancers, simulated servers and clients, virtual time. */
@NullMarked
package io.lb4j.simulation;

import org.jspecify.annotations.NullMarked;
