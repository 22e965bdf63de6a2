package io.lb4j.health;

import io.lb4j.Endpoint;
import io.lb4j.HealthProbe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Connects; then sends a text, if there is one, and reads until the expected text has come, if there is one. */
record TcpProbe(String send, String expect) implements HealthProbe {
    private static final int MOST_BYTES = 64 * 1024;

    @Override
    public Verdict check(Endpoint endpoint, Duration timeout) throws IOException {
        Deadline deadline = Deadline.in(timeout);
        try (Socket socket = connect(endpoint, deadline)) {
            if (!send.isEmpty()) {
                socket.getOutputStream().write(send.getBytes(StandardCharsets.ISO_8859_1));
            }
            if (!expect.isEmpty()) {
                await(socket, deadline);
            }
        }
        return Verdict.PASS;
    }

    static Socket connect(Endpoint endpoint, Deadline deadline) throws IOException {
        Socket socket = new Socket();
        try {
            InetSocketAddress address = new InetSocketAddress(endpoint.host(), endpoint.port());
            socket.connect(address, deadline.leftMillis());
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void await(Socket socket, Deadline deadline) throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        byte[] buffer = new byte[1024];
        while (received.size() < MOST_BYTES) {
            socket.setSoTimeout(deadline.leftMillis());
            int count = in.read(buffer);
            if (count < 0) {
                throw new IOException("connection closed before \"" + expect + "\" came, received " + shown(received));
            }
            received.write(buffer, 0, count);
            if (received.toString(StandardCharsets.ISO_8859_1).contains(expect)) {
                return;
            }
        }
        throw new IOException("no \"" + expect + "\" in " + MOST_BYTES + " bytes");
    }

    private static String shown(ByteArrayOutputStream received) {
        String text = received.toString(StandardCharsets.ISO_8859_1);
        return '"' + text.substring(0, Math.min(80, text.length())) + '"';
    }
}
