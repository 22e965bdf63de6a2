package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lb4j.Outcome;
import java.io.IOException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the exceptions of TLS count as, in the words of JDK 17 and of JDK 25. */
class StandardOutcomesTest {
    @ParameterizedTest
    @CsvSource({
        "bad_certificate, UNTRUSTED",
        "unsupported_certificate, UNTRUSTED",
        "certificate_revoked, UNTRUSTED",
        "certificate_expired, UNTRUSTED",
        "certificate_unknown, UNTRUSTED",
        "unknown_ca, UNTRUSTED",
        "access_denied, UNTRUSTED",
        "certificate_required, UNTRUSTED",
        "handshake_failure, UNREACHABLE",
        "protocol_version, UNREACHABLE",
        "unrecognized_name, UNREACHABLE",
        "no_application_protocol, UNREACHABLE",
    })
    void alertsTellWhetherTheServerRefusesTheClientsCertificate(String alert, Outcome expected) {
        String message = "Received fatal alert: " + alert;
        assertEquals(expected, StandardOutcomes.of(new SSLHandshakeException(message)));
        assertEquals(expected, StandardOutcomes.of(new SSLHandshakeException("(" + alert + ") " + message)));
    }

    @Test
    void aCertificateRefusedHereIsNotTrusted() {
        SSLHandshakeException failure = new SSLHandshakeException("PKIX path building failed");
        failure.initCause(new IOException(new CertificateException("expired")));
        assertEquals(Outcome.UNTRUSTED, StandardOutcomes.of(failure));
    }

    @Test
    void whoDoesNotSpeakTlsCannotBeReached() {
        assertEquals(
                Outcome.UNREACHABLE, StandardOutcomes.of(new SSLException("Unsupported or unrecognized SSL message")));
        assertEquals(Outcome.FAILURE, StandardOutcomes.of(new SSLException("Tag mismatch")));
    }
}
