package io.servicetalk.loadbalancer;

import io.lb4j.peers.Cycles;
import io.lb4j.peers.Load;
import io.servicetalk.client.api.LoadBalancedConnection;
import io.servicetalk.concurrent.api.Completable;
import io.servicetalk.concurrent.api.Single;
import io.servicetalk.context.api.ContextMap;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * ServiceTalk's selectors over hosts with one connection each, whose score is a {@code DefaultRequestTracker}'s with
 * ServiceTalk's default settings. In their package, since selectors and hosts are not public.
 */
public final class Hosts {
    private final HostSelector<String, Connection> selector;
    /** Which host was selected last; confined to the one thread of the benchmark. */
    private @Nullable Connection selected;

    private final Connection[] open = new Connection[Cycles.OPEN];
    private final long[] starts = new long[Cycles.OPEN];
    private int next;

    private Hosts(double[] weights, boolean twoChoices) {
        List<Stub> all = IntStream.range(0, weights.length)
                .mapToObj(i -> new Stub(i, weights[i]))
                .toList();
        this.selector = twoChoices
                ? new P2CSelector<>(all, "peers", false, 5, false, null)
                : new RoundRobinSelector<>(all, "peers", false, false);
    }

    private static double[] weights(int endpoints, boolean weighted) {
        return IntStream.range(0, endpoints)
                .mapToDouble(i -> weighted ? Load.weight(i) : 1)
                .toArray();
    }

    /** P2C by score; {@code maxEffort} 5, its default. */
    public static Hosts twoChoices(int endpoints) {
        return new Hosts(weights(endpoints, false), true);
    }

    /** Round robin. */
    public static Hosts roundRobin(int endpoints, boolean weighted) {
        return new Hosts(weights(endpoints, weighted), false);
    }

    /** Selects; ServiceTalk's answer is a {@code Single}, which is not subscribed to. */
    public Object select() {
        return selector.selectConnection(Hosts::any, null, false);
    }

    private static boolean any(Connection connection) {
        return true;
    }

    /** Begins the requests that the first cycles end. */
    public void fill() {
        for (int i = 0; i < Cycles.OPEN; i++) {
            begin(i);
        }
    }

    /** The oldest request ends well, after this latency, and a new one begins. */
    public Object cycle(long latencyNanos) {
        int at = next++ & (Cycles.OPEN - 1);
        open[at].tracker.onRequestSuccess(starts[at] - latencyNanos);
        return begin(at);
    }

    private Object begin(int at) {
        Object answer = select();
        Connection connection = selected;
        if (connection == null) {
            throw new IllegalStateException("no host was selected");
        }
        open[at] = connection;
        starts[at] = connection.tracker.beforeRequestStart();
        return answer;
    }

    private static final class Tracker extends DefaultRequestTracker {
        Tracker() {
            super(10_000_000_000L, 5, 10, 1);
        }

        @Override
        long currentTimeNanos() {
            return System.nanoTime();
        }
    }

    /** The one connection of a host. */
    static final class Connection implements LoadBalancedConnection {
        final Tracker tracker = new Tracker();

        @Override
        public int score() {
            return tracker.score();
        }

        @Override
        public Result tryRequest() {
            return Result.Accepted;
        }

        @Override
        public void requestFinished() {}

        @Override
        public boolean tryReserve() {
            return true;
        }

        @Override
        public Completable releaseAsync() {
            return Completable.completed();
        }

        @Override
        public Completable onClose() {
            return Completable.never();
        }

        @Override
        public Completable closeAsync() {
            return Completable.completed();
        }
    }

    private final class Stub implements Host<String, Connection> {
        private final String address;
        private final double weight;
        private final Connection connection = new Connection();

        Stub(int number, double weight) {
            this.address = Load.host(number);
            this.weight = weight;
        }

        @Override
        public Connection pickConnection(Predicate<Connection> predicate, @Nullable ContextMap context) {
            selected = connection;
            return connection;
        }

        @Override
        public Single<Connection> newConnection(
                Predicate<Connection> predicate, boolean forceNew, @Nullable ContextMap context) {
            return Single.succeeded(connection);
        }

        @Override
        public String address() {
            return address;
        }

        @Override
        public boolean canMakeNewConnections() {
            return true;
        }

        @Override
        public boolean markActiveIfNotClosed() {
            return true;
        }

        @Override
        public boolean markExpired() {
            return false;
        }

        @Override
        public boolean isHealthy() {
            return true;
        }

        @Override
        public double weight() {
            return weight;
        }

        @Override
        public int score() {
            return connection.score();
        }

        @Override
        public Completable onClose() {
            return Completable.never();
        }

        @Override
        public Completable closeAsync() {
            return Completable.completed();
        }
    }
}
