package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lb4j.Endpoint;
import io.lb4j.EndpointSource;
import io.lb4j.HealthProbe.Schedule;
import io.lb4j.LoadBalancer;
import io.lb4j.Node;
import io.lb4j.balance.Balancers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One of three real nginx breaks under traffic and comes back: no idempotent call fails. */
@Tag("real")
@Timeout(120)
class NginxFaultTest {
    private static final int THREADS = 4;
    private static final long PHASE_NANOS = Duration.ofSeconds(2).toNanos();
    private static final Duration READ_TIMEOUT = Duration.ofMillis(400);

    /** What happens to the process, and how it comes back. */
    enum Fault {
        STOPPED("TERM"),
        KILLED("KILL"),
        FROZEN("STOP");

        private final String signal;

        Fault(String signal) {
            this.signal = signal;
        }

        void begin(Nginx nginx) {
            nginx.signal(signal);
        }

        void end(Nginx nginx) {
            if (this == FROZEN) {
                nginx.signal("CONT");
            } else {
                nginx.restart();
            }
        }
    }

    private static String binary = "";

    @TempDir
    Path folder;

    @BeforeAll
    static void find() {
        Optional<String> found = Nginx.binary();
        assumeTrue(found.isPresent(), "nginx is not installed (apt-get install nginx-light)");
        binary = found.orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void noIdempotentCallFails(Fault fault) throws Exception {
        try (Cluster cluster = new Cluster(folder)) {
            Node first = cluster.balancer.nodes().get(0);
            cluster.start();
            cluster.pass(PHASE_NANOS);
            long broken = System.nanoTime();
            fault.begin(cluster.servers.get(0));
            Eventually.equal(false, () -> first.state() == Node.State.UP);
            long detected = System.nanoTime();
            cluster.pass(PHASE_NANOS);
            Eventually.equal(Node.State.DOWN, first::state);
            long repaired = System.nanoTime();
            fault.end(cluster.servers.get(0));
            Eventually.equal(Node.State.UP, first::state);
            long back = System.nanoTime();
            cluster.pass(PHASE_NANOS);
            cluster.stop();
            cluster.report(fault, "S0", broken, detected, repaired, back);
            assertEquals(List.of(), List.copyOf(cluster.failures));
            assertNotEquals(0, cluster.count(at -> at - back > 0, "S0"), "the one that was broken serves again");
            assertTrue(cluster.count(at -> at - detected > 0 && at - repaired < 0, "S") > 0, "traffic went on");
            assertEquals(0, cluster.inFlight());
        }
    }

    @Test
    void noIdempotentCallFailsWhileEachIsRestartedInTurn() throws Exception {
        try (Cluster cluster = new Cluster(folder)) {
            cluster.start();
            cluster.pass(PHASE_NANOS / 2);
            for (int i = 0; i < 3; i++) {
                Node node = cluster.balancer.nodes().get(i);
                long broken = System.nanoTime();
                cluster.servers.get(i).signal("KILL");
                Eventually.equal(false, () -> node.state() == Node.State.UP);
                long detected = System.nanoTime();
                cluster.servers.get(i).restart();
                Eventually.equal(Node.State.UP, node::state);
                long back = System.nanoTime();
                cluster.pass(PHASE_NANOS / 4);
                cluster.report("RESTARTED S" + i, "S" + i, broken, detected, detected, back);
            }
            cluster.stop();
            assertEquals(List.of(), List.copyOf(cluster.failures));
            assertEquals(0, cluster.inFlight());
        }
    }

    private record Sample(long end, long nanos, int attempts, String answer) {}

    private static final class Cluster implements AutoCloseable {
        final List<Nginx> servers = new ArrayList<>();
        final Queue<Sample> samples = new ConcurrentLinkedQueue<>();
        final Queue<String> failures = new ConcurrentLinkedQueue<>();
        final List<Thread> threads = new ArrayList<>();
        final LoadBalancer balancer;
        final OkHttpClient client;
        /** Ends the traffic. */
        volatile boolean stopped;

        Cluster(Path folder) throws IOException {
            for (int i = 0; i < 3; i++) {
                servers.add(new Nginx(binary, folder, "S" + i));
            }
            List<Endpoint> endpoints = servers.stream().map(Nginx::endpoint).toList();
            OkHttpClient plain =
                    new OkHttpClient.Builder().readTimeout(READ_TIMEOUT).build();
            balancer = LoadBalancer.builder(Fleet.SERVICE, EndpointSource.of(endpoints), Balancers.roundRobin())
                    .healthProbe(
                            HttpProbe.get(plain, "http://" + Fleet.SERVICE + "/health"),
                            Schedule.standard()
                                    .withInterval(Duration.ofMillis(200))
                                    .withDownInterval(Duration.ofMillis(500))
                                    .withTimeout(Duration.ofMillis(200)))
                    .build();
            client = BalancedClient.wrap(plain)
                    .service(Service.of(balancer).withConnectTimeout(Duration.ofMillis(200)))
                    .build();
            for (Node node : balancer.nodes()) {
                Eventually.equal(Node.State.UP, node::state);
            }
        }

        void start() {
            for (int i = 0; i < THREADS; i++) {
                Thread thread = new Thread(() -> {
                    for (int call = 0; !stopped; call++) {
                        call(call % 4 == 3 ? "DELETE" : "GET");
                    }
                });
                thread.start();
                threads.add(thread);
            }
        }

        private void call(String method) {
            long start = System.nanoTime();
            Call call = client.newCall(new Request.Builder()
                    .url("http://" + Fleet.SERVICE + "/items")
                    .method(method, null)
                    .build());
            String answer = "";
            try (Response response = call.execute()) {
                answer = response.body().string();
                if (response.code() != 200 || !answer.startsWith("S")) {
                    failures.add(response.code() + " " + answer);
                }
            } catch (IOException e) {
                failures.add(e + " after " + call.tag(BalancedCall.class));
            }
            long end = System.nanoTime();
            int attempts = call.tag(BalancedCall.class).attempts().size();
            samples.add(new Sample(end, end - start, attempts, answer));
        }

        /** Lets the traffic flow for a time. */
        void pass(long nanos) {
            long start = System.nanoTime();
            Eventually.equal(true, () -> System.nanoTime() - start > nanos);
        }

        void stop() {
            stopped = true;
            Eventually.equal(true, () -> threads.stream().noneMatch(Thread::isAlive));
        }

        long count(LongPredicate when, String prefix) {
            return samples.stream()
                    .filter(each -> when.test(each.end()) && each.answer().startsWith(prefix))
                    .count();
        }

        int inFlight() {
            int sum = 0;
            for (Node node : balancer.nodes()) {
                sum += node.inFlight();
            }
            return sum;
        }

        void report(Object what, String server, long broken, long detected, long repaired, long back) {
            List<Sample> after = samples.stream()
                    .filter(each -> each.end() - detected > 0 && each.end() - repaired < 0)
                    .toList();
            long early = samples.stream()
                    .filter(each -> each.end() - broken > 0 && each.end() - detected <= 0 && each.attempts() > 1)
                    .count();
            System.out.printf(
                    "nginx %s: %d calls, %d failed; detected after %d ms, %d calls retried until then, %d later; slowest"
                            + " %d ms, after the detection %d ms; back %d ms after the repair; since then it served %d of %d%n",
                    what,
                    samples.size(),
                    failures.size(),
                    TimeUnit.NANOSECONDS.toMillis(detected - broken),
                    early,
                    after.stream().filter(each -> each.attempts() > 1).count(),
                    slowest(List.copyOf(samples)),
                    slowest(after),
                    TimeUnit.NANOSECONDS.toMillis(back - repaired),
                    count(at -> at - back > 0, server),
                    count(at -> at - back > 0, "S"));
        }

        private static long slowest(List<Sample> of) {
            return TimeUnit.NANOSECONDS.toMillis(
                    of.stream().mapToLong(Sample::nanos).max().orElse(0));
        }

        @Override
        public void close() {
            stop();
            client.connectionPool().evictAll();
            client.dispatcher().executorService().shutdown();
            balancer.close();
            servers.forEach(Nginx::close);
        }
    }
}
