package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Endpoint;
import io.lb4j.EndpointSource;
import io.lb4j.HealthProbe.Verdict;
import io.lb4j.LoadBalancer;
import io.lb4j.Outcome;
import io.lb4j.RequestContext;
import io.lb4j.okhttp.Certificates.Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import mockwebserver3.RecordedRequest;
import okhttp3.Call;
import okhttp3.CertificatePinner;
import okhttp3.ConnectionSpec;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.TlsVersion;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Certificates are checked, whoever is asked; real ones, over HTTP/1.1 and HTTP/2. */
@Tag("socket")
@Timeout(60)
class TlsTest {
    private static final List<Protocol> BOTH = List.of(Protocol.HTTP_1_1, Protocol.HTTP_2);

    /** Endpoints by address, asked as orders.test over one protocol by a client with a certificate, or none. */
    private static Fleet.Plan plan(Protocol protocol, int size, Identity client) {
        return Fleet.of(Wire.H2_TLS, size)
                .client(builder -> client.trusting(builder)
                        .protocols(
                                protocol == Protocol.HTTP_2
                                        ? List.of(protocol, Protocol.HTTP_1_1)
                                        : List.of(protocol)));
    }

    private static Fleet.Plan plan(Protocol protocol, int size) {
        return plan(protocol, size, Identity.NONE);
    }

    /** The servers present these, in their order. */
    private static Fleet serving(Fleet fleet, Identity... identities) {
        for (int i = 0; i < identities.length; i++) {
            identities[i].presentedBy(fleet.server(i).mock());
        }
        return fleet;
    }

    private static BalancedCall.Attempt lastAttempt(Call call) {
        List<BalancedCall.Attempt> attempts = call.tag(BalancedCall.class).attempts();
        return attempts.get(attempts.size() - 1);
    }

    // ------------------------------------------------------------------------------------------ the server's
    // certificate

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void theNameOfTheServiceIsItsIdentityThoughTheEndpointIsAnAddress(Protocol protocol) throws Exception {
        try (Fleet fleet = serving(plan(protocol, 1).start(), Identity.RIGHT)) {
            try (Response response = fleet.get("/").execute()) {
                assertEquals(protocol, response.protocol());
                assertEquals(
                        Identity.RIGHT.certificate(),
                        response.handshake().peerCertificates().get(0));
            }
            RecordedRequest seen = fleet.server(0).mock().takeRequest();
            assertEquals(List.of(Fleet.SERVICE), seen.getHandshakeServerNames());
            assertEquals(Fleet.SERVICE, seen.getUrl().host());
        }
    }

    static Stream<Arguments> badIdentities() {
        return Stream.of(
                        Identity.WRONG_HOST,
                        Identity.EXPIRED,
                        Identity.NOT_YET_VALID,
                        Identity.UNTRUSTED,
                        Identity.SELF_SIGNED)
                .flatMap(each -> BOTH.stream().map(protocol -> Arguments.of(protocol, each)));
    }

    @ParameterizedTest
    @MethodSource("badIdentities")
    void aBadCertificateIsRefusedAndTheCallNotSentElsewhere(Protocol protocol, Identity bad) {
        try (Fleet fleet = serving(plan(protocol, 2).start(), bad, Identity.RIGHT)) {
            Call call = fleet.get("/");
            SSLException failure = assertThrows(SSLException.class, call::execute);
            Class<?> expected =
                    bad == Identity.WRONG_HOST ? SSLPeerUnverifiedException.class : SSLHandshakeException.class;
            assertInstanceOf(expected, failure);
            assertEquals("A 0, B 0", fleet.hits());
            assertEquals(List.of("A UNTRUSTED"), fleet.reports());
            assertEquals(RetryDecision.UNTRUSTED, lastAttempt(call).decision());
            assertEquals(0, fleet.inFlight());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void aRuleOfTheUsersMaySendTheCallElsewhere(Protocol protocol) throws IOException {
        OutcomeRule retried = new OutcomeRule() {
            @Override
            public Outcome ofResponse(Response response) {
                return OutcomeRule.standard().ofResponse(response);
            }

            @Override
            public Outcome ofFailure(IOException failure) {
                Outcome outcome = OutcomeRule.standard().ofFailure(failure);
                return outcome == Outcome.UNTRUSTED ? Outcome.FAILURE : outcome;
            }
        };
        try (Fleet fleet = serving(
                plan(protocol, 2)
                        .service(service -> service.withOutcomes(retried))
                        .start(),
                Identity.EXPIRED,
                Identity.RIGHT)) {
            assertEquals("200 B", fleet.answerTo(fleet.get("/")));
            assertEquals("A 0, B 1", fleet.hits());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void aPinOfTheServiceHoldsForEachEndpoint(Protocol protocol) throws IOException {
        CertificatePinner pins = new CertificatePinner.Builder()
                .add(Fleet.SERVICE, CertificatePinner.pin(Identity.RIGHT.certificate()))
                .build();
        try (Fleet fleet = serving(
                plan(protocol, 2)
                        .client(builder -> Identity.NONE
                                .trusting(builder)
                                .protocols(List.of(Protocol.HTTP_2, Protocol.HTTP_1_1))
                                .certificatePinner(pins))
                        .start(),
                Identity.RIGHT,
                Identity.RIGHT_TOO)) {
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
            fleet.loadBalancer().disable(fleet.server(0).endpoint().id());
            IOException failure = assertThrows(
                    SSLPeerUnverifiedException.class, () -> fleet.get("/").execute());
            assertTrue(failure.getMessage().startsWith("Certificate pinning failure!"), failure.getMessage());
            assertEquals(List.of("A SUCCESS", "B UNTRUSTED"), fleet.reports());
        }
    }

    // ------------------------------------------------------------------------------------------ names of their own

    private static Dns loopback(String... names) {
        return hostname -> {
            if (List.of(names).contains(hostname)) {
                return List.of(InetAddress.getLoopbackAddress());
            }
            throw new UnknownHostException(hostname);
        };
    }

    /** The endpoints are api-1.test and api-2.test. */
    private static Fleet named(Protocol protocol) {
        AtomicInteger number = new AtomicInteger();
        return Fleet.of(Wire.H2_TLS, 2)
                .client(builder -> Identity.NONE
                        .trusting(builder)
                        .dns(loopback("api-1.test", "api-2.test"))
                        .protocols(
                                protocol == Protocol.HTTP_2 ? List.of(protocol, Protocol.HTTP_1_1) : List.of(protocol)))
                .endpoint(endpoint -> Endpoint.of("api-" + number.incrementAndGet() + ".test", endpoint.port())
                        .withId(endpoint.id()))
                .service(Service::withRewrite)
                .start();
    }

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void endpointsThatAreOriginsOfTheirOwnShowTheirOwnNames(Protocol protocol) throws Exception {
        try (Fleet fleet = serving(named(protocol), Identity.API_1, Identity.API_2)) {
            fleet.server(0).alwaysAnswer(503);
            assertEquals("200 B", fleet.answerTo(fleet.get("/")));
            assertEquals(
                    List.of("api-1.test"), fleet.server(0).mock().takeRequest().getHandshakeServerNames());
            assertEquals(
                    List.of("api-2.test"), fleet.server(1).mock().takeRequest().getHandshakeServerNames());
        }
        try (Fleet fleet = serving(named(protocol), Identity.API_2, Identity.API_1)) {
            assertThrows(SSLPeerUnverifiedException.class, () -> fleet.get("/").execute());
            assertEquals(List.of("A UNTRUSTED"), fleet.reports());
        }
    }

    // ------------------------------------------------------------------------------------------ the client's
    // certificate

    private static Fleet demanding(Protocol protocol, Identity client, TlsVersion version) {
        ConnectionSpec spec = new ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS)
                .tlsVersions(version)
                .build();
        UnaryOperator<OkHttpClient.Builder> more = builder -> client.trusting(builder)
                .connectionSpecs(List.of(spec))
                .protocols(protocol == Protocol.HTTP_2 ? List.of(protocol, Protocol.HTTP_1_1) : List.of(protocol));
        Fleet fleet = serving(Fleet.of(Wire.H2_TLS, 2).client(more).start(), Identity.RIGHT, Identity.RIGHT);
        fleet.server(0).mock().requireClientAuth();
        fleet.server(1).mock().requireClientAuth();
        return fleet;
    }

    static Stream<Arguments> versions() {
        return Stream.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)
                .flatMap(version -> BOTH.stream().map(protocol -> Arguments.of(protocol, version)));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void endpointsThatAskWhoCallsAreTold(Protocol protocol, TlsVersion version) throws Exception {
        try (Fleet fleet = demanding(protocol, Identity.CLIENT, version)) {
            try (Response response = fleet.get("/").execute()) {
                assertEquals("A", response.body().string());
                assertEquals(version, response.handshake().tlsVersion());
            }
            assertEquals(
                    "CN=client",
                    fleet.server(0)
                            .mock()
                            .takeRequest()
                            .getHandshake()
                            .peerPrincipal()
                            .getName());
        }
    }

    static Stream<Arguments> badClients() {
        return Stream.of(Identity.NONE, Identity.UNTRUSTED)
                .flatMap(client -> versions().map(each -> Arguments.of(each.get()[0], client, each.get()[1])));
    }

    @ParameterizedTest
    @MethodSource("badClients")
    void callersThatTheEndpointDoesNotTrustAreRefused(Protocol protocol, Identity client, TlsVersion version) {
        try (Fleet fleet = demanding(protocol, client, version)) {
            assertThrows(IOException.class, () -> fleet.get("/").execute());
            // If the server closes while the client still writes, the connection breaks before the alert is read.
            Set<String> told = Set.of("UNTRUSTED", "UNREACHABLE", "FAILURE");
            assertTrue(
                    fleet.reports().stream().allMatch(report -> told.contains(report.substring(2))),
                    () -> "reports: " + fleet.reports());
            assertEquals("A 0, B 0", fleet.hits());
        }
    }

    // ------------------------------------------------------------------------------------------ no handshake

    static Stream<Arguments> brokenHandshakes() {
        return Stream.of(RawServer.How.values())
                .flatMap(how -> BOTH.stream().map(protocol -> Arguments.of(protocol, how)));
    }

    @ParameterizedTest
    @MethodSource("brokenHandshakes")
    void aHandshakeThatFailsIsTriedElsewhereWhateverTheMethod(Protocol protocol, RawServer.How how) throws Exception {
        try (RawServer raw = new RawServer(how);
                Fleet fleet = serving(
                        plan(protocol, 2)
                                .endpoint(replacingFirst(raw))
                                .service(service -> service.withConnectTimeout(how.patience())
                                        .withTimeouts(Timeouts.none().withRead(Duration.ZERO)))
                                .start(),
                        Identity.RIGHT,
                        Identity.RIGHT)) {
            Call call = fleet.client()
                    .newCall(fleet.request("/")
                            .post(RequestBody.create(new byte[3]))
                            .build());
            assertEquals("200 B", fleet.answerTo(call));
            assertEquals(List.of("A " + how.outcome(), "B SUCCESS"), fleet.reports());
            assertEquals("A 0, B 1", fleet.hits());
        }
    }

    private static UnaryOperator<Endpoint> replacingFirst(RawServer raw) {
        AtomicInteger number = new AtomicInteger();
        return endpoint -> number.getAndIncrement() == 0
                ? Endpoint.of("127.0.0.1", raw.port()).withId(endpoint.id())
                : endpoint;
    }

    // ------------------------------------------------------------------------------------------ checks, and who makes
    // them

    static Stream<Identity> probed() {
        return badIdentities().map(each -> (Identity) each.get()[1]).distinct();
    }

    @ParameterizedTest
    @MethodSource("probed")
    void aProbeTrustsNobodyWhomTheTrafficDoesNot(Identity bad) throws Exception {
        OkHttpClient client =
                Identity.CLIENT.trusting(new OkHttpClient.Builder()).build();
        HttpProbe probe = HttpProbe.get(client, "https://orders.test/health");
        try (TestServer server = new TestServer("A", Wire.H2_TLS)) {
            server.mock().requireClientAuth();
            bad.presentedBy(server.mock());
            assertThrows(SSLException.class, () -> probe.check(server.endpoint(), Duration.ofSeconds(20)));
            Identity.RIGHT.presentedBy(server.mock());
            assertEquals(Verdict.PASS, probe.check(server.endpoint(), Duration.ofSeconds(20)));
            assertEquals(1, server.hits());
        }
    }

    /** Layer 4 never decrypts: the caller makes the handshake through the connection that it is given. */
    @Test
    void passthroughIsAConnectionOnWhichTheCallerSpeaksTls() throws Exception {
        try (TestServer server = new TestServer("A", Wire.H2_TLS);
                LoadBalancer balancer = LoadBalancer.builder(
                                "orders", EndpointSource.of(server.endpoint()), Fleet.IN_ORDER)
                        .build()) {
            Identity.RIGHT.presentedBy(server.mock());
            X509Certificate shown = balancer.attempt(RequestContext.none(), lease -> {
                try (Socket plain = new Socket(
                                lease.endpoint().host(), lease.endpoint().port());
                        SSLSocket socket = (SSLSocket) Identity.NONE
                                .handshake()
                                .sslSocketFactory()
                                .createSocket(plain, Fleet.SERVICE, 443, true)) {
                    SSLParameters parameters = socket.getSSLParameters();
                    parameters.setEndpointIdentificationAlgorithm("HTTPS");
                    socket.setSSLParameters(parameters);
                    socket.startHandshake();
                    return (X509Certificate) socket.getSession().getPeerCertificates()[0];
                }
            });
            assertEquals(Identity.RIGHT.certificate(), shown);
        }
    }

    @Test
    void whatTheClientTrustsIsTheClientsAlone() {
        OkHttpClient client = Identity.CLIENT
                .trusting(new OkHttpClient.Builder())
                .certificatePinner(new CertificatePinner.Builder()
                        .add(Fleet.SERVICE, CertificatePinner.pin(Identity.RIGHT.certificate()))
                        .build())
                .connectionSpecs(List.of(ConnectionSpec.RESTRICTED_TLS))
                .build();
        try (LoadBalancer balancer = LoadBalancer.builder("orders", EndpointSource.of("127.0.0.1:1"), Fleet.IN_ORDER)
                .build()) {
            OkHttpClient balanced = BalancedClient.wrap(client)
                    .service(Service.of(balancer).withRewrite())
                    .build();
            assertSame(client.sslSocketFactory(), balanced.sslSocketFactory());
            assertSame(client.x509TrustManager(), balanced.x509TrustManager());
            assertSame(client.hostnameVerifier(), balanced.hostnameVerifier());
            assertEquals(client.certificatePinner(), balanced.certificatePinner());
            assertEquals(client.connectionSpecs(), balanced.connectionSpecs());
        }
    }
}
