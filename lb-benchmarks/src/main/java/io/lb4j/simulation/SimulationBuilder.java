package io.lb4j.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Describes a {@link Simulation}; everything has a default. Not thread-safe. */
public final class SimulationBuilder {
    final int servers;
    final Map<Integer, Integer> workersOf = new HashMap<>();
    final Map<Integer, List<Fault>> faults = new HashMap<>();
    final Map<Integer, Long> joins = new HashMap<>();
    final Map<Integer, Long> leaves = new HashMap<>();
    final List<Function<RandomGenerator, Fault>> everywhere = new ArrayList<>();
    int workers = 4;
    int clients = 10;
    ServiceTime serviceTime = ServiceTime.exponential(Duration.ofMillis(10));
    double requestsPerSecond;
    double load = 0.8;
    int burst = 1;
    int retries;
    long networkNanos = 250_000;
    long timeoutNanos = 2_000_000_000L;
    long warmUpNanos = 5_000_000_000L;
    long measuredNanos = 60_000_000_000L;

    SimulationBuilder(int servers) {
        this.servers = atLeast("servers", servers, 1);
        if (servers > 30_000) {
            throw new IllegalArgumentException("servers: " + servers + " (expected: at most 30000)");
        }
    }

    SimulationBuilder(SimulationBuilder from) {
        this(from.servers);
        workersOf.putAll(from.workersOf);
        from.faults.forEach((server, list) -> faults.put(server, List.copyOf(list)));
        joins.putAll(from.joins);
        leaves.putAll(from.leaves);
        everywhere.addAll(from.everywhere);
        workers = from.workers;
        clients = from.clients;
        serviceTime = from.serviceTime;
        requestsPerSecond = from.requestsPerSecond > 0 ? from.requestsPerSecond : from.rateOfLoad();
        burst = from.burst;
        retries = from.retries;
        networkNanos = from.networkNanos;
        timeoutNanos = from.timeoutNanos;
        warmUpNanos = from.warmUpNanos;
        measuredNanos = from.measuredNanos;
    }

    /** The load refers to the servers that are there from the start. */
    private double rateOfLoad() {
        int total = 0;
        for (int i = 0; i < servers; i++) {
            total += joins.containsKey(i) ? 0 : workersOf.getOrDefault(i, workers);
        }
        return load * total / serviceTime.meanNanos() * 1e9;
    }

    /**
     * Sets how many requests each server works on at once.
     *
     * @param count at least 1; 4 by default
     * @return this
     */
    public SimulationBuilder workers(int count) {
        workers = atLeast("workers", count, 1);
        return this;
    }

    /**
     * Sets how many requests one server works on at once.
     *
     * @param server the server, from 0
     * @param count at least 1
     * @return this
     */
    public SimulationBuilder workers(int server, int count) {
        workersOf.put(checkedServer(server), atLeast("workers", count, 1));
        return this;
    }

    /**
     * Sets how many clients there are; each has a load balancer of its own.
     *
     * @param count at least 1; 10 by default
     * @return this
     */
    public SimulationBuilder clients(int count) {
        clients = atLeast("clients", count, 1);
        return this;
    }

    /**
     * Sets how long requests take.
     *
     * @param distribution exponential with a mean of 10 ms by default
     * @return this
     */
    public SimulationBuilder serviceTime(ServiceTime distribution) {
        serviceTime = distribution;
        return this;
    }

    /**
     * Sets how many requests come, as a part of what the servers that are there from the start can do when they are well.
     *
     * @param part more than 0; 0.8 by default
     * @return this
     */
    public SimulationBuilder load(double part) {
        load = positive("load", part);
        requestsPerSecond = 0;
        return this;
    }

    /**
     * Sets how many requests come, in a Poisson stream, each to a random client.
     *
     * @param rate requests per second, more than 0
     * @return this
     */
    public SimulationBuilder requestsPerSecond(double rate) {
        requestsPerSecond = positive("requestsPerSecond", rate);
        return this;
    }

    /**
     * Lets requests come so many at a time.
     *
     * @param size at least 1; 1 by default
     * @return this
     */
    public SimulationBuilder bursts(int size) {
        burst = atLeast("bursts", size, 1);
        return this;
    }

    /**
     * Lets a request that failed be tried on another server.
     *
     * @param most how often, at least 0; 0 by default
     * @return this
     */
    public SimulationBuilder retries(int most) {
        retries = atLeast("retries", most, 0);
        return this;
    }

    /**
     * Sets how long a message takes between client and server.
     *
     * @param oneWay one way; 0.25 ms by default
     * @return this
     */
    public SimulationBuilder network(Duration oneWay) {
        networkNanos = oneWay.toNanos();
        return this;
    }

    /**
     * Sets after what time a client gives an attempt up; the server works on.
     *
     * @param limit 2 s by default
     * @return this
     */
    public SimulationBuilder timeout(Duration limit) {
        timeoutNanos = limit.toNanos();
        return this;
    }

    /**
     * Sets how long it runs.
     *
     * @param warmUp before anything is recorded; 5 s by default
     * @param measured after that; 60 s by default
     * @return this
     */
    public SimulationBuilder duration(Duration warmUp, Duration measured) {
        if (warmUp.plus(measured).toSeconds() > 2_000) {
            throw new IllegalArgumentException("duration: more than 2000 s");
        }
        warmUpNanos = warmUp.toNanos();
        measuredNanos = measured.toNanos();
        return this;
    }

    /**
     * Gives a server a fault; a server may have several.
     *
     * @param server the server, from 0
     * @param fault the fault
     * @return this
     */
    public SimulationBuilder fault(int server, Fault fault) {
        List<Fault> all = new ArrayList<>(faults.getOrDefault(checkedServer(server), List.of()));
        all.add(fault);
        faults.put(server, all);
        return this;
    }

    /**
     * Gives every server a fault.
     *
     * @param source makes a server's fault with randomness of the server's own
     * @return this
     */
    public SimulationBuilder faultEverywhere(Function<RandomGenerator, Fault> source) {
        everywhere.add(source);
        return this;
    }

    /**
     * Lets a server join later.
     *
     * @param server the server, from 0
     * @param at when clients learn of it, since the start
     * @return this
     */
    public SimulationBuilder joins(int server, Duration at) {
        joins.put(checkedServer(server), at.toNanos());
        return this;
    }

    /**
     * Lets a server leave: clients forget it, and it still answers what it has.
     *
     * @param server the server, from 0
     * @param at when clients learn of it, since the start
     * @return this
     */
    public SimulationBuilder leaves(int server, Duration at) {
        leaves.put(checkedServer(server), at.toNanos());
        return this;
    }

    /**
     * Returns the simulation.
     *
     * @return a new simulation; later changes of the builder do not reach it
     */
    public Simulation build() {
        return new Simulation(new SimulationBuilder(this));
    }

    private int checkedServer(int server) {
        if (server < 0 || server >= servers) {
            throw new IllegalArgumentException("server: " + server + " (expected: 0 to " + (servers - 1) + ")");
        }
        return server;
    }

    private static int atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
        }
        return value;
    }

    private static double positive(String name, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
        return value;
    }
}
