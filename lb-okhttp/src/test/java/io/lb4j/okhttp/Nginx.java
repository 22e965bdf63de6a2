package io.lb4j.okhttp;

import io.lb4j.Endpoint;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real nginx of one process; it answers with its own name. */
final class Nginx implements AutoCloseable {
    private final String binary;
    private final Path folder;
    private final int port;
    private Process process;

    Nginx(String binary, Path parent, String name) throws IOException {
        this.binary = binary;
        this.folder = Files.createDirectories(parent.resolve(name));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
        Files.writeString(folder.resolve("nginx.conf"), """
                daemon off;
                master_process off;
                pid %1$s/nginx.pid;
                events { worker_connections 512; }
                http {
                  access_log off;
                  client_body_temp_path %1$s/body;
                  proxy_temp_path %1$s/proxy;
                  fastcgi_temp_path %1$s/fastcgi;
                  uwsgi_temp_path %1$s/uwsgi;
                  scgi_temp_path %1$s/scgi;
                  keepalive_requests 100000;
                  server {
                    listen 127.0.0.1:%2$d;
                    location / { return 200 "%3$s"; }
                    location /health { return 200 "well"; }
                  }
                }
                """.formatted(folder, port, name));
        process = launch();
    }

    /** Where nginx is installed, if it is. */
    static Optional<String> binary() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Stream.of(path.split(File.pathSeparator)), Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(folder -> new File(folder, "nginx"))
                .filter(File::canExecute)
                .map(File::getPath)
                .findFirst();
    }

    Endpoint endpoint() {
        return Endpoint.of("127.0.0.1", port);
    }

    private Process launch() throws IOException {
        Process started = new ProcessBuilder(
                        binary, "-p", folder.toString(), "-c", "nginx.conf", "-e", folder + "/error.log")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.log").toFile())
                .start();
        Eventually.equal(true, this::accepts);
        return started;
    }

    private boolean accepts() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    void restart() {
        try {
            process.destroyForcibly().waitFor();
            process = launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends a signal to this process alone: TERM, KILL, STOP, CONT; a JVM's children do not hear QUIT. */
    void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new IllegalStateException("kill -" + name + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends a stopped process, too. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
