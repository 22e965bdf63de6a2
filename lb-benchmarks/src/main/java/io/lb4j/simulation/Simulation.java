package io.lb4j.simulation;

import io.lb4j.LoadBalancer;
import io.lb4j.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Clients that balance their requests over servers, in virtual time.
 *
 * <p>Servers are queues, first come first served, with some workers each. The clients' load balancers are the real ones,
 * driven through their public API. The same policy and the same seed give the same recording, and all policies meet the
 * same requests.
 *
 * <pre>{@code
 * Simulation tenServers = Simulation.servers(10).workers(4).load(0.6)
 *         .fault(0, Fault.slow(5, Duration.ofSeconds(15), Duration.ofSeconds(45)))
 *         .build();
 * Recording recording = tenServers.run(Policy.product("mine", Balancers::leastResponseTime), 1);
 * System.out.println(recording.figures());
 * }</pre>
 */
public final class Simulation {
    private static final long PROGRESS_STEP = 1_000_000_000L;

    private final SimulationBuilder plan;

    Simulation(SimulationBuilder plan) {
        this.plan = plan;
    }

    /**
     * Starts to describe a simulation.
     *
     * @param count how many servers, 1 to 30,000
     * @return a builder
     */
    public static SimulationBuilder servers(int count) {
        return new SimulationBuilder(count);
    }

    /**
     * Runs it.
     *
     * @param policy how clients choose
     * @param seed the seed of all randomness
     * @return what the clients saw
     */
    public Recording run(Policy policy, long seed) {
        return run(policy, seed, part -> {});
    }

    /**
     * Runs it and tells how far it is.
     *
     * @param policy how clients choose
     * @param seed the seed of all randomness
     * @param progress gets the part that is over, 0 to 1, after each virtual second
     * @return what the clients saw
     */
    public Recording run(Policy policy, long seed, DoubleConsumer progress) {
        Timeline timeline = new Timeline();
        Streams streams = new Streams(seed);
        Recording recording = new Recording(measured());
        Caller caller = new Caller(this, timeline, streams, recording);
        Fleet fleet = fleet(timeline, streams, caller);
        List<Client> clients = clients(policy, timeline, streams, fleet);
        plan.joins.forEach((server, at) -> timeline.at(at, () -> fleet.join(server)));
        plan.leaves.forEach((server, at) -> timeline.at(at, () -> fleet.leave(server)));
        caller.start(clients);
        long end = measured().to() + plan.timeoutNanos * (1 + plan.retries);
        for (long time = 0; time < end; time += PROGRESS_STEP) {
            timeline.runUntil(Math.min(end, time + PROGRESS_STEP));
            progress.accept(Math.min(1, (double) (time + PROGRESS_STEP) / end));
        }
        clients.forEach(Client::close);
        recording.events(timeline.events());
        return recording;
    }

    /**
     * Returns this simulation with clients that try again.
     *
     * @param most how often at most, each time on another server
     * @return a simulation
     */
    public Simulation withRetries(int most) {
        return new SimulationBuilder(plan).retries(most).build();
    }

    /**
     * Returns the part that is recorded: all but the warm-up.
     *
     * @return the span
     */
    public Span measured() {
        return new Span(plan.warmUpNanos, plan.warmUpNanos + plan.measuredNanos);
    }

    private Fleet fleet(Timeline timeline, Streams streams, Caller caller) {
        List<Server> servers = new ArrayList<>();
        for (int i = 0; i < plan.servers; i++) {
            List<Fault> faults = new ArrayList<>(plan.faults.getOrDefault(i, List.of()));
            RandomGenerator stream = streams.faults(i);
            plan.everywhere.forEach(source -> faults.add(source.apply(stream)));
            int workers = plan.workersOf.getOrDefault(i, plan.workers);
            servers.add(new Server(i, workers, faults, timeline, caller::reply));
        }
        List<Integer> members = IntStream.range(0, plan.servers)
                .filter(i -> !plan.joins.containsKey(i))
                .boxed()
                .toList();
        return new Fleet(servers, members);
    }

    private List<Client> clients(Policy policy, Timeline timeline, Streams streams, Fleet fleet) {
        TimelineScheduler scheduler = new TimelineScheduler(timeline);
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < plan.clients; i++) {
            RandomGenerator random = streams.client(i);
            long origin = random.nextLong() >> 1;
            Ticker clock = () -> origin + timeline.now(); // as in real life, each process has its own
            clients.add(client(policy, random, new Surroundings(timeline, fleet, clock, scheduler)));
        }
        return clients;
    }

    private record Surroundings(Timeline timeline, Fleet fleet, Ticker clock, TimelineScheduler scheduler) {}

    private Client client(Policy policy, RandomGenerator random, Surroundings around) {
        boolean feedback = policy.needsFeedback();
        Timeline timeline = around.timeline();
        Fleet fleet = around.fleet();
        if (policy.factory() instanceof Policy.Product product) {
            LoadBalancer balancer = balancer(product, random, around);
            return new ProductClient(balancer, fleet, timeline, around.clock(), feedback);
        }
        PolicyModel model = ((Policy.Model) policy.factory()).maker().make(plan.servers, random);
        return new ModelClient(model, fleet, timeline, around.clock(), feedback);
    }

    private static LoadBalancer balancer(Policy.Product product, RandomGenerator random, Surroundings around) {
        Supplier<RandomGenerator> source = () -> random;
        var builder = LoadBalancer.builder(
                        "simulated", around.fleet().source(), product.balancer().apply(source))
                .ticker(around.clock())
                .scheduler(around.scheduler())
                .random(source)
                .healthTracker(product.health().apply(source));
        product.settings().accept(builder);
        return builder.build();
    }

    // ------------------------------------------------------------------------------------------ for the caller

    double requestsPerSecond() {
        return plan.requestsPerSecond;
    }

    int burst() {
        return plan.burst;
    }

    int retries() {
        return plan.retries;
    }

    ServiceTime serviceTime() {
        return plan.serviceTime;
    }

    long networkNanos() {
        return plan.networkNanos;
    }

    long timeoutNanos() {
        return plan.timeoutNanos;
    }
}
