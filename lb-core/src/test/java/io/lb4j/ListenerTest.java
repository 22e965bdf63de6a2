package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class ListenerTest {
    private final List<String> told = new ArrayList<>();

    private final LoadBalancerListener leases = new LoadBalancerListener() {
        @Override
        public void leaseAcquired(Lease lease) {
            told.add("acquired " + lease.endpoint().id());
        }

        @Override
        public void leaseReported(Lease lease, Outcome outcome, long latencyNanos) {
            told.add(
                    "reported " + outcome + " " + Duration.ofNanos(latencyNanos).toMillis());
        }

        @Override
        public void leaseClosed(Lease lease) {
            told.add("closed");
        }
    };

    @Test
    void eachLeaseIsAcquiredReportedAndClosedOnce() {
        try (Bench bench = Bench.with(builder -> builder.listener(leases), "a")) {
            Lease lease = bench.balancer.acquire(RequestContext.none());
            bench.advance(7);
            assertTrue(lease.report(Outcome.SUCCESS));
            assertFalse(lease.report(Outcome.FAILURE));
            lease.close();
            lease.close();
            assertFalse(lease.report(Outcome.FAILURE));
            assertEquals(List.of("acquired a", "reported SUCCESS 7", "closed"), told);
        }
    }

    @Test
    void aLeaseClosedWithoutAReportWasCancelled() {
        try (Bench bench = Bench.with(builder -> builder.listener(leases), "a")) {
            bench.balancer.acquire(RequestContext.none()).close();
            assertEquals(List.of("acquired a", "reported CANCELLED 0", "closed"), told);
        }
    }

    @Test
    void aListenerThatThrowsHarmsNobody() {
        LoadBalancerListener angry = new LoadBalancerListener() {
            @Override
            public void leaseAcquired(Lease lease) {
                throw new IllegalStateException("acquired");
            }

            @Override
            public void leaseReported(Lease lease, Outcome outcome, long latencyNanos) {
                throw new IllegalStateException("reported");
            }

            @Override
            public void leaseClosed(Lease lease) {
                throw new IllegalStateException("closed");
            }

            @Override
            public void nodeAdded(Node node) {
                throw new IllegalStateException("added");
            }

            @Override
            public void stateChanged(Node node, Node.State from, Node.State to, String reason) {
                throw new IllegalStateException("changed");
            }
        };
        try (Bench bench = Bench.with(builder -> builder.listener(angry), "a", "b")) {
            bench.balancer.disable("a");
            assertEquals("b", bench.next());
            assertEquals(0, bench.node("b").inFlight());
        }
    }

    @Test
    void aListenerMayCallBackIntoTheBalancer() {
        LoadBalancer[] balancer = new LoadBalancer[1];
        LoadBalancerListener operator = new LoadBalancerListener() {
            @Override
            public void stateChanged(Node node, Node.State from, Node.State to, String reason) {
                if (to == Node.State.DISABLED && node.endpoint().id().equals("a")) {
                    balancer[0].disable("b");
                }
            }
        };
        try (Bench bench = Bench.with(builder -> builder.listener(operator), "a", "b", "c")) {
            balancer[0] = bench.balancer;
            bench.balancer.disable("a");
            assertEquals("c", bench.next());
            assertEquals(Node.State.DISABLED, bench.node("b").state());
        }
    }

    // ------------------------------------------------------------------------------------------ attempt

    @Test
    void anAttemptReportsWhatItsExceptionSays() {
        try (Bench bench = Bench.with(builder -> builder.listener(leases), "a", "b")) {
            assertEquals("a", attempt(bench, null));
            for (Exception failure : List.of(
                    new ConnectException(),
                    new SocketTimeoutException(),
                    new SSLHandshakeException("x"),
                    new IOException(),
                    new InterruptedException())) {
                assertEquals(failure, assertThrows(failure.getClass(), () -> attempt(bench, failure)));
            }
            assertEquals(
                    List.of("SUCCESS", "UNREACHABLE", "TIMED_OUT", "UNTRUSTED", "FAILURE", "CANCELLED"),
                    told.stream()
                            .filter(event -> event.startsWith("reported"))
                            .map(event -> event.split(" ")[1])
                            .toList());
            assertEquals(0, bench.node("a").inFlight());
        }
    }

    private static String attempt(Bench bench, Exception failure) {
        try {
            return bench.balancer.attempt(RequestContext.none(), lease -> {
                if (failure != null) {
                    throw failure;
                }
                return lease.endpoint().id();
            });
        } catch (Exception e) {
            throw sneaky(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <X extends Exception> RuntimeException sneaky(Exception e) throws X {
        throw (X) e;
    }

    @Test
    void anAttemptMayReportForItself() {
        try (Bench bench = Bench.with(builder -> builder.listener(leases), "a")) {
            bench.balancer.attempt(RequestContext.none(), lease -> lease.report(Outcome.OVERLOADED));
            assertTrue(told.contains("reported OVERLOADED 0"));
            assertFalse(told.contains("reported SUCCESS 0"));
        }
    }
}
