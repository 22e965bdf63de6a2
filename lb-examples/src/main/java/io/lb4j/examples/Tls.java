package io.lb4j.examples;

import io.lb4j.Endpoint;
import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import io.lb4j.balance.Balancers;
import io.lb4j.examples.server.LocalServer;
import io.lb4j.okhttp.BalancedClient;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** Mutual TLS to servers that are addresses: their certificates are for the name of the service. */
public final class Tls {
    /** With a dot in it, so that it is sent in the handshake. */
    private static final String SERVICE = "orders.internal";

    private final HeldCertificate authority = new HeldCertificate.Builder()
            .certificateAuthority(0)
            .commonName("our authority")
            .build();
    private final PrintStream out;

    private Tls(PrintStream out) {
        this.out = out;
    }

    /** Shows who is trusted, and who is not. */
    public static void main(String[] args) throws IOException, InterruptedException {
        run(System.out);
    }

    static void run(PrintStream out) throws IOException, InterruptedException {
        new Tls(out).run();
    }

    private void run() throws IOException, InterruptedException {
        HandshakeCertificates ofService = identity(certificateFor(SERVICE));
        HandshakeCertificates ofOthers = identity(certificateFor("invoices.internal"));
        try (LocalServer a = LocalServer.startTls("a", ofService.sslContext());
                LocalServer b = LocalServer.startTls("b", ofService.sslContext());
                LocalServer other = LocalServer.startTls("other", ofOthers.sslContext())) {
            OkHttpClient client = trusting(identity(certificateFor("shop.internal")));
            try (LoadBalancer orders = balancer(a, b);
                    Calls calls = new Calls(client, orders)) {
                out.println("mutual TLS:           " + calls.make(10)); // http://orders.internal/, upgraded
            }
            out.println("no certificate:       " + call(trusting(nobody()), a));
            out.println("another's server:     " + call(client, other));
        }
    }

    /** The scheme of the endpoints makes https of http; the name of the service stays that which certificates are for. */
    private static LoadBalancer balancer(LocalServer... servers) {
        return LoadBalancer.builder(
                        SERVICE,
                        EndpointSource.of(Arrays.stream(servers)
                                .map(server -> Endpoint.parse("https://" + server.address()))
                                .toList()),
                        Balancers.roundRobin())
                .build();
    }

    private static String call(OkHttpClient base, LocalServer server) {
        try (LoadBalancer orders = balancer(server)) {
            OkHttpClient client = BalancedClient.wrap(base).service(orders).build();
            Request request =
                    new Request.Builder().url("https://" + SERVICE + "/").build();
            try (Response response = client.newCall(request).execute()) {
                return "answered by " + response.body().string();
            } catch (IOException e) {
                return "refused";
            } finally {
                client.connectionPool().evictAll();
            }
        }
    }

    private HeldCertificate certificateFor(String name) {
        return new HeldCertificate.Builder()
                .signedBy(authority)
                .addSubjectAlternativeName(name)
                .build();
    }

    private HandshakeCertificates identity(HeldCertificate own) {
        return new HandshakeCertificates.Builder()
                .heldCertificate(own)
                .addTrustedCertificate(authority.certificate())
                .build();
    }

    private HandshakeCertificates nobody() {
        return new HandshakeCertificates.Builder()
                .addTrustedCertificate(authority.certificate())
                .build();
    }

    /** Trust and identity are the client's, as without a LoadBalancer. */
    private static OkHttpClient trusting(HandshakeCertificates certificates) {
        return new OkHttpClient.Builder()
                .sslSocketFactory(certificates.sslSocketFactory(), certificates.trustManager())
                .build();
    }
}
