package io.lb4j.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lb4j.LoadReport;
import org.junit.jupiter.api.Test;

class LoadMeterTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void reportsTheLastWholeSecond() {
        LoadMeter meter = new LoadMeter(4);
        meter.busy(0, 2);
        meter.answered(SECOND / 4, false);
        meter.answered(SECOND / 2, true);
        meter.busy(SECOND / 2, 4);
        LoadReport first = meter.report(SECOND + 1, 77);
        assertEquals(0.75, first.utilization(), 1e-9);
        assertEquals(2, first.requestsPerSecond());
        assertEquals(1, first.errorsPerSecond());
        assertEquals(77, first.receivedNanos());
        LoadReport third = meter.report(3 * SECOND, 0);
        assertEquals(1, third.utilization(), 1e-9);
        assertEquals(0, third.requestsPerSecond());
    }
}
