package io.lb4j.examples.stacks;

import io.lb4j.LoadBalancer;
import io.lb4j.okhttp.BalancedClient;
import java.io.IOException;
import okhttp3.OkHttpClient;
import okhttp3.ResponseBody;
import retrofit2.Call;
import retrofit2.Retrofit;
import retrofit2.http.GET;
import retrofit2.http.Path;

/**
 * Retrofit over a balanced client: the base URL names the service, not a server.
 *
 * <p>Retrofit 3 asks for OkHttp 4. Import {@code com.squareup.okhttp3:okhttp-bom:5.5.1} into your dependency management, or
 * both versions end up on the class path.
 */
final class RetrofitExample {
    private final Orders orders;

    /** The service as Retrofit sees it. */
    interface Orders {
        @GET("v1/orders/{id}")
        Call<ResponseBody> order(@Path("id") int id);
    }

    RetrofitExample(LoadBalancer service) {
        OkHttpClient client =
                BalancedClient.wrap(new OkHttpClient()).service(service).build();
        orders = new Retrofit.Builder()
                .client(client)
                .baseUrl("http://" + service.name() + "/")
                .build()
                .create(Orders.class);
    }

    String order(int id) throws IOException {
        try (ResponseBody body = orders.order(id).execute().body()) {
            return body == null ? "" : body.string();
        }
    }
}
