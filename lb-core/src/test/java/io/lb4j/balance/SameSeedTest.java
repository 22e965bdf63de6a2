package io.lb4j.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Balancer;
import io.lb4j.Cost;
import io.lb4j.Lease;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.Outcome;
import io.lb4j.RequestContext;
import io.lb4j.testkit.VirtualTime;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** With a source of randomness of one's own a run can be repeated, pick by pick; so everything random comes from there. */
class SameSeedTest {
    private static final int PICKS = 500;
    /** More than some algorithms look at one by one. */
    private static final int NODES = 150;

    /** All factories that take a source of randomness. */
    static Stream<Method> factories() {
        return Arrays.stream(Balancers.class.getMethods())
                .filter(method -> Arrays.asList(method.getParameterTypes()).contains(Supplier.class));
    }

    private static Balancer make(Method factory, long seed) throws ReflectiveOperationException {
        RandomGenerator random = new SplittableRandom(seed);
        Supplier<RandomGenerator> source = () -> random;
        Cost cost = (nodes, i, now) -> nodes.get(i).inFlight();
        Object[] arguments = Arrays.stream(factory.getParameterTypes())
                .map(type -> type == Supplier.class ? source : type == Cost.class ? cost : Duration.ofSeconds(10))
                .toArray();
        return (Balancer) factory.invoke(null, arguments);
    }

    /** Leases, some of which fail, and are closed some time later; with an update half-way. */
    private static List<String> trace(Balancer balancer) {
        VirtualTime time = new VirtualTime();
        NodeSet nodes = Nodes.of(
                time, IntStream.range(0, NODES).mapToDouble(i -> 1 + i % 3).toArray());
        Balancer prepared = balancer.prepare(nodes);
        ArrayDeque<Lease> open = new ArrayDeque<>();
        List<String> trace = new ArrayList<>();
        for (int i = 0; i < PICKS; i++) {
            Node picked = Objects.requireNonNull(prepared.pick(nodes, RequestContext.none(), time.nanoTime()));
            trace.add(picked.endpoint().host());
            open.add(picked.acquire());
            time.advance(Duration.ofMillis(1));
            if (open.size() > 5) {
                Lease over = open.remove();
                over.transferred(10, 100L * (i % 7));
                over.report(i % 11 == 0 ? Outcome.FAILURE : Outcome.SUCCESS);
                over.close();
            }
            if (i == PICKS / 2) {
                NodeSet all = nodes;
                nodes = nodes.filter(node -> node != all.get(0));
                prepared = prepared.prepare(nodes);
            }
        }
        open.forEach(Lease::close);
        return trace;
    }

    @ParameterizedTest
    @MethodSource("factories")
    void sameSeedGivesTheSamePicks(Method factory) throws ReflectiveOperationException {
        assertEquals(trace(make(factory, 1)), trace(make(factory, 1)));
    }

    @Test
    void anotherSeedGivesOtherPicks() throws ReflectiveOperationException {
        for (Method factory : factories().toList()) {
            List<String> first = trace(make(factory, 1));
            assertNotEquals(first, trace(make(factory, 2)), factory::toString);
        }
        assertTrue(factories().count() >= 13);
    }
}
