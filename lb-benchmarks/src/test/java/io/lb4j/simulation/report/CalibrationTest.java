package io.lb4j.simulation.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.simulation.Policy;
import io.lb4j.simulation.models.Models;
import java.util.List;
import org.junit.jupiter.api.Test;

class CalibrationTest {
    @Test
    void closedFormsAreMet() {
        for (Calibration.Row row : Calibration.all()) {
            boolean rare = row.value().startsWith("s5"); // and 500 servers are not infinitely many
            double tolerated = rare ? 0.1 : 0.03;
            assertTrue(Math.abs(row.error()) < tolerated, row::toString);
        }
    }

    /** Buoyant, 2016: about 95, 99 and 99.9 % within a second. */
    @Test
    void publishedTestOfSlowBackendIsMet() {
        assertEquals(95.45, percentInTime(Models.plainRoundRobin()), 0.3);
        assertEquals(99.5, percentInTime(named("leastRequests")), 0.15);
        assertEquals(99.5, percentInTime(Models.leastRequestTwoChoices()), 0.15);
        assertEquals(99.93, percentInTime(Models.finaglePeakEwma()), 0.04);
        assertEquals(99.9, percentInTime(Policies.leastResponseTime()), 0.03);
    }

    private static Policy named(String name) {
        return Policies.all().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static double percentInTime(Policy policy) {
        List<Scenario> slowBackend =
                Scenarios.all().stream().filter(each -> each.id().equals("S11")).toList();
        Matrix matrix = new Matrix(slowBackend, List.of(policy), 1, 1);
        return matrix.run((what, requests, events, seconds, left) -> {}).get(0).inTime() * 100;
    }
}
