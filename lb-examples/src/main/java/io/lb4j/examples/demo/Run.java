package io.lb4j.examples.demo;

import io.lb4j.Balancer;
import io.lb4j.LoadBalancer;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One run: the traffic of the scenario through one algorithm, on servers of its own. */
final class Run {
    private static final String SERVICE = "orders";
    private static final long STEP_MILLIS = 100;

    private final String algorithm;
    private final Balancer balancer;
    private final Scenario scenario;
    private final Screen screen;
    /** Filled by the LoadBalancer's threads, shown by the one that runs this. */
    private final Queue<String> events = new ConcurrentLinkedQueue<>();

    Run(String algorithm, Balancer balancer, Scenario scenario, Screen screen) {
        this.algorithm = algorithm;
        this.balancer = balancer;
        this.scenario = scenario;
        this.screen = screen;
    }

    /** Runs without faults, to let the JVM compile what the measured runs use. */
    void withoutFaults() throws IOException, InterruptedException {
        RunSummary ignored = run(false);
    }

    RunSummary withFaults() throws IOException, InterruptedException {
        return run(true);
    }

    private RunSummary run(boolean faults) throws IOException, InterruptedException {
        Workload workload = Workload.draw(scenario);
        Observer observer = new Observer(events::add);
        try (Cluster cluster = Cluster.start(scenario);
                LoadBalancer service = LoadBalancer.builder(SERVICE, cluster.endpoints(), balancer)
                        .listener(observer)
                        .build();
                Client client = Client.of(service);
                Traffic traffic = new Traffic(client.http(), SERVICE, workload, scenario.callers())) {
            traffic.start();
            direct(traffic, faults ? Fault.schedule(cluster, service) : List.of());
            return RunSummary.of(algorithm, traffic.results(), observer, cluster.ports());
        }
    }

    private void direct(Traffic traffic, List<Fault> faults) throws InterruptedException {
        Progress progress = new Progress(scenario, screen);
        Iterator<Fault> coming = faults.iterator();
        Fault next = coming.hasNext() ? coming.next() : null;
        while (!traffic.await(STEP_MILLIS)) {
            if (next != null && progress.part() >= next.at()) {
                progress.event(screen.bold(next.what()));
                apply(next, progress);
                next = coming.hasNext() ? coming.next() : null;
            }
            showEvents(progress);
            progress.show(traffic);
        }
        showEvents(progress);
    }

    private static void apply(Fault fault, Progress progress) {
        try {
            fault.action().run();
        } catch (IOException e) {
            progress.event("not done: " + e.getMessage());
        }
    }

    private void showEvents(Progress progress) {
        for (String event = events.poll(); event != null; event = events.poll()) {
            progress.event(screen.dim("  " + event));
        }
    }
}
