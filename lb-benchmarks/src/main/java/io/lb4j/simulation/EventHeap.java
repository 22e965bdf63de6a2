package io.lb4j.simulation;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A binary heap of events by time; the order of events at the same time is fixed but means nothing. */
final class EventHeap {
    private long[] times = new long[256];
    private @Nullable Runnable[] events = new Runnable[256];
    private int size;

    /** The time of the first event, {@link Long#MAX_VALUE} if there is none. */
    long firstTime() {
        return size == 0 ? Long.MAX_VALUE : times[0];
    }

    int size() {
        return size;
    }

    void add(long time, Runnable event) {
        if (size == times.length) {
            times = Arrays.copyOf(times, size * 2);
            events = Arrays.copyOf(events, size * 2);
        }
        int at = size++;
        while (at > 0 && times[(at - 1) >>> 1] > time) {
            int parent = (at - 1) >>> 1;
            put(at, times[parent], events[parent]);
            at = parent;
        }
        put(at, time, event);
    }

    /** Takes the first event; null if there is none. */
    @Nullable
    Runnable poll() {
        if (size == 0) {
            return null;
        }
        Runnable first = events[0];
        size--;
        long time = times[size];
        Runnable moved = events[size];
        events[size] = null;
        sink(time, moved);
        return first;
    }

    /** Puts an event where it belongs, from the root down. */
    private void sink(long time, @Nullable Runnable event) {
        int at = 0;
        for (int child = 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && times[child + 1] < times[child]) {
                child++;
            }
            if (times[child] >= time) {
                break;
            }
            put(at, times[child], events[child]);
            at = child;
        }
        put(at, time, event);
    }

    private void put(int at, long time, @Nullable Runnable event) {
        times[at] = time;
        events[at] = event;
    }
}
