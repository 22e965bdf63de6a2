package io.lb4j.examples.stacks;

import feign.Feign;
import feign.Param;
import feign.RequestLine;
import feign.Retryer;
import io.lb4j.LoadBalancer;
import io.lb4j.okhttp.BalancedClient;
import okhttp3.OkHttpClient;

/**
 * Feign over a balanced client.
 *
 * <p>Feign would retry on top of the client, so it is told not to: the client knows which server has failed. Its {@code
 * Request.Options} set the timeouts of each attempt.
 */
final class FeignExample {
    private final Orders orders;

    /** The service as Feign sees it. */
    interface Orders {
        @RequestLine("GET /v1/orders/{id}")
        String order(@Param("id") int id);
    }

    FeignExample(LoadBalancer service) {
        OkHttpClient client =
                BalancedClient.wrap(new OkHttpClient()).service(service).build();
        orders = Feign.builder()
                .client(new feign.okhttp.OkHttpClient(client))
                .retryer(Retryer.NEVER_RETRY)
                .target(Orders.class, "http://" + service.name());
    }

    String order(int id) {
        return orders.order(id);
    }
}
