package io.lb4j.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

class BenchmarkSetTest {
    /** Each benchmark once, in this JVM. */
    private static Set<Key> run(Selection selection) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .forks(0)
                .mode(Mode.SingleShotTime)
                .warmupIterations(0)
                .measurementIterations(1)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        selection.applyTo(options);
        Collection<RunResult> results = new Runner(options.build()).run();
        return results.stream().map(result -> Rounds.key(result.getParams())).collect(Collectors.toSet());
    }

    @Test
    @Tag("socket")
    void quickSetRunsAndMeasuresAllThatTargetsAndFloorsName() throws RunnerException {
        System.setProperty("jmh.ignoreLock", "true");
        Set<Key> measured = new HashSet<>();
        for (Selection selection : BenchmarkSet.quick().selections()) {
            measured.addAll(run(selection));
        }
        for (Target target : Targets.all()) {
            assertTrue(measured.contains(target.measured()), () -> "not measured: " + target.measured());
            assertTrue(measured.contains(target.base()), () -> "not measured: " + target.base());
        }
        for (Key key : measured) {
            Key floor = Floors.of(key);
            assertTrue(floor == null || measured.contains(floor), () -> key + ": its floor is not measured");
        }
    }

    @Test
    void wholeSetRunsWhatTheQuickSetRuns() {
        Set<String> all = names(BenchmarkSet.all());
        assertEquals(all, union(all, names(BenchmarkSet.quick())));
    }

    private static Set<String> names(BenchmarkSet set) {
        return set.selections().stream()
                .map(each -> each.benchmark() + each.threads())
                .collect(Collectors.toSet());
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        return List.of(some, others).stream().flatMap(Set::stream).collect(Collectors.toSet());
    }
}
