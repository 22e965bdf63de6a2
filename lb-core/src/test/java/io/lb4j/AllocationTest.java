package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.lb4j.balance.Balancers;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bytes per operation, counted by the JVM for this thread. */
@Tag("allocation")
class AllocationTest {
    private static final int OPERATIONS = 50_000;
    private static final int WARM_UPS = 3;

    private static double bytesPer(int operations, Runnable work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        for (int i = 0; i < WARM_UPS; i++) {
            work.run();
        }
        long before = threads.getThreadAllocatedBytes(thread);
        work.run();
        return (threads.getThreadAllocatedBytes(thread) - before) / (double) operations;
    }

    private static NodeSet nodes(int count) {
        return NodeSet.of(
                Ticker.system(),
                IntStream.range(0, count)
                        .mapToObj(i -> Endpoint.of("node-" + i, 80).withWeight(1 + i % 3))
                        .toArray(Endpoint[]::new));
    }

    @Test
    void countingBytesWorks() {
        List<Object> kept = new ArrayList<>(Collections.nCopies(OPERATIONS, null));
        double bytes = bytesPer(OPERATIONS, () -> kept.replaceAll(old -> new long[4]));
        assertEquals(48, bytes, 0.5);
    }

    @Test
    void leaseTakesThirtyTwoBytesFromAcquireToClose() {
        Node node = nodes(1).get(0);
        Lease[] open = new Lease[16];
        double bytes = bytesPer(OPERATIONS, () -> {
            for (int i = 0; i < OPERATIONS; i++) {
                Lease before = open[i % open.length];
                if (before != null) {
                    before.report(i % 7 == 0 ? Outcome.FAILURE : Outcome.SUCCESS);
                    before.transferred(10, 1_000);
                    before.close();
                }
                open[i % open.length] = node.acquire();
            }
        });
        assertTrue(bytes <= 32.5, bytes + " bytes per lease");
    }

    @Test
    void pickOfEachAlgorithmTakesNothing() {
        NodeSet nodes = nodes(100);
        for (Balancer balancer : List.of(
                Balancers.roundRobin(),
                Balancers.random(),
                Balancers.leastRequests(),
                Balancers.powerOfTwoChoices(),
                Balancers.leastResponseTime())) {
            Balancer prepared = balancer.prepare(nodes);
            double bytes = bytesPer(OPERATIONS, () -> {
                for (int i = 0; i < OPERATIONS; i++) {
                    Objects.requireNonNull(prepared.pick(nodes, RequestContext.none(), i * 1_000L));
                }
            });
            assertTrue(bytes < 0.5, bytes + " bytes per pick of " + balancer);
        }
    }

    @Test
    void idleNodeTakesHalfAKilobyte() {
        Pool pool = Pool.detached(Ticker.system());
        HealthTracker tracker = HealthTracker.consecutiveFailures();
        Endpoint endpoint = Endpoint.of("a", 80);
        int count = 20_000;
        Object[] kept = new Object[2 * count];
        double bytes = bytesPer(count, () -> {
            for (int i = 0; i < count; i++) {
                Node node = Node.create(pool, endpoint);
                kept[2 * i] = node;
                kept[2 * i + 1] = tracker.track(node);
            }
        });
        assertTrue(bytes <= 512, bytes + " bytes per node");
        assertTrue(bytes > 100, "not counted: " + bytes);
    }

    @Test
    void hashOfAsciiTextTakesNothing() {
        String text = "a-session-id-of-some-length-0123456789";
        long[] sum = new long[1];
        double bytes = bytesPer(OPERATIONS, () -> {
            for (int i = 0; i < OPERATIONS; i++) {
                sum[0] += HashKey.of(text, i);
            }
        });
        assertTrue(bytes < 0.5, bytes + " bytes per hash " + sum[0]);
    }
}
