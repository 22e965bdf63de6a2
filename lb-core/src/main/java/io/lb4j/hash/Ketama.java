package io.lb4j.hash;

import io.lb4j.Endpoint;
import java.util.Objects;

/**
 * Which points a node has on a ketama ring: what they are called and how many there are. Immutable, thread-safe.
 *
 * <p>Clients agree on the owner of a key if they agree on both. With the default - every endpoint of weight 1 has 160
 * points called {@code id-0} to {@code id-39}, four to a name - they agree with spymemcached and libketama.
 */
public final class Ketama {
    /** Names a point; four points come from one name. */
    @FunctionalInterface
    public interface PointName {
        /** {@code id-i}: spymemcached and libketama, where the id is {@code host:port}. */
        PointName ID = (endpoint, i) -> endpoint.id() + "-" + i;

        /** {@code host:port-i}, but {@code host-i} if the port is 11211: libmemcached. */
        PointName LIBMEMCACHED = (endpoint, i) -> endpoint.port() == 11211
                ? endpoint.host() + "-" + i
                : endpoint.host() + ":" + endpoint.port() + "-" + i;

        /**
         * Returns a name.
         *
         * @param endpoint whose point it is
         * @param i 0 to the number of names of the endpoint - 1
         * @return the name, always the same for the same endpoint, different for all others
         */
        String of(Endpoint endpoint, int i);
    }

    private final PointName pointName;
    private final boolean rescaled;

    private Ketama(PointName pointName, boolean rescaled) {
        this.pointName = pointName;
        this.rescaled = rescaled;
    }

    /**
     * Returns the default: 160 points for a weight of 1, 320 for 2, at least 4, whatever other nodes there are.
     *
     * <p>So a change of one node moves no keys between others. If that makes more than 8388608 points in all, all are
     * divided by the smallest power of two that helps.
     *
     * @return points that depend on the node alone, named by {@link PointName#ID}
     */
    public static Ketama fixed() {
        return new Ketama(PointName.ID, false);
    }

    /**
     * Returns the weights of libketama: each of n nodes has its part of 160 n points, rounded down to a multiple of 4.
     *
     * <p>A change of one node changes the points of all, and so moves a few keys between others; a very small weight
     * may mean no points. If all weights are the same, this differs from {@link #fixed()} at most by rounding.
     *
     * @return points that depend on the weights of all nodes, named by {@link PointName#ID}
     */
    public static Ketama libketama() {
        return new Ketama(PointName.ID, true);
    }

    /**
     * Returns the same number of points under other names.
     *
     * @param name names the points
     * @return a copy
     */
    public Ketama withPointName(PointName name) {
        return new Ketama(Objects.requireNonNull(name, "name: null (expected: a value)"), rescaled);
    }

    PointName pointName() {
        return pointName;
    }

    boolean isRescaled() {
        return rescaled;
    }
}
