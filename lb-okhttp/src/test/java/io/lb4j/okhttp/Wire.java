package io.lb4j.okhttp;

import java.util.List;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** The three ways in which HTTP goes over the wire. */
enum Wire {
    HTTP_1_1("http"),
    H2C("http"),
    H2_TLS("https");

    /** The certificate of every test server; it is valid for the names of all test services. */
    private static final HeldCertificate CERTIFICATE = new HeldCertificate.Builder()
            .addSubjectAlternativeName("orders")
            .addSubjectAlternativeName("orders.test")
            .addSubjectAlternativeName("users.test")
            .addSubjectAlternativeName("shop.test")
            .addSubjectAlternativeName("next.test")
            .build();

    private final String scheme;

    Wire(String scheme) {
        this.scheme = scheme;
    }

    private List<Protocol> protocols() {
        return switch (this) {
            case HTTP_1_1 -> List.of(Protocol.HTTP_1_1);
            case H2C -> List.of(Protocol.H2_PRIOR_KNOWLEDGE);
            case H2_TLS -> List.of(Protocol.HTTP_2, Protocol.HTTP_1_1);
        };
    }

    String url(String service, String path) {
        return scheme + "://" + service + path;
    }

    void configure(MockWebServer server) {
        server.setProtocols(protocols());
        if (this == H2_TLS) {
            server.useHttps(new HandshakeCertificates.Builder()
                    .heldCertificate(CERTIFICATE)
                    .build()
                    .sslSocketFactory());
        }
    }

    OkHttpClient client() {
        OkHttpClient.Builder builder = new OkHttpClient.Builder().protocols(protocols());
        if (this == H2_TLS) {
            HandshakeCertificates trust = new HandshakeCertificates.Builder()
                    .addTrustedCertificate(CERTIFICATE.certificate())
                    .build();
            builder.sslSocketFactory(trust.sslSocketFactory(), trust.trustManager());
        }
        return builder.build();
    }
}
