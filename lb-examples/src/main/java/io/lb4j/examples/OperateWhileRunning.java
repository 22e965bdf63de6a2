package io.lb4j.examples;

import io.lb4j.Endpoint;
import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import io.lb4j.balance.Balancers;
import io.lb4j.examples.server.Answer;
import io.lb4j.examples.server.LocalServer;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;

/** What an operator does to a service while it is called: drain, change the algorithm, change a weight. */
public final class OperateWhileRunning {
    private static final int CALLS = 60;
    private static final int WORKERS = 4;
    private static final Answer AFTER_5_MILLIS = uri -> {
        Thread.sleep(5);
        return 200;
    };

    private OperateWhileRunning() {}

    /** Shows who answers after each order. */
    public static void main(String[] args) throws IOException, InterruptedException {
        run(System.out);
    }

    static void run(PrintStream out) throws IOException, InterruptedException {
        try (LocalServer a = LocalServer.start("a", WORKERS, AFTER_5_MILLIS);
                LocalServer b = LocalServer.start("b", WORKERS, AFTER_5_MILLIS);
                LocalServer c = LocalServer.start("c", WORKERS, AFTER_5_MILLIS);
                LoadBalancer service = LoadBalancer.builder("stock", source(a, b, c), Balancers.roundRobin())
                        .build();
                Calls calls = new Calls(service)) {
            operate(service, calls, out);
        }
    }

    private static void operate(LoadBalancer service, Calls calls, PrintStream out) throws InterruptedException {
        out.println("round robin:     " + calls.make(CALLS));

        List<Future<String>> meanwhile = calls.start(CALLS);
        int left = service.drain("a", Duration.ofSeconds(10)).join();
        out.println("drained a:       " + left + " requests still in flight");
        out.println("meanwhile:       " + calls.tally(meanwhile));
        out.println("without a:       " + calls.make(CALLS));

        service.undrain("a");
        service.switchTo(Balancers.leastRequests());
        out.println("least requests:  " + calls.make(CALLS));

        service.reweight("b", 2);
        out.println("b weighs 2:      " + calls.make(CALLS));
    }

    private static EndpointSource source(LocalServer a, LocalServer b, LocalServer c) {
        return EndpointSource.of(
                Endpoint.parse(a.address()).withId("a"),
                Endpoint.parse(b.address()).withId("b"),
                Endpoint.parse(c.address()).withId("c"));
    }
}
