package io.lb4j.health;

import io.lb4j.Endpoint;
import io.lb4j.HealthProbe;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/**
 * Active checks that need only the JDK.
 *
 * <p>Any function is a check as well: {@code (endpoint, timeout) -> myClient.ping(endpoint.host()) ? Verdict.PASS :
 * Verdict.DEGRADED}; what it throws is a failure. What the methods return is immutable.
 */
public final class HealthProbes {
    private HealthProbes() {}

    /**
     * Returns the check that a TCP connection can be made.
     *
     * @return the check
     */
    public static HealthProbe tcp() {
        return new TcpProbe("", "");
    }

    /**
     * Returns the check that an endpoint answers a text with a text over TCP, for instance {@code tcp("PING\r\n",
     * "+PONG")}.
     *
     * @param send what to send after connecting, in ISO-8859-1; empty = nothing, for servers that speak first
     * @param expect what must come somewhere in the first 64 KiB of the answer, not empty
     * @return the check
     */
    public static HealthProbe tcp(String send, String expect) {
        Checks.given("send", send);
        if (Checks.given("expect", expect).isEmpty()) {
            throw Checks.bad("expect", "\"\"", "some text, or tcp() to connect only");
        }
        return new TcpProbe(send, expect);
    }

    /**
     * Returns the check that a TLS handshake succeeds, with a certificate that the JVM trusts and that names the
     * endpoint's host.
     *
     * @return the check
     */
    public static HealthProbe tls() {
        return new TlsProbe((SSLSocketFactory) SSLSocketFactory.getDefault(), "");
    }

    /**
     * Returns the check that a TLS handshake succeeds, with a certificate for a name of your own.
     *
     * @param context what to trust and what to prove oneself with
     * @param serverName the name sent (SNI) and expected in the certificate, for instance the service's where all
     *     endpoints have the same certificate; not empty
     * @return the check
     */
    public static HealthProbe tls(SSLContext context, String serverName) {
        if (Checks.given("serverName", serverName).isBlank()) {
            throw Checks.bad("serverName", '"' + serverName + '"', "a host name");
        }
        return new TlsProbe(Checks.given("context", context).getSocketFactory(), serverName);
    }

    /**
     * Returns the check that all of several checks pass, one after the other within one timeout.
     *
     * @param parts at least one; the first that fails ends it, one that says degraded makes it degraded
     * @return the check
     */
    public static HealthProbe allOf(HealthProbe... parts) {
        List<HealthProbe> copy = checked(parts);
        return (endpoint, timeout) -> {
            Deadline deadline = Deadline.in(timeout);
            HealthProbe.Verdict worst = HealthProbe.Verdict.PASS;
            for (HealthProbe part : copy) {
                HealthProbe.Verdict verdict = part.check(endpoint, deadline.left());
                worst = verdict == HealthProbe.Verdict.PASS ? worst : verdict;
            }
            return worst;
        };
    }

    /**
     * Returns the check that one of several checks passes, tried one after the other within one timeout.
     *
     * @param parts at least one; the first that passes ends it, without one the first that says degraded counts
     * @return the check
     */
    public static HealthProbe anyOf(HealthProbe... parts) {
        List<HealthProbe> copy = checked(parts);
        return (endpoint, timeout) -> firstPass(copy, endpoint, timeout);
    }

    private static HealthProbe.Verdict firstPass(List<HealthProbe> parts, Endpoint endpoint, Duration timeout)
            throws Exception {
        Deadline deadline = Deadline.in(timeout);
        boolean degraded = false;
        Exception failure = new SocketTimeoutException("the time for the check is up");
        for (HealthProbe part : parts) {
            try {
                if (part.check(endpoint, deadline.left()) == HealthProbe.Verdict.PASS) {
                    return HealthProbe.Verdict.PASS;
                }
                degraded = true;
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                failure = e;
            }
        }
        if (degraded) {
            return HealthProbe.Verdict.DEGRADED;
        }
        throw failure;
    }

    private static List<HealthProbe> checked(HealthProbe... parts) {
        List<HealthProbe> copy = List.of(parts);
        if (copy.isEmpty()) {
            throw Checks.bad("parts", "none", "at least one");
        }
        return copy;
    }
}
