package io.lb4j.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.benchmarks.report.Target.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultTableTest {
    private static final String RESULT = """
            [{"benchmark": "a.b.Some.pick", "mode": "avgt", "threads": 2, "params": {"nodes": "10"},
              "primaryMetric": {"scoreUnit": "UNIT", "rawData": RAW},
              "secondaryMetrics": {"gc.alloc.rate.norm": {"scoreUnit": "B/op", "rawData": [[32.0, 32.2]]}}}]
            """;
    private static final Key PICK = Key.of("Some.pick", 2, "nodes=10");
    private static final Key FLOOR = Key.of("Some.floor", 1);

    @TempDir
    private Path directory;

    private Path file(String unit, String rawData) throws IOException {
        return Files.writeString(
                Files.createTempFile(directory, "result", ".json"),
                RESULT.replace("UNIT", unit).replace("RAW", rawData));
    }

    private static Measurement taking(Key key, double... forks) {
        return new Measurement(key, Arrays.stream(forks).boxed().toList(), List.of(32.0));
    }

    @Test
    void forksOfSeveralFilesCountAsOne() throws IOException {
        Measurements read =
                Measurements.read(List.of(file("ns/op", "[[9, 5, 6], [7, 8, 9]]"), file("us/op", "[[0.005]]")));
        Measurement one = read.all().get(0);
        assertEquals(List.of(6.0, 8.0, 5.0), one.forks(), "the median iteration of each fork, in nanoseconds");
        assertEquals(PICK, one.key());
        assertEquals(5, one.nanos());
        assertEquals(8, one.slowest());
        assertEquals(32.2, one.bytesPerOperation());
    }

    @Test
    void throughputIsRefused() throws IOException {
        Path file = file("ops/s", "[[1]]");
        String message = assertThrows(IllegalArgumentException.class, () -> Measurements.read(List.of(file)))
                .getMessage();
        assertTrue(message.contains("Mode.AverageTime"), message);
    }

    @Test
    void eachRowStandsBesideItsFloor() {
        Measurements measured = Measurements.of(List.of(taking(PICK, 30, 20), taking(FLOOR, 10)));
        String table = new ResultTable(measured, key -> key.equals(PICK) ? FLOOR : null).markdown();
        assertTrue(table.contains("| nodes | threads | ns | floor, ns | x floor | B | slowest fork, ns |"), table);
        assertTrue(table.contains("| 10 | 2 | 20.0 | 10.0 | 2.00 | 32 | 30.0 |"), table);
        assertTrue(table.contains("| 1 | 10.0 |  |  | 32 | 10.0 |"), table);
    }

    @Test
    void aTargetIsMetUpToItsLimit() {
        Measurements measured = Measurements.of(List.of(taking(PICK, 20), taking(FLOOR, 10)));
        ResultTable table = new ResultTable(measured, key -> null);
        assertTrue(table.verdicts(List.of(new Target("a", PICK, FLOOR, Figure.RATIO, 2)))
                .contains("| a | 2.00 x | 2.00 x | met |"));
        assertTrue(table.verdicts(List.of(new Target("a", PICK, FLOOR, Figure.RATIO, 1.99)))
                .contains("| **not met** |"));
        assertTrue(table.verdicts(List.of(new Target("a", PICK, FLOOR, Figure.MORE_NANOS, 9)))
                .contains("| a | 9 ns more | 10 ns more | **not met** |"));
        assertTrue(table.verdicts(List.of(new Target("a", PICK, PICK, Figure.BYTES, 32)))
                .contains("| a | 32 B | 32 B | met |"));
        assertTrue(table.verdicts(List.of(new Target("a", PICK.withThreads(4), FLOOR, Figure.RATIO, 2)))
                .contains("| - | not measured |"));
    }
}
