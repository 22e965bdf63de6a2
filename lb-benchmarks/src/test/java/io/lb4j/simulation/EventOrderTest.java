package io.lb4j.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EventOrderTest {
    private final Timeline timeline = new Timeline();
    private final List<Long> seen = new ArrayList<>();

    @Test
    void heapGivesEventsByTime() {
        SplittableRandom random = new SplittableRandom(1);
        EventHeap heap = new EventHeap();
        List<Long> times = random.longs(5_000, 0, 100_000).boxed().toList();
        times.forEach(time -> heap.add(time, () -> seen.add(time)));
        while (heap.size() > 0) {
            assertEquals(seen.size() + heap.size(), 5_000);
            Runnable event = heap.poll();
            event.run();
        }
        assertEquals(times.stream().sorted().toList(), seen);
        assertNull(heap.poll());
        assertEquals(Long.MAX_VALUE, heap.firstTime());
    }

    @Test
    void lanesAndHeapMakeOneOrder() {
        Lane<Long> near = timeline.lane(10, seen::add);
        Lane<Long> far = timeline.lane(5_000, seen::add);
        SplittableRandom random = new SplittableRandom(2);
        List<Long> expected = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) { // more than a lane holds at first
            timeline.runUntil(i);
            near.add(i, i + 10L);
            far.add(i, i + 5_000L);
            long later = i + random.nextLong(3_000);
            timeline.at(later, () -> seen.add(later));
            expected.addAll(List.of(i + 10L, i + 5_000L, later));
        }
        timeline.runUntil(20_000);
        assertEquals(expected.stream().sorted().toList(), seen);
        assertEquals(30_000, timeline.events());
    }

    @Test
    void timersOfTheProductRunInTheTimeline() throws Exception {
        TimelineScheduler scheduler = new TimelineScheduler(timeline);
        var done = scheduler.schedule(() -> seen.add(timeline.now()), 7, TimeUnit.NANOSECONDS);
        var cancelled = scheduler.schedule(() -> seen.add(-1L), 8, TimeUnit.NANOSECONDS);
        cancelled.cancel(false);
        timeline.runUntil(9);
        assertEquals(List.of(7L), seen);
        assertEquals(true, done.get());
    }
}
