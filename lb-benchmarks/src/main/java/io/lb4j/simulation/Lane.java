package io.lb4j.simulation;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.Consumer;

/** Things that all wait equally long: first in, first out, which is cheaper than a heap. */
final class Lane<T> {
    private final long delay;
    private final Consumer<T> handler;
    private final ArrayDeque<T> things = new ArrayDeque<>();
    /** A ring: when each thing is due. */
    private long[] due = new long[1024];

    private int head;

    Lane(long delay, Consumer<T> handler) {
        this.delay = delay;
        this.handler = handler;
    }

    /** When the first thing is due, {@link Long#MAX_VALUE} if there is none. */
    long firstTime() {
        return things.isEmpty() ? Long.MAX_VALUE : due[head];
    }

    void add(long now, T thing) {
        if (things.size() == due.length) {
            grow();
        }
        due[(head + things.size()) & (due.length - 1)] = now + delay;
        things.addLast(thing);
    }

    private void grow() {
        long[] larger = Arrays.copyOf(due, due.length * 2);
        System.arraycopy(due, 0, larger, due.length, head);
        due = larger;
    }

    /** Hands the first thing over. */
    void handleFirst() {
        head = (head + 1) & (due.length - 1);
        handler.accept(things.removeFirst());
    }
}
