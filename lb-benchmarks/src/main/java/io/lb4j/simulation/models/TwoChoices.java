package io.lb4j.simulation.models;

import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/** Draws of two different servers. */
final class TwoChoices {
    private final RandomGenerator random;
    private int[] members = {};
    private int first;
    private int second;

    TwoChoices(RandomGenerator random) {
        this.random = random;
    }

    void members(int[] servers) {
        members = servers.clone();
    }

    /** Draws two; false if there is no server at all. With one, both are the same. */
    boolean draw() {
        int n = members.length;
        if (n == 0) {
            return false;
        }
        int a = random.nextInt(n);
        int b = n == 1 ? 0 : random.nextInt(n - 1);
        first = members[a];
        second = members[n > 1 && b >= a ? b + 1 : b];
        return true;
    }

    /** Draws until both may be used, five times at most. */
    boolean draw(IntPredicate usable) {
        for (int i = 0; i < 5; i++) {
            if (!draw()) {
                return false;
            }
            if (usable.test(first) && usable.test(second)) {
                return true;
            }
        }
        return true;
    }

    int first() {
        return first;
    }

    int second() {
        return second;
    }
}
