package io.lb4j.peers;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import reactor.core.publisher.Flux;

/**
 * A list of instances that is there already, as after Spring's cache.
 *
 * @param instances the instances
 */
record SpringInstances(List<ServiceInstance> instances) implements ServiceInstanceListSupplier {
    static SpringInstances of(int endpoints) {
        return new SpringInstances(IntStream.range(0, endpoints)
                .<ServiceInstance>mapToObj(i -> new DefaultServiceInstance(
                        "i" + i, "peers", Load.host(i), 80, false, Map.of("weight", String.valueOf(Load.weight(i)))))
                .toList());
    }

    @Override
    public String getServiceId() {
        return "peers";
    }

    @Override
    public Flux<List<ServiceInstance>> get() {
        return Flux.just(instances);
    }
}
