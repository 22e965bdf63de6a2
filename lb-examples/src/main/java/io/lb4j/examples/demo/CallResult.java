package io.lb4j.examples.demo;

/**
 * How one call went, as its caller saw it.
 *
 * @param endpoint the endpoint of the last attempt; empty if there was none
 * @param latencyNanos from when the call was to start to the end of the body, all attempts and waits included
 * @param good whether the answer was a 200
 */
record CallResult(String endpoint, long latencyNanos, boolean good) {}
