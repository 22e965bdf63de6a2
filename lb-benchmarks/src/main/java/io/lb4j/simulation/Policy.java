package io.lb4j.simulation;

import io.lb4j.Balancer;
import io.lb4j.ConsecutiveFailures;
import io.lb4j.HealthTracker;
import io.lb4j.LoadBalancerBuilder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * How clients choose servers.
 *
 * @param name the name in reports
 * @param origin whether it is the product or a model
 * @param needsFeedback whether servers must report their load with each answer
 * @param factory makes the client's part
 */
public record Policy(String name, Origin origin, boolean needsFeedback, Factory factory) {
    /** Where a policy comes from. */
    public enum Origin {
        /** An algorithm of this library, run through the whole of it. */
        PRODUCT,
        /** Our model of another product's policy, or of a formula. */
        MODEL
    }

    /** How a client's part is made. */
    public sealed interface Factory permits Product, Model {}

    /**
     * Configures a LoadBalancer.
     *
     * @param balancer makes the algorithm with a source of randomness
     * @param health makes what judges nodes, with a source of randomness
     * @param settings changes other settings
     */
    public record Product(
            Function<Supplier<RandomGenerator>, Balancer> balancer,
            Function<Supplier<RandomGenerator>, HealthTracker> health,
            Consumer<LoadBalancerBuilder> settings)
            implements Factory {}

    /**
     * Makes a model.
     *
     * @param maker makes one client's model
     */
    public record Model(ModelMaker maker) implements Factory {}

    /** Makes one client's model. */
    @FunctionalInterface
    public interface ModelMaker {
        /**
         * Makes a model.
         *
         * @param servers how many servers there are at most
         * @param random the client's stream
         * @return the model
         */
        PolicyModel make(int servers, RandomGenerator random);
    }

    /**
     * Returns an algorithm with all settings of the LoadBalancer at their defaults.
     *
     * @param name the name in reports
     * @param balancer makes the algorithm with a source of randomness
     * @return the policy
     */
    public static Policy product(String name, Function<Supplier<RandomGenerator>, Balancer> balancer) {
        return product(name, balancer, Policy::defaultHealth, settings -> {});
    }

    /**
     * Returns an algorithm and settings.
     *
     * @param name the name in reports
     * @param balancer makes the algorithm with a source of randomness
     * @param health makes what judges nodes, with a source of randomness
     * @param settings changes other settings
     * @return the policy
     */
    public static Policy product(
            String name,
            Function<Supplier<RandomGenerator>, Balancer> balancer,
            Function<Supplier<RandomGenerator>, HealthTracker> health,
            Consumer<LoadBalancerBuilder> settings) {
        return new Policy(name, Origin.PRODUCT, false, new Product(balancer, health, settings));
    }

    /**
     * Returns a model.
     *
     * @param name the name in reports
     * @param maker makes one client's model
     * @return the policy
     */
    public static Policy model(String name, ModelMaker maker) {
        return new Policy(name, Origin.MODEL, false, new Model(maker));
    }

    /**
     * Returns this policy for servers that report their load with each answer.
     *
     * @return a policy
     */
    public Policy withFeedback() {
        return new Policy(name, origin, true, factory);
    }

    /**
     * Returns the tracker that a LoadBalancer has by default, with a source of randomness.
     *
     * @param random the source
     * @return the tracker
     */
    public static HealthTracker defaultHealth(Supplier<RandomGenerator> random) {
        return ConsecutiveFailures.builder().random(random).build();
    }
}
