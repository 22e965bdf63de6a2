package io.lb4j.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lb4j.Balancer;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import io.lb4j.testkit.VirtualTime;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A virtual thread per request: each thread picks once, so a place of its own per thread would be no cycle at all. */
@Tag("storm")
class VirtualThreadsTest {
    private static final int THREADS = 30_000;
    private static final int PLACES = 10;

    /** One pick more or less per cycle: the shared one, and as many as threads are spread over. */
    private static final int MOST_CYCLES =
            1 + Math.min(64, 4 * Runtime.getRuntime().availableProcessors());

    @BeforeEach
    void needsVirtualThreads() {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads came with JDK 21");
    }

    private static int spread(IntSupplier pick) throws Exception {
        Method newVirtual = Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
        ExecutorService virtual = (ExecutorService) Objects.requireNonNull(newVirtual.invoke(null));
        AtomicIntegerArray counts = new AtomicIntegerArray(PLACES);
        try {
            List<Future<?>> requests = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                requests.add(virtual.submit(() -> counts.incrementAndGet(pick.getAsInt())));
            }
            for (Future<?> request : requests) {
                request.get();
            }
        } finally {
            virtual.shutdown();
        }
        int[] sorted = IntStream.range(0, PLACES).map(counts::get).sorted().toArray();
        assertEquals(THREADS, IntStream.of(sorted).sum());
        System.out.printf(
                "virtual threads: %d picks of %d nodes, %d to %d each%n",
                THREADS, PLACES, sorted[0], sorted[PLACES - 1]);
        return sorted[PLACES - 1] - sorted[0];
    }

    @Test
    void roundRobinIsEven() throws Exception {
        NodeSet nodes = Nodes.equal(new VirtualTime(), PLACES);
        Balancer prepared = Balancers.roundRobin().prepare(nodes);
        int spread = spread(
                () -> Nodes.indexOf(nodes, Objects.requireNonNull(prepared.pick(nodes, RequestContext.none(), 0))));
        assertTrue(spread <= MOST_CYCLES, () -> "spread " + spread);
    }

    @Test
    void roundRobinIsEvenAfterThreadsHaveCollided() throws Exception {
        Cursor cursor = new Cursor(Integer.MAX_VALUE);
        cursor.split();
        int spread = spread(() -> cursor.next(PLACES));
        assertTrue(spread <= MOST_CYCLES, () -> "spread " + spread);
    }
}
