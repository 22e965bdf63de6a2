package io.lb4j.simulation.models;

import io.lb4j.simulation.PolicyModel;
import java.util.random.RandomGenerator;

/** A random server, whatever happens: a proxy or a client without health checks. */
final class PlainRandom implements PolicyModel {
    private final RandomGenerator random;
    private int[] members = {};

    PlainRandom(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public void members(int[] servers) {
        members = servers.clone();
    }

    @Override
    public int choose(long now) {
        return members.length == 0 ? -1 : members[random.nextInt(members.length)];
    }
}
