package io.lb4j.okhttp;

import java.io.IOException;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The open sockets to one address of a service's endpoint. Thread-safe. */
final class EndpointSockets {
    private final String host;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    EndpointSockets(String host, int port) {
        this.host = host;
        this.port = port;
    }

    boolean areTo(String wantedHost, int wantedPort) {
        return port == wantedPort && host.equals(wantedHost);
    }

    void opened(Socket socket) {
        open.add(socket);
    }

    void closed(Socket socket) {
        open.remove(socket);
    }

    /** OkHttp drops a pooled connection when it finds its socket closed. */
    void close() {
        for (Socket socket : open) {
            try {
                socket.close();
            } catch (IOException e) {
                // it is of no use to anybody any more
            }
        }
    }
}
