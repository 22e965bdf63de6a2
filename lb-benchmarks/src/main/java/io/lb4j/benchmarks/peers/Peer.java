package io.lb4j.benchmarks.peers;

import io.lb4j.benchmarks.report.Key;
import io.lb4j.benchmarks.report.Measurement;
import io.lb4j.benchmarks.report.Measurements;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A peer and what was measured of it.
 *
 * @param name its name
 * @param version which release
 * @param measured the forks of all rounds
 */
record Peer(String name, String version, Measurements measured) {
    /** Reads the results of a module, and its name and version from what Maven has written into it. */
    static Peer read(Path modules, String module, Path results) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(modules.resolve(module + "/target/classes/peer.properties"))) {
            properties.load(reader);
        }
        return new Peer(
                Objects.requireNonNull(properties.getProperty("name")),
                Objects.requireNonNull(properties.getProperty("version")),
                Measurements.read(rounds(results, module)));
    }

    private static List<Path> rounds(Path results, String module) throws IOException {
        try (Stream<Path> files = Files.list(results)) {
            return files.filter(file -> file.getFileName().toString().matches(module + "-\\d+\\.json"))
                    .sorted()
                    .toList();
        }
    }

    /** Its rows, in the order of the measurements. */
    List<Row> rows() {
        return measured.all().stream()
                .filter(each -> each.key().benchmark().endsWith(".peer"))
                .map(this::row)
                .toList();
    }

    private Row row(Measurement theirs) {
        Key key = theirs.key();
        String type = key.benchmark().substring(0, key.benchmark().lastIndexOf('.'));
        return new Row(
                this,
                Comparisons.of(type),
                theirs,
                required(new Key(type + ".lb4j", key.threads(), key.params())),
                required(Key.of(type + ".floor", key.threads())));
    }

    private Measurement required(Key key) {
        Measurement found = measured.find(key);
        if (found == null) {
            throw new IllegalArgumentException(name + ": no " + key + " (expected: measured in the same run)");
        }
        return found;
    }
}
