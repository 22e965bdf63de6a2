package io.lb4j.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.balance.Balancers;
import io.smallrye.stork.api.ServiceInstance;
import io.smallrye.stork.loadbalancer.requests.LeastRequestsLoadBalancer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What docs/peers.md says of Stork; a test that fails here means that the text is to be changed. */
class StorkDefectsTest {
    @Test
    void leastRequestsSendsEverythingToTheFirstOfIdleInstances() {
        List<ServiceInstance> instances = StorkInstances.of(5);
        LeastRequestsLoadBalancer balancer = new LeastRequestsLoadBalancer();
        for (int i = 0; i < 10_000; i++) {
            ServiceInstance chosen = balancer.selectServiceInstance(instances);
            chosen.recordStart(false);
            chosen.recordEnd(null);
            assertEquals(0, chosen.getId());
        }
        int[] ours = Own.of(Balancers.leastRequests(), 0, 5, i -> 1).counts(10_000);
        assertTrue(Arrays.stream(ours).allMatch(count -> count > 1_800 && count < 2_200), () -> Arrays.toString(ours));
    }
}
