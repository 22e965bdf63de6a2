package io.lb4j.examples.demo;

import java.util.Collection;
import java.util.List;

/**
 * What one run came to.
 *
 * @param algorithm how calls were distributed
 * @param calls how many calls were made
 * @param latencies of all calls
 * @param errors how many calls ended without a 200
 * @param attempts how many requests that took, retries included
 * @param failedAttempts how many of these failed
 * @param endpoints the same for each endpoint
 * @param ports where the servers listened
 */
public record RunSummary(
        String algorithm,
        int calls,
        Latencies latencies,
        int errors,
        long attempts,
        long failedAttempts,
        List<EndpointSummary> endpoints,
        List<Integer> ports) {

    static RunSummary of(String algorithm, Collection<CallResult> calls, Observer observer, List<Integer> ports) {
        List<EndpointSummary> endpoints = Cluster.NAMES.stream()
                .map(name -> endpoint(name, calls, observer.counts(name)))
                .toList();
        return new RunSummary(
                algorithm,
                calls.size(),
                Latencies.of(calls),
                errors(calls),
                endpoints.stream().mapToLong(EndpointSummary::attempts).sum(),
                endpoints.stream().mapToLong(EndpointSummary::failedAttempts).sum(),
                endpoints,
                ports);
    }

    private static EndpointSummary endpoint(String name, Collection<CallResult> calls, Observer.Counts counts) {
        List<CallResult> here =
                calls.stream().filter(call -> call.endpoint().equals(name)).toList();
        return new EndpointSummary(
                name,
                here.size(),
                calls.isEmpty() ? 0 : (double) here.size() / calls.size(),
                Latencies.of(here),
                errors(here),
                counts.attempts().sum(),
                counts.failedAttempts().sum(),
                counts.ejections().sum());
    }

    private static int errors(Collection<CallResult> calls) {
        return (int) calls.stream().filter(call -> !call.good()).count();
    }

    /** Returns what the run came to on one of the endpoints. */
    public EndpointSummary endpoint(String name) {
        return endpoints.stream()
                .filter(endpoint -> endpoint.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
