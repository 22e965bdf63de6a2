package io.lb4j.simulation;

import io.lb4j.Lease;
import io.lb4j.Node;
import io.lb4j.RequestContext;
import org.jspecify.annotations.Nullable;

/** One attempt of a request on a server; as an event, the end of the server's work on it. */
final class Attempt implements Runnable, RequestContext {
    final Client client;
    /** When the request began, in its first attempt. */
    final long requested;

    final double demand;
    /** Uniform in [0, 1): the answer is an error if that is less than the server's error rate. */
    final double luck;
    /** The attempt that failed before this one. */
    final @Nullable Attempt previous;

    final long began;
    /** Whether the client would try again if it failed. */
    private final boolean replayable;
    /** The first attempt's server, for shares. */
    private int firstServer = -1;

    private @Nullable Server server;
    /** What the product gave for it. */
    @Nullable
    Lease lease;
    /** Whether the client has an outcome; the server may work on. */
    boolean settled;
    /** Whether the server answers with a failure. */
    boolean failed;
    /** Whether a worker of the server is on it. */
    boolean working;

    Attempt(Client client, long now, double demand, double luck, boolean replayable) {
        this.client = client;
        this.requested = now;
        this.began = now;
        this.demand = demand;
        this.luck = luck;
        this.replayable = replayable;
        this.previous = null;
    }

    private Attempt(Attempt previous, long now, double luck, boolean replayable) {
        this.client = previous.client;
        this.requested = previous.requested;
        this.began = now;
        this.demand = previous.demand;
        this.luck = luck;
        this.replayable = replayable;
        this.previous = previous;
        this.firstServer = previous.firstServer;
    }

    Attempt again(long now, double newLuck, boolean onceMore) {
        return new Attempt(this, now, newLuck, onceMore);
    }

    void sendTo(Server chosen) {
        server = chosen;
        firstServer = firstServer < 0 ? chosen.index() : firstServer;
    }

    Server server() {
        if (server == null) {
            throw new IllegalStateException("no server was chosen");
        }
        return server;
    }

    int firstServer() {
        return firstServer;
    }

    /** How many attempts there were before. */
    int earlier() {
        return previous == null ? 0 : previous.earlier() + 1;
    }

    boolean hasTried(int index) {
        for (Attempt each = previous; each != null; each = each.previous) {
            if (each.server().index() == index) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void run() {
        server().finish(this);
    }

    @Override
    public boolean hasExclusions() {
        return previous != null;
    }

    @Override
    public boolean excludes(Node node) {
        return hasTried(Fleet.indexOf(node.endpoint()));
    }

    @Override
    public boolean replayable() {
        return replayable;
    }
}
