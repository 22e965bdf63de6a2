package io.servicetalk.loadbalancer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lb4j.Endpoint;
import io.lb4j.Lease;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.Outcome;
import org.junit.jupiter.api.Test;

/** What docs/peers.md says of ServiceTalk; a test that fails here means that the text is to be changed. */
class ServiceTalkDefectsTest {
    private static final long SERVICE_NANOS = 900_000;

    @Test
    void latenciesBelowOneMillisecondAreNone() {
        long[] now = {0};
        DefaultRequestTracker tracker = new DefaultRequestTracker(10_000_000_000L, 5, 10, 1) {
            @Override
            long currentTimeNanos() {
                return now[0];
            }
        };
        Node ours = NodeSet.of(() -> now[0], Endpoint.of("10.0.0.1", 80)).get(0);
        for (int i = 0; i < 100; i++) {
            Lease lease = ours.acquire();
            long start = tracker.beforeRequestStart();
            now[0] += SERVICE_NANOS;
            tracker.onRequestSuccess(start);
            lease.report(Outcome.SUCCESS);
            lease.close();
        }
        assertEquals(0, tracker.score());
        assertEquals(SERVICE_NANOS, ours.latencyNanos(now[0]), 1);
    }
}
