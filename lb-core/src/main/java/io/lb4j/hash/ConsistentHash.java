package io.lb4j.hash;

import io.lb4j.Balancer;
import io.lb4j.Endpoint;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Algorithms that send requests with the same key to the same node, and move few keys when nodes come or go.
 *
 * <p>All have this in common:
 *
 * <ul>
 *   <li>The key is {@link RequestContext#key()}, or {@link RequestContext#hashKey()} if a context has only that (then 0
 *       means none). A
 *       request without either goes where a random key would, or to the balancer given as {@code withoutKey}.
 *   <li>A key whose node is excluded (or was ejected a moment ago) goes to its own next owner, the same in every client.
 *   <li>Nodes are known by the ids of their endpoints; the order of the list plays no part. A weight of 0 means no keys.
 *   <li>A pick allocates nothing (for {@link #ketama} and {@link #nginxHash}: if the key is ASCII) and never locks. The
 *       balancers are immutable, so thread-safe, and may serve several LoadBalancers.
 * </ul>
 *
 * <p>With no other reason to choose, choose {@link #maglev()}, and put {@link #bounded(Balancer)} around it if some keys
 * are far more in demand than others.
 */
public final class ConsistentHash {
    private static final int MAGLEV_SIZE = 65_537;
    private static final int MOST_MAGLEV_SIZE = 5_000_011;
    private static final int MIN_RING_SIZE = 1024;
    private static final int MOST_RING_SIZE = 8_388_608;
    private static final double BOUND = 1.25;

    private ConsistentHash() {}

    /**
     * Returns Maglev hashing with a table of 65537 slots.
     *
     * @return the balancer
     * @see #maglev(int)
     */
    public static Balancer maglev() {
        return maglev(MAGLEV_SIZE);
    }

    /**
     * Returns Maglev hashing (Eisenbud et al., NSDI 2016), with the tables, weights and next attempts of Envoy.
     *
     * <p>The most even of all; a pick is one look into a table. A node that comes or goes moves its own keys and, of
     * the others, less than 1 % (figures in the documentation). Slow start and ejections move only keys of the node
     * concerned: the table stays, and keys that the node does not take go to their next slot.
     *
     * @param tableSize a prime from 3 to 5000011, at least 100 times the number of nodes; 65537 takes 256 KB
     * @return the balancer
     */
    public static Balancer maglev(int tableSize) {
        return new Maglev(primeTableSize(tableSize), null);
    }

    /**
     * Returns {@link #maglev(int)} with another balancer for requests without a key.
     *
     * @param tableSize a prime from 3 to 5000011
     * @param withoutKey serves requests without a key
     * @return the balancer
     */
    public static Balancer maglev(int tableSize, Balancer withoutKey) {
        return new Maglev(primeTableSize(tableSize), present(withoutKey));
    }

    /**
     * Returns the ring of Envoy and gRPC with 1024 to 8388608 points, the defaults of Envoy.
     *
     * @return the balancer
     * @see #ringHash(int, int)
     */
    public static Balancer ringHash() {
        return ringHash(MIN_RING_SIZE, MOST_RING_SIZE);
    }

    /**
     * Returns the ring of Envoy's {@code ring_hash} and gRPC's {@code ring_hash_experimental} (gRFC A42): a Java client
     * and an Envoy with the same settings agree on the owner of a key.
     *
     * <p>The number of points of each node depends on the weights of all, so a node that comes or goes moves a few keys
     * between others. With unequal weights the number may differ by one from an Envoy that lists its hosts in another
     * order than that of their ids.
     *
     * @param minRingSize the least number of points in all, 1 to 8388608
     * @param maxRingSize the highest number of points in all, {@code minRingSize} to 8388608; gRPC has 4096
     * @return the balancer
     */
    public static Balancer ringHash(int minRingSize, int maxRingSize) {
        return new RingBalancer(envoyPoints(minRingSize, maxRingSize), null);
    }

    /**
     * Returns {@link #ringHash(int, int)} with another balancer for requests without a key.
     *
     * @param minRingSize 1 to 8388608
     * @param maxRingSize {@code minRingSize} to 8388608
     * @param withoutKey serves requests without a key
     * @return the balancer
     */
    public static Balancer ringHash(int minRingSize, int maxRingSize, Balancer withoutKey) {
        return new RingBalancer(envoyPoints(minRingSize, maxRingSize), present(withoutKey));
    }

    /**
     * Returns ketama as spymemcached and libketama have it: 160 points for each unit of weight, by MD5.
     *
     * @return the balancer
     * @see #ketama(Ketama)
     */
    public static Balancer ketama() {
        return ketama(Ketama.fixed());
    }

    /**
     * Returns ketama (Richard Jones, last.fm 2007) with chosen names and numbers of points.
     *
     * <p>To share a set of nodes with clients that use it, above all of memcached. {@link RequestContext#key()} is
     * hashed with MD5.
     *
     * @param points which points a node has
     * @return the balancer
     */
    public static Balancer ketama(Ketama points) {
        return new RingBalancer(ketamaPoints(points), null);
    }

    /**
     * Returns {@link #ketama(Ketama)} with another balancer for requests without a key.
     *
     * @param points which points a node has
     * @param withoutKey serves requests without a key
     * @return the balancer
     */
    public static Balancer ketama(Ketama points, Balancer withoutKey) {
        return new RingBalancer(ketamaPoints(points), present(withoutKey));
    }

    /**
     * Returns the ring of NGINX's {@code hash <key> consistent}: 160 points for each unit of weight, by CRC-32 of host
     * and port.
     *
     * <p>To agree with an NGINX whose {@code server} lines name the same hosts and ports. {@link RequestContext#key()}
     * is hashed with CRC-32. Whole numbers are the same weights there; others are rounded to whole points.
     *
     * @return the balancer
     */
    public static Balancer nginxHash() {
        return new RingBalancer(NginxPoints.INSTANCE, null);
    }

    /**
     * Returns {@link #nginxHash()} with another balancer for requests without a key.
     *
     * @param withoutKey serves requests without a key
     * @return the balancer
     */
    public static Balancer nginxHash(Balancer withoutKey) {
        return new RingBalancer(NginxPoints.INSTANCE, present(withoutKey));
    }

    /**
     * Returns rendezvous hashing, also called highest random weight (Thaler, Ravishankar 1998; weights by Schindelhauer,
     * Schomaker 2005).
     *
     * <p>Exact: parts are in proportion to the weights, slow start included, and a node that comes or goes moves no keys
     * but its own. Has no table, and a pick looks at every node.
     *
     * @return the balancer
     * @see #choices
     */
    public static Balancer rendezvous() {
        return new Rendezvous(null);
    }

    /**
     * Returns {@link #rendezvous()} with another balancer for requests without a key.
     *
     * @param withoutKey serves requests without a key
     * @return the balancer
     */
    public static Balancer rendezvous(Balancer withoutKey) {
        return new Rendezvous(present(withoutKey));
    }

    /**
     * Lists the first choices of a key by {@link #rendezvous()}, for instance to keep copies on several nodes.
     *
     * @param nodes the nodes to choose from; those of weight 0 are left out
     * @param hashKey the hash of the key, see {@link RequestContext#hashKey()}
     * @param count how many to list, at least 0
     * @return at most {@code count} different nodes, the owner first; unmodifiable
     */
    public static List<Node> choices(NodeSet nodes, long hashKey, int count) {
        if (count < 0) {
            throw new IllegalArgumentException("count: " + count + " (expected: >= 0)");
        }
        return Rendezvous.list(nodes, hashKey, count);
    }

    /**
     * Returns jump hashing for shards numbered by the attribute {@code shard}.
     *
     * @return the balancer
     * @see #jump(Function)
     */
    public static Balancer jump() {
        return jump(ConsistentHash::shardAttribute);
    }

    /**
     * Returns jump consistent hashing (Lamping, Veach 2014), with the buckets of Guava's {@code consistentHash}.
     *
     * <p>For shards with numbers from 0 on, without gaps, of which only the last is ever added or removed: that moves
     * exactly the keys it must. Any other change of the numbers moves most keys. Weights play no part, but 0 means no
     * keys. Several endpoints with the same number share its keys by rendezvous; a number without an endpoint that may
     * be picked gives its keys to other shards.
     *
     * <p>An endpoint without a number gets no keys, unless none has a number: then the numbers are the places in the
     * order of ids, shorter ids first, so that {@code db-10} comes after {@code db-9}. That is right only for a list
     * that grows and shrinks at its end.
     *
     * @param shard gives the number of an endpoint, 0 to 65535; null = it has none
     * @return the balancer
     */
    public static Balancer jump(Function<Endpoint, @Nullable Integer> shard) {
        return new Jump(numbering(shard), null);
    }

    /**
     * Returns {@link #jump(Function)} with another balancer for requests without a key.
     *
     * @param shard gives the number of an endpoint, 0 to 65535; null = it has none
     * @param withoutKey serves requests without a key
     * @return the balancer
     */
    public static Balancer jump(Function<Endpoint, @Nullable Integer> shard, Balancer withoutKey) {
        return new Jump(numbering(shard), present(withoutKey));
    }

    /**
     * Returns a bound of 1.25 around another balancer.
     *
     * @param base chooses while there is room
     * @return the balancer
     * @see #bounded(Balancer, double)
     */
    public static Balancer bounded(Balancer base) {
        return bounded(base, BOUND);
    }

    /**
     * Returns a bound on the load of each node around another balancer (Mirrokni, Thorup, Zadimoghaddam, SODA 2018).
     *
     * <p>A node takes a request if it then has no more in flight than {@code factor} times its part, by weight, of all
     * requests in flight, rounded up; otherwise the request goes to the next choice of its key by {@link #rendezvous}.
     * In one thread the bound holds exactly; with more, each thread but one may exceed it by one. (Only
     * {@link Endpoint#maxInFlight} holds always.) The requests counted are those of this client. Excluded nodes are left
     * out of the account. A pick looks at every node, unless the first choice is idle.
     *
     * @param base chooses while there is room, usually a balancer of this class
     * @param factor at least 1: 1 = all the same, 1.25 = usual, 2 = keys stay together longer
     * @return the balancer
     */
    public static Balancer bounded(Balancer base, double factor) {
        if (!(factor >= 1) || Double.isInfinite(factor)) {
            throw new IllegalArgumentException("factor: " + factor + " (expected: >= 1 and finite, for instance 1.25)");
        }
        return new Bounded(Objects.requireNonNull(base, "base: null (expected: a balancer)"), factor);
    }

    private static Balancer present(Balancer withoutKey) {
        return Objects.requireNonNull(withoutKey, "withoutKey: null (expected: a balancer, or leave it out)");
    }

    private static int primeTableSize(int size) {
        if (size < 3 || size > MOST_MAGLEV_SIZE || !isPrime(size)) {
            throw new IllegalArgumentException("tableSize: " + size + " (expected: a prime from 3 to "
                    + MOST_MAGLEV_SIZE + ", for instance " + MAGLEV_SIZE + ")");
        }
        return size;
    }

    private static boolean isPrime(int number) {
        for (int divisor = 2; divisor * divisor <= number; divisor++) {
            if (number % divisor == 0) {
                return false;
            }
        }
        return true;
    }

    private static EnvoyPoints envoyPoints(int least, int most) {
        inRange("minRingSize", least, 1);
        inRange("maxRingSize", most, least);
        return new EnvoyPoints(least, most);
    }

    private static void inRange(String name, int value, int least) {
        if (value < least || value > MOST_RING_SIZE) {
            throw new IllegalArgumentException(
                    name + ": " + value + " (expected: " + least + " to " + MOST_RING_SIZE + ")");
        }
    }

    private static KetamaPoints ketamaPoints(Ketama points) {
        return new KetamaPoints(
                Objects.requireNonNull(points, "points: null (expected: Ketama.fixed(), for instance)"));
    }

    private static Function<Endpoint, @Nullable Integer> numbering(Function<Endpoint, @Nullable Integer> shard) {
        return Objects.requireNonNull(shard, "shard: null (expected: a function, or leave it out)");
    }

    private static @Nullable Integer shardAttribute(Endpoint endpoint) {
        String text = endpoint.attributes().get("shard");
        if (text == null) {
            return null;
        }
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException e) {
            return -1; // refused, with a warning, as a number that is out of range
        }
    }
}
