package io.lb4j.simulation.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoldenReportTest {
    private static final Path DOCS = Path.of("..", "docs");

    /** A difference is a change of behaviour: look at it, run {@code scripts/simulate}, commit what it wrote. */
    @Test
    void shortTableIsTheOneInTheDocuments() throws IOException {
        assertEquals(Files.readString(DOCS.resolve("simulation/short.csv")), Simulate.shortTable());
    }

    @Test
    void reportIsComplete() throws IOException {
        String report = Files.readString(DOCS.resolve("simulation.md"));
        List<String> results = Files.readAllLines(DOCS.resolve("simulation/results.csv"));
        Scenarios.all().forEach(each -> assertTrue(report.contains("| " + each + " |"), each::toString));
        Policies.all().forEach(each -> assertTrue(report.contains(each.name()), each::name));
        assertEquals(1 + Scenarios.all().size() * Policies.all().size(), results.size());
    }

    @Test
    void plotsAreThere() {
        for (Scenario scenario : Plots.scenarios(Scenarios.all())) {
            Path share = DOCS.resolve("simulation/" + scenario.id() + "-share.svg");
            assertTrue(Files.exists(share), share::toString);
        }
    }

    @Test
    void prototypeAndTargetsSpeakOfTheScenarios() {
        List<String> ids = Scenarios.all().stream().map(Scenario::id).toList();
        assertTrue(ids.containsAll(Prototype.rows().keySet()));
        assertEquals(20, Prototype.rows().size());
        Target.all().forEach(each -> assertTrue(ids.contains(each.scenario())));
        assertEquals(new Prototype.Row(48.7, 71.5, 1), Prototype.rows().get("S1"));
    }
}
