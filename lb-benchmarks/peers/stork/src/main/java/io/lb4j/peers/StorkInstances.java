package io.lb4j.peers;

import io.smallrye.stork.api.ServiceInstance;
import io.smallrye.stork.impl.DefaultServiceInstance;
import java.util.List;
import java.util.stream.IntStream;

/** Instances as Stork's discovery makes them; each call of an algorithm gets the whole list, as Stork has it. */
final class StorkInstances {
    private StorkInstances() {}

    static List<ServiceInstance> of(int endpoints) {
        return IntStream.range(0, endpoints)
                .<ServiceInstance>mapToObj(i -> new DefaultServiceInstance(i, Load.host(i), 80, false))
                .toList();
    }

    /** Leaves requests in flight on what the algorithm chooses: Stork counts them on the wrappers that it hands out. */
    static void occupy(io.smallrye.stork.api.LoadBalancer balancer, List<ServiceInstance> instances) {
        int all = IntStream.range(0, instances.size()).map(Load::inFlight).sum();
        for (int i = 0; i < all; i++) {
            balancer.selectServiceInstance(instances).recordStart(false);
        }
    }
}
