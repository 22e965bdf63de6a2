package io.lb4j.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Virtual time and what is going to happen in it; confined to one thread. */
final class Timeline {
    private final EventHeap heap = new EventHeap();
    private final List<Lane<?>> lanes = new ArrayList<>();
    private long now;
    private long events;

    /** Nanoseconds since the start. */
    long now() {
        return now;
    }

    /** How many events have happened. */
    long events() {
        return events;
    }

    void at(long time, Runnable event) {
        heap.add(Math.max(now, time), event);
    }

    void after(long delay, Runnable event) {
        heap.add(now + delay, event);
    }

    /** Adds a lane of things that are all handled the same time after they were added. */
    <T> Lane<T> lane(long delay, Consumer<T> handler) {
        Lane<T> lane = new Lane<>(delay, handler);
        lanes.add(lane);
        return lane;
    }

    /** Lets everything happen that is due until then. */
    void runUntil(long end) {
        Lane<?>[] all = lanes.toArray(Lane<?>[]::new);
        while (true) {
            Lane<?> first = null;
            long time = heap.firstTime();
            for (Lane<?> lane : all) {
                if (lane.firstTime() < time) {
                    first = lane;
                    time = lane.firstTime();
                }
            }
            if (time > end) {
                break;
            }
            now = time;
            events++;
            happen(first);
        }
        now = end;
    }

    private void happen(@Nullable Lane<?> lane) {
        if (lane != null) {
            lane.handleFirst();
            return;
        }
        Runnable event = heap.poll();
        if (event != null) {
            event.run();
        }
    }
}
