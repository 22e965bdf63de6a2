package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Endpoint;
import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;
import javax.net.ssl.SSLPeerUnverifiedException;
import mockwebserver3.MockResponse;
import okhttp3.Call;
import okhttp3.CertificatePinner;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a user of OkHttp relies on stays as it was: the URL, and with it all that depends on it. */
@Tag("socket")
@Timeout(60)
class TransparencyTest {
    /** Knows the names of the tests' servers. */
    private static Dns names(String... known) {
        return hostname -> {
            if (List.of(known).contains(hostname)) {
                return List.of(InetAddress.getLoopbackAddress());
            }
            throw new UnknownHostException(hostname);
        };
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void urlAndHostHeaderKeepTheNameOfTheService(Wire wire) throws IOException, InterruptedException {
        try (Fleet fleet = Fleet.of(wire, 1).start()) {
            try (Response response = fleet.get("/x").execute()) {
                assertEquals(
                        wire.url(Fleet.SERVICE, "/x"), response.request().url().toString());
            }
            assertEquals(
                    Fleet.SERVICE, fleet.server(0).mock().takeRequest().getUrl().host());
        }
    }

    @Test
    void serverNameOfTlsIsTheServiceIfItHasADot() throws IOException, InterruptedException {
        try (Fleet fleet = Fleet.of(Wire.H2_TLS, 1).start()) {
            fleet.answerTo(fleet.get("/"));
            assertEquals(
                    List.of(Fleet.SERVICE), fleet.server(0).mock().takeRequest().getHandshakeServerNames());
        }
    }

    @Test
    void endpointSchemeChangesTheSchemeOnly() throws IOException, InterruptedException {
        try (Fleet fleet = Fleet.of(Wire.H2_TLS, 1)
                .endpoint(endpoint -> endpoint.withScheme("https"))
                .start()) {
            Call call = fleet.client()
                    .newCall(new Request.Builder().url("http://orders.test/x").build());
            try (Response response = call.execute()) {
                assertEquals("https://orders.test/x", response.request().url().toString());
                assertEquals("A", response.body().string());
            }
        }
    }

    @Test
    void requestForHttpsIsNeverSentInTheClear() {
        try (Fleet fleet = Fleet.of(Wire.H2_TLS, 1)
                .endpoint(endpoint -> endpoint.withScheme("http"))
                .start()) {
            Call call = fleet.get("/");
            IOException failure = assertThrows(SSLPeerUnverifiedException.class, call::execute);
            assertTrue(failure.getMessage().contains("speaks http"), failure.getMessage());
            assertEquals(List.of("A UNTRUSTED"), fleet.reports());
        }
    }

    @Test
    void certificateIsCheckedAgainstTheNameOfTheService() {
        try (Fleet users = Fleet.of(Wire.H2_TLS, 1).start();
                LoadBalancer other = LoadBalancer.builder(
                                "other.test", EndpointSource.of(users.server(0).endpoint()), Fleet.IN_ORDER)
                        .build()) {
            OkHttpClient client =
                    BalancedClient.wrap(Wire.H2_TLS.client()).service(other).build();
            Call call = client.newCall(
                    new Request.Builder().url("https://other.test/").build());
            IOException failure = assertThrows(SSLPeerUnverifiedException.class, call::execute);
            assertTrue(failure.getMessage().contains("Hostname other.test not verified"), failure.getMessage());
            assertEquals(
                    RetryDecision.UNTRUSTED,
                    call.tag(BalancedCall.class).attempts().get(0).decision());
        }
    }

    @Test
    void certificatePinsOfTheServiceApply() {
        CertificatePinner wrong = new CertificatePinner.Builder()
                .add(Fleet.SERVICE, "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
                .build();
        try (Fleet fleet = Fleet.of(Wire.H2_TLS, 2)
                .client(builder -> builder.certificatePinner(wrong))
                .start()) {
            IOException failure = assertThrows(
                    SSLPeerUnverifiedException.class, () -> fleet.get("/").execute());
            assertTrue(failure.getMessage().startsWith("Certificate pinning failure!"), failure.getMessage());
            assertEquals("A 0, B 0", fleet.hits());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void cookiesOfOneEndpointGoToTheOthers(Wire wire) throws IOException, InterruptedException {
        TestJar jar = new TestJar();
        try (Fleet fleet =
                Fleet.of(wire, 2).client(builder -> builder.cookieJar(jar)).start()) {
            fleet.server(0)
                    .handle(request -> new MockResponse.Builder()
                            .addHeader("Set-Cookie", "sid=fromA; Domain=orders.test")
                            .build());
            fleet.answerTo(fleet.get("/"));
            fleet.loadBalancer().disable(fleet.server(0).endpoint().id());
            assertEquals("200 B", fleet.answerTo(fleet.get("/")));
            assertEquals(
                    "sid=fromA",
                    fleet.server(1).mock().takeRequest().getHeaders().get("Cookie"));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void authenticatorSeesTheServiceAndItsAnswerGoesToTheSameEndpoint(Wire wire) throws IOException {
        List<String> asked = new ArrayList<>();
        try (Fleet fleet = Fleet.of(wire, 2)
                .client(builder -> builder.authenticator((route, response) -> {
                    asked.add(response.request().url().host());
                    return response.request()
                            .newBuilder()
                            .header("Authorization", "secret")
                            .build();
                }))
                .start()) {
            TestServer a = fleet.server(0);
            a.handle(request -> a.answer(request.getHeaders().get("Authorization") == null ? 401 : 200));
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
            assertEquals(List.of(Fleet.SERVICE), asked);
            assertEquals("A 2, B 0", fleet.hits());
            assertEquals(List.of("A SUCCESS"), fleet.reports());
            assertEquals(0, fleet.inFlight());
        }
    }

    // ------------------------------------------------------------------------------------------ others

    @Test
    void hostThatIsNoServicePassesThroughUntouched() throws IOException {
        try (TestServer plain = new TestServer("plain", Wire.HTTP_1_1);
                Fleet fleet = Fleet.of(Wire.HTTP_1_1, 1).start()) {
            plain.handle(request ->
                    plain.answer(503).newBuilder().addHeader("Retry-After", "7").build());
            Call call = fleet.client()
                    .newCall(new Request.Builder().url(plain.mock().url("/")).build());
            try (Response response = call.execute()) {
                assertEquals(503, response.code());
                assertEquals("7", response.header("Retry-After"));
            }
            assertNull(call.tag(BalancedCall.class));
            assertNull(call.tag(CallState.class));
            assertEquals("A 0", fleet.hits());
            assertEquals(1, plain.hits());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void userSocketFactoryStillMakesTheSockets(Wire wire) throws IOException {
        CountingSockets sockets = new CountingSockets();
        try (Fleet fleet = Fleet.of(wire, 2)
                .client(builder -> builder.socketFactory(sockets))
                .start()) {
            fleet.server(0).alwaysAnswer(503);
            assertEquals("200 B", fleet.answerTo(fleet.get("/")));
            assertEquals(2, sockets.made.size());
            for (Socket socket : sockets.made) {
                assertTrue(socket.getTcpNoDelay());
                assertTrue(socket.isConnected());
            }
        }
    }

    private static final class CountingSockets extends SocketFactory {
        private final List<Socket> made = new CopyOnWriteArrayList<>();

        @Override
        public Socket createSocket() {
            Socket socket = new Socket();
            made.add(socket);
            return socket;
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void socketsHaveTcpNoDelay() throws IOException {
        List<Boolean> noDelay = new ArrayList<>();
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 1)
                .client(builder -> builder.addNetworkInterceptor(chain -> {
                    noDelay.add(chain.connection().socket().getTcpNoDelay());
                    return chain.proceed(chain.request());
                }))
                .start()) {
            fleet.answerTo(fleet.get("/"));
            assertEquals(List.of(true), noDelay);
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void retryInterceptorOfTheUserAboveReachesTheOtherEndpoint(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 2)
                .client(builder -> builder.addInterceptor(chain -> {
                    Response first = chain.proceed(chain.request());
                    if (first.code() != 401) {
                        return first;
                    }
                    first.close();
                    return chain.proceed(chain.request());
                }))
                .start()) {
            TestServer a = fleet.server(0);
            a.handle(request -> {
                fleet.loadBalancer().disable(a.endpoint().id());
                return a.answer(401);
            });
            assertEquals("200 B", fleet.answerTo(fleet.get("/")));
            assertEquals("A 1, B 1", fleet.hits());
            assertEquals(0, fleet.inFlight());
        }
    }

    @Test
    void laterInterceptorThatSetsADnsFailsTheCallInsteadOfMisroutingIt() throws IOException {
        try (TestServer other = new TestServer("other", Wire.HTTP_1_1);
                Fleet fleet = Fleet.of(Wire.HTTP_1_1, 2).start()) {
            OkHttpClient broken = fleet.client()
                    .newBuilder()
                    .addInterceptor(chain -> chain.withDns(names(Fleet.SERVICE)).proceed(chain.request()))
                    .build();
            Call call = broken.newCall(new Request.Builder()
                    .url("http://orders.test:" + other.endpoint().port() + "/")
                    .build());
            IOException failure =
                    assertInstanceOf(MisroutedException.class, assertThrows(IOException.class, () -> call.execute()));
            assertTrue(failure.getMessage().contains("must come before the load balancer"), failure.getMessage());
            assertEquals(0, other.hits());
            assertEquals(List.of("A CANCELLED"), fleet.reports());
            assertEquals(0, fleet.inFlight());
        }
    }

    @Test
    void endpointsByNameAreLookedUpByTheClientsOwnDns() throws IOException {
        AtomicInteger lookups = new AtomicInteger();
        Dns dns = hostname -> {
            lookups.incrementAndGet();
            return names("api-1.test").lookup(hostname);
        };
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 1)
                .endpoint(endpoint -> Endpoint.of("api-1.test", endpoint.port()))
                .client(builder -> builder.dns(dns))
                .start()) {
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
            assertEquals(1, lookups.get());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void oneConnectionPerEndpointServesCallsInARow(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 2).start()) {
            for (int i = 0; i < 20; i++) {
                fleet.server(0).alwaysAnswer(i % 2 == 0 ? 200 : 503);
                fleet.answerTo(fleet.get("/"));
            }
            assertEquals(2, fleet.client().connectionPool().connectionCount());
        }
    }

    @Test
    void changingTheDnsFromCallToCallClosesNoConnection() throws IOException {
        Dns[] both = {names("127.0.0.1"), names("127.0.0.1")};
        AtomicInteger calls = new AtomicInteger();
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 2)
                .client(builder -> builder.addInterceptor(
                        chain -> chain.withDns(both[calls.get() / 2 % 2]).proceed(chain.request())))
                .start()) {
            for (; calls.get() < 12; calls.incrementAndGet()) {
                String id = fleet.server(calls.get() % 2).endpoint().id();
                Request request = fleet.request("/")
                        .tag(EndpointOverride.class, EndpointOverride.to(id))
                        .build();
                fleet.answerTo(fleet.client().newCall(request));
            }
            assertEquals("A 6, B 6", fleet.hits());
            assertEquals(2, fleet.server(0).connectionsEver());
            assertEquals(2, fleet.server(1).connectionsEver());
        }
    }
}
