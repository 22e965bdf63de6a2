package io.lb4j.okhttp;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/**
 * Where an endpoint really listens: OkHttp connects to the port of the URL, and this says which one is meant.
 *
 * @param service the host of the URL, that marks the addresses that {@link EndpointDns} gave
 * @param port the endpoint's port
 */
record EndpointAddress(String service, int port) {
    /** The address that OkHttp connects to is the real one. */
    static final EndpointAddress AS_GIVEN = new EndpointAddress("", 0);

    /** How a socket connects. */
    @FunctionalInterface
    interface Connector {
        void connect(SocketAddress address) throws IOException;
    }

    /** Connects to the real address, which then is also in the words of a failure; leaves foreign addresses alone. */
    void connect(SocketAddress address, Connector connector) throws IOException {
        if (!(address instanceof InetSocketAddress named)
                || !named.getHostString().equals(service)) {
            connector.connect(address);
            return;
        }
        InetSocketAddress real = new InetSocketAddress(named.getAddress(), port);
        try {
            connector.connect(real);
        } catch (ConnectException e) {
            throw caused(new ConnectException(message(e, real)), e);
        } catch (SocketTimeoutException e) {
            throw caused(new SocketTimeoutException(message(e, real)), e);
        }
    }

    /**
     * Sees to it that connecting does not last longer than connecting may: OkHttp would wait for the other side of a TLS handshake
     * for the read timeout, which for streams is without end. It sets the read timeout again when the handshake is over.
     */
    static void limitHandshake(Socket socket, int connectTimeout) throws SocketException {
        int limit = socket.getSoTimeout();
        if (connectTimeout > 0 && (limit == 0 || limit > connectTimeout)) {
            socket.setSoTimeout(connectTimeout);
        }
    }

    private static String message(IOException failure, InetSocketAddress real) {
        return failure.getMessage() + " (" + real + ")";
    }

    private static <T extends IOException> T caused(T failure, IOException cause) {
        failure.initCause(cause);
        return failure;
    }
}
