package io.lb4j.benchmarks;

import io.lb4j.Endpoint;
import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import io.lb4j.balance.Balancers;
import io.lb4j.okhttp.BalancedClient;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A call of OkHttp that is balanced beside one that is not. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class InterceptorBenchmark {
    private static final String SERVICE = "orders";
    private static final int ENDPOINTS = 10;

    /** The client. */
    @Param({"plain", "balanced"})
    public String client = "plain";

    private final Request serviceRequest =
            new Request.Builder().url("http://" + SERVICE + "/items").build();

    @SuppressWarnings("NullAway.Init") // JMH calls setUp first
    private LoopbackServer server;

    @SuppressWarnings("NullAway.Init")
    private LoadBalancer orders;

    @SuppressWarnings("NullAway.Init")
    private OkHttpClient calling;

    @SuppressWarnings("NullAway.Init")
    private OkHttpClient answering;

    @SuppressWarnings("NullAway.Init")
    private Request request;

    /** Starts a server and makes the clients. */
    @Setup
    public void setUp() throws IOException {
        server = LoopbackServer.start();
        orders = LoadBalancer.builder(
                        SERVICE, EndpointSource.of(endpoints(server.port())), Balancers.leastResponseTime())
                .build();
        OkHttpClient plain = new OkHttpClient();
        boolean balanced = client.equals("balanced");
        calling = balanced ? BalancedClient.wrap(plain).service(orders).build() : plain;
        answering = calling.newBuilder()
                .addInterceptor(InterceptorBenchmark::canned)
                .build();
        request = balanced
                ? serviceRequest
                : serviceRequest
                        .newBuilder()
                        .url("http://127.0.0.1:" + server.port() + "/items")
                        .build();
    }

    /** Several, since each call looks whether there is another one. */
    private static List<Endpoint> endpoints(int port) {
        return IntStream.range(0, ENDPOINTS)
                .mapToObj(i -> Endpoint.of("127.0.0.1", port).withId("endpoint-" + i))
                .toList();
    }

    /** Ends all. */
    @TearDown
    public void tearDown() throws IOException {
        calling.connectionPool().evictAll();
        calling.dispatcher().executorService().shutdown();
        orders.close();
        server.close();
    }

    /** Answers in place of a server, and tells the listeners of the call what a server's answer would. */
    private static Response canned(Interceptor.Chain chain) {
        chain.getEventListener().requestHeadersStart(chain.call());
        Response response = new Response.Builder()
                .request(chain.request())
                .protocol(Protocol.HTTP_1_1)
                .code(200)
                .message("OK")
                .body(ResponseBody.EMPTY)
                .build();
        chain.getEventListener().responseBodyEnd(chain.call(), 0);
        return response;
    }

    /** A call that an interceptor answers. */
    @Benchmark
    public int canned() throws IOException {
        try (Response response = answering.newCall(request).execute()) {
            return response.code();
        }
    }

    /** A call that a server on this machine answers. */
    @Benchmark
    public int loopback() throws IOException {
        try (Response response = calling.newCall(request).execute()) {
            return response.body().bytes().length;
        }
    }
}
