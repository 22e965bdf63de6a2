package io.lb4j.examples.stacks;

import io.lb4j.LoadBalancer;
import io.lb4j.okhttp.BalancedClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.AbstractClientHttpRequest;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.RestClient;

/**
 * Spring's {@code RestClient} over a balanced client, by a request factory of one's own: Spring 7 has none for OkHttp.
 *
 * <p>The body of a request is kept in memory, so that it can be sent again to another server.
 */
final class SpringExample {
    private final RestClient orders;

    SpringExample(LoadBalancer service) {
        OkHttpClient client =
                BalancedClient.wrap(new OkHttpClient()).service(service).build();
        orders = RestClient.builder()
                .requestFactory(new OkHttpRequestFactory(client))
                .baseUrl("http://" + service.name())
                .build();
    }

    @Nullable
    String order(int id) {
        return orders.get().uri("/v1/orders/{id}", id).retrieve().body(String.class);
    }

    @Nullable
    String place(String order) {
        return orders.post().uri("/v1/orders").body(order).retrieve().body(String.class);
    }

    /** Lets Spring make its requests by OkHttp. */
    private record OkHttpRequestFactory(OkHttpClient client) implements ClientHttpRequestFactory {
        @Override
        public ClientHttpRequest createRequest(URI uri, HttpMethod method) {
            return new OkHttpRequest(client, uri, method);
        }
    }

    /** A request that is being written. Confined to the thread that makes it. */
    private static final class OkHttpRequest extends AbstractClientHttpRequest {
        private final OkHttpClient client;
        private final URI uri;
        private final HttpMethod method;
        private final Buffer body = new Buffer();

        OkHttpRequest(OkHttpClient client, URI uri, HttpMethod method) {
            this.client = client;
            this.uri = uri;
            this.method = method;
        }

        @Override
        public HttpMethod getMethod() {
            return method;
        }

        @Override
        public URI getURI() {
            return uri;
        }

        @Override
        protected OutputStream getBodyInternal(HttpHeaders headers) {
            return body.outputStream();
        }

        @Override
        protected ClientHttpResponse executeInternal(HttpHeaders headers) throws IOException {
            Request.Builder request = new Request.Builder().url(uri.toString());
            headers.forEach((name, values) -> values.forEach(value -> request.addHeader(name, value)));
            boolean mayHaveBody = !method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD);
            request.method(method.name(), mayHaveBody ? bodyOf(headers) : null);
            return new OkHttpResponse(client.newCall(request.build()).execute());
        }

        private RequestBody bodyOf(HttpHeaders headers) {
            String type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
            return RequestBody.create(body.snapshot(), type == null ? null : MediaType.parse(type));
        }
    }

    /** The answer; Spring closes it. */
    private record OkHttpResponse(Response response) implements ClientHttpResponse {
        @Override
        public HttpStatusCode getStatusCode() {
            return HttpStatusCode.valueOf(response.code());
        }

        @Override
        public String getStatusText() {
            return response.message();
        }

        @Override
        public HttpHeaders getHeaders() {
            HttpHeaders headers = new HttpHeaders();
            Headers received = response.headers();
            received.names().forEach(name -> headers.addAll(name, received.values(name)));
            return headers;
        }

        @Override
        public InputStream getBody() {
            return response.body().byteStream();
        }

        @Override
        public void close() {
            response.close();
        }
    }
}
