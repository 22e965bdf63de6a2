package io.lb4j;

/**
 * What a server says of its own load, as of the moment it was received.
 *
 * <p>Sources: ORCA ({@code endpoint-load-metrics}), heartbeats of Apache {@code mod_heartbeat}, agent checks. What a
 * source does not tell is 0, slots are -1.
 *
 * @param applicationUtilization the application's own measure, 0 to 1 and above when overloaded; 0 if not told
 * @param cpuUtilization CPU in use, 0 to 1 and above; 0 if not told
 * @param requestsPerSecond rate of requests from all clients; 0 if not told
 * @param errorsPerSecond rate of failed requests from all clients; 0 if not told
 * @param readySlots requests the server could take at once; -1 if not told
 * @param busySlots requests the server is working on; -1 if not told
 * @param receivedNanos when it was received, by the ticker of the LoadBalancer
 */
public record LoadReport(
        double applicationUtilization,
        double cpuUtilization,
        double requestsPerSecond,
        double errorsPerSecond,
        int readySlots,
        int busySlots,
        long receivedNanos) {

    /** Checks the ranges. */
    public LoadReport {
        Checks.notNegative("applicationUtilization", applicationUtilization);
        Checks.notNegative("cpuUtilization", cpuUtilization);
        Checks.notNegative("requestsPerSecond", requestsPerSecond);
        Checks.notNegative("errorsPerSecond", errorsPerSecond);
        Checks.range("readySlots", readySlots, -1, Integer.MAX_VALUE);
        Checks.range("busySlots", busySlots, -1, Integer.MAX_VALUE);
    }

    /**
     * Returns a report of free and busy request slots.
     *
     * @param ready requests the server could take at once, at least 0
     * @param busy requests the server is working on, at least 0
     * @param receivedNanos when it was received
     * @return the report
     */
    public static LoadReport ofSlots(int ready, int busy, long receivedNanos) {
        return new LoadReport(0, 0, 0, 0, ready, busy, receivedNanos);
    }

    /**
     * Returns a report of utilization and rates.
     *
     * @param utilization the application's own measure, at least 0
     * @param requestsPerSecond rate of requests from all clients, at least 0
     * @param errorsPerSecond rate of failed requests from all clients, at least 0
     * @param receivedNanos when it was received
     * @return the report
     */
    public static LoadReport ofUtilization(
            double utilization, double requestsPerSecond, double errorsPerSecond, long receivedNanos) {
        return new LoadReport(utilization, 0, requestsPerSecond, errorsPerSecond, -1, -1, receivedNanos);
    }

    /**
     * Returns the application's utilization if it was told, else that of the CPU.
     *
     * @return the utilization, 0 if neither was told
     */
    public double utilization() {
        return applicationUtilization > 0 ? applicationUtilization : cpuUtilization;
    }
}
