package io.lb4j.okhttp;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** Certificates, made when the tests begin: good ones and bad ones. */
final class Certificates {
    private Certificates() {}

    private static final HeldCertificate ROOT = new HeldCertificate.Builder()
            .certificateAuthority(0)
            .commonName("root")
            .build();
    private static final HeldCertificate STRANGER = new HeldCertificate.Builder()
            .certificateAuthority(0)
            .commonName("stranger")
            .build();

    /** Who one side is; both sides trust what the root has signed. */
    @SuppressWarnings("ImmutableEnumChecker") // OkHttp's class has no mark, but is
    enum Identity {
        NONE(null),
        RIGHT(named(ROOT, Fleet.SERVICE)),
        RIGHT_TOO(named(ROOT, Fleet.SERVICE)),
        API_1(named(ROOT, "api-1.test")),
        API_2(named(ROOT, "api-2.test")),
        CLIENT(new HeldCertificate.Builder().signedBy(ROOT).commonName("client").build()),
        WRONG_HOST(named(ROOT, "other.test")),
        EXPIRED(valid(Duration.ofDays(-2), Duration.ofDays(-1))),
        NOT_YET_VALID(valid(Duration.ofDays(1), Duration.ofDays(2))),
        UNTRUSTED(named(STRANGER, Fleet.SERVICE)),
        SELF_SIGNED(of(UnaryOperator.identity()));

        private final HeldCertificate held;

        Identity(HeldCertificate held) {
            this.held = held;
        }

        X509Certificate certificate() {
            return held.certificate();
        }

        HandshakeCertificates handshake() {
            HandshakeCertificates.Builder builder =
                    new HandshakeCertificates.Builder().addTrustedCertificate(ROOT.certificate());
            if (held != null) {
                builder.heldCertificate(held);
            }
            return builder.build();
        }

        /** Gives this to a server; new connections see it. */
        void presentedBy(MockWebServer server) {
            server.useHttps(handshake().sslSocketFactory());
        }

        OkHttpClient.Builder trusting(OkHttpClient.Builder builder) {
            HandshakeCertificates certificates = handshake();
            return builder.sslSocketFactory(certificates.sslSocketFactory(), certificates.trustManager());
        }
    }

    private static HeldCertificate of(UnaryOperator<HeldCertificate.Builder> more) {
        return more.apply(new HeldCertificate.Builder().addSubjectAlternativeName(Fleet.SERVICE))
                .build();
    }

    private static HeldCertificate named(HeldCertificate signer, String name) {
        return new HeldCertificate.Builder()
                .signedBy(signer)
                .addSubjectAlternativeName(name)
                .build();
    }

    private static HeldCertificate valid(Duration from, Duration to) {
        Instant now = Instant.now();
        return of(builder -> builder.signedBy(ROOT)
                .validityInterval(now.plus(from).toEpochMilli(), now.plus(to).toEpochMilli()));
    }
}
