package io.lb4j.balance;

import io.lb4j.Node;

/**
 * Smooth weighted round robin, one whole period of it written down.
 *
 * <p>In each step every node gains its weight, the one that has most serves, and pays the sum of all weights; the first
 * wins ties. Source: NGINX, commit 52327e0627f4; {@code byrequests} of Apache is the same arithmetic.
 */
final class SmoothSchedule implements Schedule {
    static final int LONGEST = 4096;

    private final Node[] period;

    private SmoothSchedule(Node[] period) {
        this.period = period;
    }

    static SmoothSchedule of(Node[] nodes, int[] weights) {
        int sum = 0;
        for (int weight : weights) {
            sum += weight;
        }
        int[] credits = new int[nodes.length];
        Node[] period = new Node[sum];
        for (int step = 0; step < sum; step++) {
            int best = 0;
            for (int i = 0; i < credits.length; i++) {
                credits[i] += weights[i];
                best = credits[i] > credits[best] ? i : best;
            }
            credits[best] -= sum;
            period[step] = nodes[best];
        }
        return new SmoothSchedule(period);
    }

    int length() {
        return period.length;
    }

    @Override
    public Node next(Cursor cursor) {
        return period[cursor.next(period.length)];
    }
}
