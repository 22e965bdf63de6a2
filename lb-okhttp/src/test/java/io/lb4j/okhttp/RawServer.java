package io.lb4j.okhttp;

import io.lb4j.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that takes connections and spoils the TLS handshake. */
final class RawServer implements AutoCloseable {
    /** What it does instead. */
    enum How {
        /** Closes the connection in order. */
        CLOSE(Outcome.UNREACHABLE),
        /** Breaks the connection off. */
        RESET(Outcome.UNREACHABLE),
        /** Says nothing. */
        SILENCE(Outcome.TIMED_OUT),
        /** Speaks HTTP in the clear. */
        PLAIN(Outcome.UNREACHABLE),
        /** Says by an alert that it has no version or cipher in common with the client. */
        ALERT(Outcome.UNREACHABLE);

        private final Outcome outcome;

        How(Outcome outcome) {
            this.outcome = outcome;
        }

        /** What it counts as. */
        Outcome outcome() {
            return outcome;
        }

        /** How long it is worth waiting for. */
        Duration patience() {
            return Duration.ofMillis(this == SILENCE ? 300 : 20_000);
        }
    }

    private final ServerSocket server;
    private final How how;
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    RawServer(How how) throws IOException {
        this.how = how;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::accept, "raw-server-" + how);
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                spoil(socket);
            } catch (IOException e) {
                // closed, or the client has gone
            }
        }
    }

    private void spoil(Socket socket) throws IOException {
        if (how == How.SILENCE) {
            return;
        }
        int ignored = socket.getInputStream().read(); // the client has begun
        if (how == How.PLAIN) {
            socket.getOutputStream()
                    .write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return;
        } else if (how == How.ALERT) {
            socket.getOutputStream().write(new byte[] {21, 3, 3, 0, 2, 2, 40}); // fatal: handshake_failure
            return;
        }
        socket.setSoLinger(how == How.RESET, 0);
        if (how == How.CLOSE) {
            socket.shutdownOutput();
        } else {
            socket.close();
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
