package io.lb4j.simulation;

import java.util.Arrays;

/** What the clients of one run have seen, request by request; times to the microsecond. */
public final class Recording {
    private static final int NO_SERVER = -1;
    private static final short FAILED_NOWHERE = Short.MIN_VALUE;

    private final Span measured;
    private int[] starts = new int[1 << 16];
    private int[] latencies = new int[1 << 16];
    /** The first attempt's server; negative, less one, if the request failed in the end. */
    private short[] servers = new short[1 << 16];

    private int size;
    private long events;

    Recording(Span measured) {
        this.measured = measured;
    }

    void add(long start, long latency, int server, boolean ok) {
        if (!measured.contains(start)) {
            return;
        }
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, size * 2);
            latencies = Arrays.copyOf(latencies, size * 2);
            servers = Arrays.copyOf(servers, size * 2);
        }
        starts[size] = (int) (start / 1000);
        latencies[size] = (int) (latency / 1000);
        servers[size++] = server == NO_SERVER ? FAILED_NOWHERE : (short) (ok ? server : -server - 1);
    }

    void events(long count) {
        events = count;
    }

    /**
     * Returns how many events the simulation took.
     *
     * @return a count
     */
    public long events() {
        return events;
    }

    /**
     * Returns the part that was recorded: without the warm-up.
     *
     * @return the span
     */
    public Span measured() {
        return measured;
    }

    /**
     * Returns figures of all requests.
     *
     * @return the figures
     */
    public Figures figures() {
        return figures(measured);
    }

    /**
     * Returns figures of the requests that began in a span.
     *
     * @param span the span
     * @return the figures
     */
    public Figures figures(Span span) {
        int[] good = new int[size];
        int count = 0;
        int successes = 0;
        for (int i = 0; i < size; i++) {
            if (span.contains(starts[i] * 1000L)) {
                count++;
                if (servers[i] >= 0) {
                    good[successes++] = latencies[i];
                }
            }
        }
        return Figures.of(count, Arrays.copyOf(good, successes));
    }

    /**
     * Returns which part of the requests that began in a span went to a server first.
     *
     * @param server the server
     * @param span the span
     * @return 0 to 1; 0 if there were no requests
     */
    public double share(int server, Span span) {
        int count = 0;
        int here = 0;
        for (int i = 0; i < size; i++) {
            if (span.contains(starts[i] * 1000L)) {
                count++;
                here += servers[i] == server || servers[i] == -server - 1 ? 1 : 0;
            }
        }
        return count == 0 ? 0 : (double) here / count;
    }

    /**
     * Returns which part of all requests succeeded within a time.
     *
     * @param latencyNanos the time
     * @return 0 to 1
     */
    public double within(long latencyNanos) {
        int good = 0;
        for (int i = 0; i < size; i++) {
            good += servers[i] >= 0 && latencies[i] <= latencyNanos / 1000 ? 1 : 0;
        }
        return size == 0 ? 0 : (double) good / size;
    }
}
