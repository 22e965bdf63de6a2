package io.lb4j.health;

import static io.lb4j.health.OutlierRuleTest.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Endpoint;
import io.lb4j.HealthProbe;
import io.lb4j.HealthProbe.Verdict;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthProbesTest {
    private static final Duration SECONDS = Duration.ofSeconds(10);
    private static final Endpoint ANY = Endpoint.of("a.example", 80);
    private static final HealthProbe PASS = (endpoint, timeout) -> Verdict.PASS;
    private static final HealthProbe DEGRADED = (endpoint, timeout) -> Verdict.DEGRADED;
    private static final HealthProbe FAIL = (endpoint, timeout) -> {
        throw new IOException("ill");
    };

    // ------------------------------------------------------------------------------------------ combined

    @Test
    void allOfIsAsGoodAsItsWorst() throws Exception {
        assertEquals(Verdict.PASS, HealthProbes.allOf(PASS, PASS).check(ANY, SECONDS));
        assertEquals(Verdict.DEGRADED, HealthProbes.allOf(DEGRADED, PASS).check(ANY, SECONDS));
        assertThrows(
                IOException.class, () -> HealthProbes.allOf(PASS, FAIL, PASS).check(ANY, SECONDS));
    }

    @Test
    void anyOfIsAsGoodAsItsBest() throws Exception {
        assertEquals(Verdict.PASS, HealthProbes.anyOf(FAIL, DEGRADED, PASS).check(ANY, SECONDS));
        assertEquals(Verdict.DEGRADED, HealthProbes.anyOf(FAIL, DEGRADED).check(ANY, SECONDS));
        assertEquals(
                "ill",
                assertThrows(
                                IOException.class,
                                () -> HealthProbes.anyOf(FAIL, FAIL).check(ANY, SECONDS))
                        .getMessage());
    }

    @Test
    void badProbesAreRefused() {
        assertRefused("parts: none (expected: at least one)", HealthProbes::allOf);
        assertRefused("parts: none (expected: at least one)", HealthProbes::anyOf);
        assertRefused(
                "expect: \"\" (expected: some text, or tcp() to connect only)", () -> HealthProbes.tcp("PING", ""));
    }

    // ------------------------------------------------------------------------------------------ sockets

    @FunctionalInterface
    private interface Handler {
        void handle(Socket socket) throws IOException;
    }

    /** Serves one connection on loopback. */
    private static final class Server implements AutoCloseable {
        final ServerSocket listening;

        Server(ServerSocket listening, Handler handler) {
            this.listening = listening;
            Thread thread = new Thread(() -> {
                try (Socket socket = listening.accept()) {
                    handler.handle(socket);
                } catch (IOException e) {
                    // the probe has gone
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        Server(Handler handler) throws IOException {
            this(new ServerSocket(0, 5, InetAddress.getLoopbackAddress()), handler);
        }

        Endpoint endpoint() {
            return Endpoint.of("localhost", listening.getLocalPort());
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }

    private static void pong(Socket socket) throws IOException {
        byte[] ping = new byte[6];
        if (socket.getInputStream().readNBytes(ping, 0, 6) == 6) {
            socket.getOutputStream().write("+PO".getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write("NG\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    @Tag("socket")
    void tcpPassesWhereSomebodyListens() throws Exception {
        try (Server server = new Server(socket -> {})) {
            assertEquals(Verdict.PASS, HealthProbes.tcp().check(server.endpoint(), SECONDS));
        }
    }

    @Test
    @Tag("socket")
    void tcpFailsWhereNobodyListens() throws Exception {
        try (Socket reserved = new Socket()) { // bound, so that nobody else takes the port, and not listening
            reserved.bind(new InetSocketAddress("localhost", 0));
            Endpoint endpoint = Endpoint.of("localhost", reserved.getLocalPort());
            assertThrows(ConnectException.class, () -> HealthProbes.tcp().check(endpoint, SECONDS));
        }
    }

    @Test
    @Tag("socket")
    void sendAndExpectPassesWhenTheTextComesInPieces() throws Exception {
        try (Server server = new Server(HealthProbesTest::pong)) {
            assertEquals(Verdict.PASS, HealthProbes.tcp("PING\r\n", "+PONG").check(server.endpoint(), SECONDS));
        }
    }

    @Test
    @Tag("socket")
    void sendAndExpectFailsOnAnotherAnswer() throws Exception {
        try (Server server = new Server(HealthProbesTest::pong)) {
            IOException e = assertThrows(
                    IOException.class, () -> HealthProbes.tcp("PING\r\n", "+OK").check(server.endpoint(), SECONDS));
            assertEquals("connection closed before \"+OK\" came, received \"+PONG\r\n\"", e.getMessage());
        }
    }

    @Test
    @Tag("socket")
    void sendAndExpectFailsWhenNothingComesInTime() throws Exception {
        try (Server server = new Server(socket -> {
            byte[] ignored = socket.getInputStream().readAllBytes();
        })) {
            assertThrows(
                    SocketTimeoutException.class,
                    () -> HealthProbes.tcp("PING\r\n", "+PONG").check(server.endpoint(), Duration.ofMillis(100)));
        }
    }

    // ------------------------------------------------------------------------------------------ TLS

    @TempDir
    Path folder;

    /** A context that proves and trusts one self-signed certificate for the host orders.example. */
    private SSLContext context() throws Exception {
        Path store = folder.resolve("orders.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "orders",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=orders.example",
                        "-ext",
                        "san=dns:orders.example",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "secret",
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), Files.readString(folder.resolve("keytool.log")));
        KeyStore keys = KeyStore.getInstance(store.toFile(), "secret".toCharArray());
        KeyManagerFactory proving = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        proving.init(keys, "secret".toCharArray());
        TrustManagerFactory trusting = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusting.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(proving.getKeyManagers(), trusting.getTrustManagers(), null);
        return context;
    }

    private static Server secure(SSLContext context) throws IOException {
        ServerSocket listening =
                context.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
        return new Server(listening, socket -> {
            int ignored = socket.getInputStream().read();
        });
    }

    @Test
    @Tag("socket")
    void tlsPassesOnlyWithATrustedCertificateForTheRightName() throws Exception {
        SSLContext context = context();
        try (Server server = secure(context)) {
            assertEquals(
                    Verdict.PASS, HealthProbes.tls(context, "orders.example").check(server.endpoint(), SECONDS));
        }
        try (Server server = secure(context)) {
            assertThrows(
                    SSLHandshakeException.class,
                    () -> HealthProbes.tls(context, "other.example").check(server.endpoint(), SECONDS));
        }
        try (Server server = secure(context)) {
            assertThrows(SSLHandshakeException.class, () -> HealthProbes.tls().check(server.endpoint(), SECONDS));
        }
        assertRefused("serverName: \"\" (expected: a host name)", () -> HealthProbes.tls(context, ""));
    }
}
