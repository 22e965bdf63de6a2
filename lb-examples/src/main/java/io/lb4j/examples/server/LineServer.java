package io.lb4j.examples.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A server without HTTP: reads a line, answers with its name and the line, and closes the connection. */
public final class LineServer implements AutoCloseable {
    private final String name;
    private final ServerSocket socket;

    private LineServer(String name) throws IOException {
        this.name = name;
        this.socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    }

    /** Starts it on a free port. */
    public static LineServer start(String name) throws IOException {
        LineServer server = new LineServer(name);
        new Thread(server::serve, "line-server-" + name).start();
        return server;
    }

    /** Returns {@code host:port}. */
    public String address() {
        return socket.getInetAddress().getHostAddress() + ":" + socket.getLocalPort();
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket connection = socket.accept()) {
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
                String answer = name + ": " + lines.readLine() + "\n";
                connection.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // This connection broke, or the server is stopped: the condition above tells.
            }
        }
    }

    /** Stops it: connections are refused from now on. */
    public void stop() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
