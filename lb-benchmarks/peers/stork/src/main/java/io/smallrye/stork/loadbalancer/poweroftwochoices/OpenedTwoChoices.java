package io.smallrye.stork.loadbalancer.poweroftwochoices;

/** Opens the constructor, which is protected. */
public final class OpenedTwoChoices extends PowerOfTwoChoicesLoadBalancer {
    /** Creates it with an ordinary random generator, the default. */
    public OpenedTwoChoices() {
        super(false);
    }
}
