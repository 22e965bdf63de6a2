package io.lb4j.okhttp;

import io.lb4j.Outcome;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** What status codes and OkHttp's exceptions say about an endpoint. */
final class StandardOutcomes {
    /** Alerts by which a server says that it misses the client's certificate or does not take it: RFC 8446, section 6.2. */
    private static final Pattern CLIENT_REFUSED = Pattern.compile("Received fatal alert: (?:bad_certificate|"
            + "unsupported_certificate|certificate_revoked|certificate_expired|certificate_unknown|unknown_ca|"
            + "access_denied|certificate_required)");

    private StandardOutcomes() {}

    static Outcome of(Response response) {
        return switch (response.code()) {
            case 429 -> RetryAfter.isIn(response) ? Outcome.OVERLOADED : Outcome.SUCCESS;
            case 503 -> RetryAfter.isIn(response) ? Outcome.OVERLOADED : Outcome.FAILURE;
            case 502, 504 -> Outcome.FAILURE;
            default -> Outcome.SUCCESS;
        };
    }

    static Outcome of(IOException failure) {
        if (failure instanceof SocketTimeoutException) {
            return Outcome.TIMED_OUT;
        } else if (failure instanceof InterruptedIOException) {
            return Outcome.CANCELLED;
        } else if (failure instanceof SSLPeerUnverifiedException || isTrustRefused(failure)) {
            return Outcome.UNTRUSTED;
        } else if (isUnreachable(failure)) {
            return Outcome.UNREACHABLE;
        }
        return Outcome.FAILURE;
    }

    private static boolean isUnreachable(IOException failure) {
        return failure instanceof ConnectException
                || failure instanceof NoRouteToHostException
                || failure instanceof PortUnreachableException
                || failure instanceof UnknownHostException
                || failure instanceof SSLHandshakeException // the peer left in the middle of it
                || isNoTls(failure);
    }

    /** The peer does not speak TLS at all. */
    private static boolean isNoTls(IOException failure) {
        return failure instanceof SSLException
                && String.valueOf(failure.getMessage()).startsWith("Unsupported or unrecognized SSL message");
    }

    private static boolean isTrustRefused(IOException failure) {
        if (!(failure instanceof SSLHandshakeException)) {
            return false;
        } else if (CLIENT_REFUSED.matcher(String.valueOf(failure.getMessage())).find()) {
            return true;
        }
        @Nullable Throwable cause = failure.getCause();
        while (cause != null && !(cause instanceof CertificateException)) {
            cause = cause.getCause();
        }
        return cause != null;
    }
}
