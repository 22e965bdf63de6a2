package io.lb4j.examples;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;

/** What must not be there any more after everything was closed. */
final class Leftovers {
    private static final List<String> OURS =
            List.of("demo-", "local-server-", "line-server-", "lb4j-", "HTTP-Dispatcher");
    /** Serve all clients of the process, and end with it or when they are idle. */
    private static final List<String> SHARED = List.of("lb4j-abandoned-bodies", "lb4j-hedges");

    private static final long PATIENCE_MILLIS = 10_000;

    private Leftovers() {}

    static void assertNone(List<Integer> ports) throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (isOurs(thread)) {
                thread.join(PATIENCE_MILLIS);
                assertFalse(thread.isAlive(), () -> "still runs: " + thread);
            }
        }
        for (int port : ports) {
            assertThrows(ConnectException.class, () -> {
                try (Socket connected = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    throw new AssertionError("still listens: " + connected);
                }
            });
        }
    }

    private static boolean isOurs(Thread thread) {
        String name = thread.getName();
        boolean keepsTheProcess = name.startsWith("OkHttp") && !thread.isDaemon();
        boolean ours = !SHARED.contains(name) && OURS.stream().anyMatch(name::startsWith);
        return keepsTheProcess || ours;
    }
}
