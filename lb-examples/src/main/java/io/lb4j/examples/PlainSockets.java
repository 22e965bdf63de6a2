package io.lb4j.examples;

import io.lb4j.Endpoint;
import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import io.lb4j.RequestContext;
import io.lb4j.balance.Balancers;
import io.lb4j.examples.server.LineServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Balancing without HTTP: sockets, JDBC connections, anything that goes to an address. Needs lb-core only. */
public final class PlainSockets {
    private static final int QUESTIONS = 40;

    private PlainSockets() {}

    /** Asks two servers, of which one stops. */
    public static void main(String[] args) throws IOException {
        run(System.out);
    }

    static void run(PrintStream out) throws IOException {
        try (LineServer first = LineServer.start("first");
                LineServer second = LineServer.start("second");
                LoadBalancer service = LoadBalancer.builder(
                                "lines", EndpointSource.of(first.address(), second.address()), Balancers.roundRobin())
                        .build()) {
            out.println("both run:      " + askAll(service) + " of " + QUESTIONS + " refused");
            second.stop();
            out.println("second stops:  " + askAll(service) + " of " + QUESTIONS + " refused, then it is "
                    + service.nodes().find(second.address()));
        }
    }

    /** One try on the endpoint that the algorithm chooses; how it ends is measured and judged. */
    static String ask(LoadBalancer service, String question) throws IOException {
        return service.attempt(RequestContext.none(), lease -> {
            Endpoint endpoint = lease.endpoint();
            try (Socket socket = new Socket(endpoint.host(), endpoint.port())) {
                socket.getOutputStream().write((question + "\n").getBytes(StandardCharsets.UTF_8));
                return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                        .readLine();
            }
        });
    }

    private static int askAll(LoadBalancer service) throws IOException {
        int refused = 0;
        for (int i = 0; i < QUESTIONS; i++) {
            try {
                String ignored = ask(service, "question " + i);
            } catch (ConnectException e) {
                refused++;
            }
        }
        return refused;
    }
}
