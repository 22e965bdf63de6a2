package io.lb4j.examples.demo;

/**
 * What one run came to on one endpoint.
 *
 * @param name the endpoint
 * @param calls how many calls ended there
 * @param share the part of all calls, 0 to 1
 * @param latencies of these calls
 * @param errors how many of these calls ended without a 200
 * @param attempts how often it was tried, retries of calls that ended elsewhere included
 * @param failedAttempts how many of these tries failed
 * @param ejections how often it was taken out of service
 */
public record EndpointSummary(
        String name,
        int calls,
        double share,
        Latencies latencies,
        int errors,
        long attempts,
        long failedAttempts,
        long ejections) {}
