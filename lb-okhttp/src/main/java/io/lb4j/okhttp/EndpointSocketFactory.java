package io.lb4j.okhttp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import javax.net.SocketFactory;

/**
 * Makes sockets that connect to an endpoint's own port, with TCP_NODELAY: OkHttp leaves that off, which costs larger
 * request bodies 10 to 40 ms each.
 *
 * <p>A socket factory of the user's own still makes the sockets.
 */
final class EndpointSocketFactory extends SocketFactory {
    private final EndpointAddress address;
    private final SocketFactory underlying;
    private final EndpointSockets open;

    EndpointSocketFactory(EndpointAddress address, SocketFactory underlying, EndpointSockets open) {
        this.address = address;
        this.underlying = underlying;
        this.open = open;
    }

    @Override
    public Socket createSocket() throws IOException {
        boolean standard = underlying.equals(SocketFactory.getDefault());
        Socket socket = standard
                ? new EndpointSocket(address, open)
                : new ForwardingSocket(address, underlying.createSocket(), open);
        open.opened(socket);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static UnsupportedOperationException unconnectedOnly() {
        return new UnsupportedOperationException("OkHttp asks for unconnected sockets only");
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw unconnectedOnly();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw unconnectedOnly();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw unconnectedOnly();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
        throw unconnectedOnly();
    }

    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // what it overrides takes the lock
    private static final class EndpointSocket extends Socket {
        private final EndpointAddress address;
        private final EndpointSockets open;

        EndpointSocket(EndpointAddress address, EndpointSockets open) {
            this.address = address;
            this.open = open;
        }

        @Override
        public void close() throws IOException {
            open.closed(this);
            super.close();
        }

        @Override
        public void connect(SocketAddress endpoint) throws IOException {
            connect(endpoint, 0);
        }

        @Override
        public void connect(SocketAddress endpoint, int timeout) throws IOException {
            address.connect(endpoint, real -> super.connect(real, timeout));
            EndpointAddress.limitHandshake(this, timeout);
        }
    }
}
