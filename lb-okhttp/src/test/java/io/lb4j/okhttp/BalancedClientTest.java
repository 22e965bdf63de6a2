package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BalancedClientTest {
    private final LoadBalancer orders = named("orders");

    private static LoadBalancer named(String name) {
        return LoadBalancer.builder(name, EndpointSource.of("127.0.0.1:1"), Fleet.IN_ORDER)
                .build();
    }

    @AfterEach
    void close() {
        orders.close();
    }

    private static String refusal(Class<? extends Exception> type, org.junit.jupiter.api.function.Executable action) {
        return assertThrows(type, action).getMessage();
    }

    // ------------------------------------------------------------------------------------------ bad input

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Orders_1 x",
                "Orders",
                "orders/",
                "http://orders",
                "a..b",
                "b\u00fccher",
                "10.0.0.1",
                "::1",
                "12"
            })
    void nameThatIsNoCanonicalHostIsRefused(String name) {
        try (LoadBalancer balancer = named(name)) {
            BalancedClient.Builder builder = BalancedClient.wrap(new OkHttpClient());
            String message = refusal(IllegalArgumentException.class, () -> builder.service(balancer));
            assertTrue(message.startsWith("service: \"" + name + "\" (expected: a "), message);
            assertTrue(message.contains("host name"), message);
            assertEquals(
                    "services: [] (expected: at least one)", refusal(IllegalArgumentException.class, builder::build));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "my_service", "orders.internal", "a1", "xn--bcher-kva.example", "orders."})
    void canonicalNamesAreTaken(String name) {
        try (LoadBalancer balancer = named(name)) {
            assertEquals(name, Service.of(balancer).name());
        }
    }

    @Test
    void closedLoadBalancerIsRefused() {
        BalancedClient.Builder builder = BalancedClient.wrap(new OkHttpClient());
        orders.close();
        assertEquals("orders: closed", refusal(IllegalStateException.class, () -> builder.service(orders)));
    }

    @Test
    void loadBalancerClosedLaterFailsTheCallWithAnIoException() {
        OkHttpClient client =
                BalancedClient.wrap(new OkHttpClient()).service(orders).build();
        orders.close();
        okhttp3.Call call = client.newCall(
                new okhttp3.Request.Builder().url("http://orders/").build());
        assertEquals("orders: closed", refusal(IOException.class, call::execute));
    }

    @Test
    void sameServiceTwiceIsRefused() {
        BalancedClient.Builder builder = BalancedClient.wrap(new OkHttpClient()).service(orders);
        assertEquals(
                "service: \"orders\" (expected: each name once)",
                refusal(IllegalArgumentException.class, () -> builder.service(orders)));
    }

    @Test
    void clientThatIsBalancedAlreadyIsRefused() {
        OkHttpClient once =
                BalancedClient.wrap(new OkHttpClient()).service(orders).build();
        String message = refusal(IllegalArgumentException.class, () -> BalancedClient.wrap(once));
        assertTrue(message.contains("give all services to one builder"), message);
    }

    @Test
    void nullsAreRefused() {
        BalancedClient.Builder builder = BalancedClient.wrap(new OkHttpClient());
        assertThrows(NullPointerException.class, () -> BalancedClient.wrap(null));
        assertThrows(NullPointerException.class, () -> builder.service((LoadBalancer) null));
        assertThrows(NullPointerException.class, () -> builder.service((Service) null));
        assertThrows(NullPointerException.class, () -> builder.keepAlive(null));
        assertThrows(NullPointerException.class, () -> builder.connectionPool(null));
        assertThrows(NullPointerException.class, () -> Service.of(orders).withKey(null));
        assertThrows(NullPointerException.class, () -> Service.of(orders).withSession(null));
        assertThrows(NullPointerException.class, () -> Service.of(orders).withOutcomes(null));
        assertThrows(NullPointerException.class, () -> Service.of(orders).withRetries(null));
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        BalancedClient.Builder builder = BalancedClient.wrap(new OkHttpClient());
        Class<IllegalArgumentException> type = IllegalArgumentException.class;
        assertEquals("maxRequests: 0 (expected: >= 1)", refusal(type, () -> builder.maxRequests(0)));
        assertEquals("maxIdleConnections: -1 (expected: >= 0)", refusal(type, () -> builder.maxIdleConnections(-1)));
        assertEquals("keepAlive: PT0S (expected: > 0)", refusal(type, () -> builder.keepAlive(Duration.ZERO)));
        RetryRule rule = RetryRule.standard();
        assertEquals("tries: 0 (expected: 1 to 100)", refusal(type, () -> rule.withTries(0)));
        assertEquals("budget ratio: NaN (expected: 0.0 to 1.0)", refusal(type, () -> rule.withBudget(Double.NaN, 1)));
        assertThrows(type, () -> rule.withBudget(0.2, -1));
        assertThrows(type, () -> rule.withBackOff(Duration.ofSeconds(-1), Duration.ofSeconds(1)));
        assertThrows(type, () -> rule.withBackOff(Duration.ofSeconds(2), Duration.ofSeconds(1)));
        assertThrows(type, () -> Service.of(orders).withConnectTimeout(Duration.ofDays(30)));
    }

    @Test
    void configuredProxyIsRefusedWithTheReason() {
        Proxy proxy = new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("proxy", 3128));
        BalancedClient.Builder builder =
                BalancedClient.wrap(new OkHttpClient.Builder().proxy(proxy).build());
        String message = refusal(IllegalArgumentException.class, () -> builder.service(orders));
        assertTrue(message.startsWith("client's proxy for orders: [HTTP @ proxy"), message);
        assertTrue(message.contains("would choose the server itself"), message);
        builder.service(Service.of(orders).withRewrite()).build();
    }

    @Test
    void proxySelectorThatChoosesAProxyForTheServiceIsRefused() {
        OkHttpClient client =
                new OkHttpClient.Builder().proxySelector(new ProxyForOrders()).build();
        BalancedClient.Builder builder = BalancedClient.wrap(client);
        String message = refusal(IllegalArgumentException.class, () -> builder.service(orders));
        assertTrue(message.startsWith("client's proxy for orders: [HTTP @ proxy"), message);
        try (LoadBalancer users = named("users")) {
            builder.service(users);
        }
    }

    private static final class ProxyForOrders extends ProxySelector {
        @Override
        public List<Proxy> select(URI uri) {
            return "orders".equals(uri.getHost())
                    ? List.of(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("proxy", 3128)))
                    : List.of(Proxy.NO_PROXY);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
    }

    // ------------------------------------------------------------------------------------------ the client

    @Test
    void wrappedClientIsNotChanged() {
        OkHttpClient plain = new OkHttpClient();
        Dispatcher dispatcher = plain.dispatcher();
        OkHttpClient balanced = BalancedClient.wrap(plain).service(orders).build();
        assertTrue(plain.interceptors().isEmpty());
        assertTrue(plain.networkInterceptors().isEmpty());
        assertSame(dispatcher, plain.dispatcher());
        assertEquals(5, dispatcher.getMaxRequestsPerHost());
        assertNotSame(plain.connectionPool(), balanced.connectionPool());
    }

    @Test
    void oneHostMayHaveAllRequestsOnTheThreadsOfTheWrappedClient() {
        OkHttpClient plain = new OkHttpClient();
        plain.dispatcher().setMaxRequests(20);
        Dispatcher dispatcher =
                BalancedClient.wrap(plain).service(orders).build().dispatcher();
        assertEquals(20, dispatcher.getMaxRequests());
        assertEquals(20, dispatcher.getMaxRequestsPerHost());
        assertSame(plain.dispatcher().executorService(), dispatcher.executorService());
    }

    @Test
    void interceptorComesLast() {
        OkHttpClient plain = new OkHttpClient.Builder()
                .addInterceptor(chain -> chain.proceed(chain.request()))
                .build();
        OkHttpClient balanced = BalancedClient.wrap(plain).service(orders).build();
        assertEquals(
                LoadBalancingInterceptor.class, balanced.interceptors().get(1).getClass());
    }
}
