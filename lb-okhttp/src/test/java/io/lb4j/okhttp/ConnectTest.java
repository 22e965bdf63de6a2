package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connecting to an endpoint behind which nobody answers. */
@Tag("socket")
@Timeout(60)
class ConnectTest {
    private final TestServer a = new TestServer("A", Wire.HTTP_1_1);
    private final TestServer b = new TestServer("B", Wire.HTTP_1_1);
    private final FaultProxy hole = new FaultProxy(a.endpoint());

    @AfterEach
    void stop() {
        hole.close();
        a.close();
        b.close();
    }

    private static long millisSince(long start) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    private static OkHttpClient client(LoadBalancer balancer, UnaryOperator<Service> change) {
        OkHttpClient plain =
                new OkHttpClient.Builder().connectTimeout(Duration.ofSeconds(6)).build();
        return BalancedClient.wrap(plain)
                .service(change.apply(Service.of(balancer)))
                .build();
    }

    private static Call get(OkHttpClient client) {
        return client.newCall(new Request.Builder().url("http://orders.test/").build());
    }

    private LoadBalancer over(EndpointSource source) {
        hole.set(FaultProxy.Fault.BLACK_HOLE);
        return LoadBalancer.builder(Fleet.SERVICE, source, Fleet.IN_ORDER).build();
    }

    @Test
    void connectTimeoutIsTwoSecondsWhileThereIsAnotherEndpoint() throws IOException {
        try (LoadBalancer balancer = over(EndpointSource.of(hole.endpoint(), b.endpoint()))) {
            Call call = get(client(balancer, service -> service));
            long start = System.nanoTime();
            try (Response response = call.execute()) {
                assertEquals("B", response.body().string());
            }
            long millis = millisSince(start);
            assertTrue(millis >= 1_900 && millis < 4_000, "took " + millis + " ms");
        }
    }

    @Test
    void connectTimeoutIsTheClientsOwnForTheOnlyEndpoint() {
        try (LoadBalancer balancer = over(EndpointSource.of(hole.endpoint()))) {
            Call call = get(client(balancer, service -> service));
            long start = System.nanoTime();
            IOException failure = assertThrows(SocketTimeoutException.class, call::execute);
            assertTrue(millisSince(start) >= 5_900, "took " + millisSince(start) + " ms");
            String real = "127.0.0.1:" + hole.endpoint().port();
            assertTrue(failure.getMessage().contains(real), failure.getMessage());
        }
    }

    @Test
    void shorterConnectTimeoutCanBeSwitchedOff() throws IOException {
        try (LoadBalancer balancer = over(EndpointSource.of(hole.endpoint(), b.endpoint()))) {
            Call call = get(client(balancer, service -> service.withConnectTimeout(Duration.ZERO)));
            long start = System.nanoTime();
            call.execute().close();
            assertTrue(millisSince(start) >= 5_900, "took " + millisSince(start) + " ms");
        }
    }

    /** OkHttp throws a bare InterruptedException here, which no caller of execute() expects. */
    @Test
    void interruptWhileConnectingIsAnIoExceptionAndBlamesNobody() throws InterruptedException {
        try (LoadBalancer balancer = over(EndpointSource.of(hole.endpoint(), b.endpoint()))) {
            Call call = get(client(balancer, service -> service));
            Thread caller = Thread.currentThread();
            Thread interrupter = new Thread(() -> {
                Eventually.equal(1, () -> balancer.nodes().get(0).inFlight());
                Eventually.equal(true, () -> caller.getState() == Thread.State.TIMED_WAITING);
                caller.interrupt();
            });
            interrupter.start();
            assertThrows(InterruptedIOException.class, call::execute);
            assertTrue(Thread.interrupted());
            interrupter.join();
            assertEquals(0, balancer.nodes().get(0).inFlight());
            BalancedCall decisions = call.tag(BalancedCall.class);
            assertEquals(1, decisions.attempts().size());
            assertEquals(
                    List.of(RetryDecision.CANCELED),
                    decisions.attempts().stream()
                            .map(BalancedCall.Attempt::decision)
                            .toList());
        }
    }

    @Test
    void cancelWhileConnectingEndsAtOnce() throws InterruptedException {
        try (LoadBalancer balancer = over(EndpointSource.of(hole.endpoint(), b.endpoint()))) {
            Call call = get(client(balancer, service -> service.withConnectTimeout(Duration.ZERO)));
            Thread canceler = new Thread(() -> {
                Eventually.equal(1, () -> balancer.nodes().get(0).inFlight());
                call.cancel();
            });
            canceler.start();
            long start = System.nanoTime();
            assertThrows(IOException.class, call::execute);
            assertTrue(millisSince(start) < 3_000, "took " + millisSince(start) + " ms");
            canceler.join();
            assertEquals(0, balancer.nodes().get(0).inFlight());
        }
    }
}
