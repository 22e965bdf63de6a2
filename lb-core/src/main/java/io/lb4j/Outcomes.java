package io.lb4j;

import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** What an exception of the JDK says about an endpoint. */
final class Outcomes {
    private Outcomes() {}

    static Outcome of(Throwable failure) {
        if (failure instanceof SocketTimeoutException || failure instanceof TimeoutException) {
            return Outcome.TIMED_OUT;
        } else if (failure instanceof InterruptedException
                || failure instanceof InterruptedIOException
                || failure instanceof CancellationException) {
            return Outcome.CANCELLED;
        } else if (failure instanceof ConnectException
                || failure instanceof NoRouteToHostException
                || failure instanceof PortUnreachableException
                || failure instanceof UnknownHostException) {
            return Outcome.UNREACHABLE;
        } else if (failure instanceof SSLHandshakeException || failure instanceof SSLPeerUnverifiedException) {
            return Outcome.UNTRUSTED;
        }
        return Outcome.FAILURE;
    }
}
