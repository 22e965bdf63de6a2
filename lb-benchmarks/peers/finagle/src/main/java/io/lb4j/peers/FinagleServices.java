package io.lb4j.peers;

import com.twitter.finagle.Address;
import com.twitter.finagle.NoBrokersAvailableException;
import com.twitter.finagle.Service;
import com.twitter.finagle.ServiceFactory;
import com.twitter.finagle.Stack;
import com.twitter.finagle.loadbalancer.EndpointFactory;
import com.twitter.finagle.loadbalancer.LazyEndpointFactory;
import com.twitter.finagle.loadbalancer.LoadBalancerFactory;
import com.twitter.util.Activity;
import com.twitter.util.Await;
import com.twitter.util.Future;
import java.util.List;
import java.util.stream.IntStream;
import scala.collection.immutable.IndexedSeq;
import scala.jdk.javaapi.CollectionConverters;

/** Finagle's balancers over services that do nothing; a request holds a service, and closing that ends it. */
final class FinagleServices {
    private final Service<?, ?>[] open = new Service<?, ?>[Cycles.OPEN];
    private final ServiceFactory<Object, Object> balancer;
    /** Confined to the one thread of the benchmark. */
    private int next;

    FinagleServices(LoadBalancerFactory factory, int endpoints) throws Exception {
        List<EndpointFactory<Object, Object>> all = IntStream.range(0, endpoints)
                .<EndpointFactory<Object, Object>>mapToObj(FinagleServices::endpoint)
                .toList();
        IndexedSeq<EndpointFactory<Object, Object>> scala =
                CollectionConverters.asScala(all).toVector();
        this.balancer = factory.newBalancer(
                Activity.value(scala), new NoBrokersAvailableException("peers"), Stack.Params$.MODULE$.empty());
        for (int i = 0; i < open.length; i++) {
            open[i] = Await.result(balancer.apply());
        }
    }

    private static EndpointFactory<Object, Object> endpoint(int i) {
        Service<Object, Object> service = Service.constant(Future.value(new Object()));
        return new LazyEndpointFactory<>(() -> ServiceFactory.constant(service), Address.apply(Load.host(i), 80));
    }

    /** The oldest request ends, a new one begins. */
    Object cycle() throws Exception {
        int at = next++ & (Cycles.OPEN - 1);
        Object ended = Await.result(open[at].close());
        open[at] = Await.result(balancer.apply());
        return ended;
    }
}
