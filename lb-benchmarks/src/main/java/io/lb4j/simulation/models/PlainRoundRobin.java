package io.lb4j.simulation.models;

import io.lb4j.simulation.PolicyModel;
import java.util.random.RandomGenerator;

/** One server after the other, whatever happens; each client starts at a random place. */
final class PlainRoundRobin implements PolicyModel {
    private final int start;
    private int[] members = {};
    private int picks;

    PlainRoundRobin(RandomGenerator random) {
        this.start = random.nextInt(1 << 16);
    }

    @Override
    public void members(int[] servers) {
        members = servers.clone();
    }

    @Override
    public int choose(long now) {
        return members.length == 0 ? -1 : members[(start + picks++) % members.length];
    }
}
