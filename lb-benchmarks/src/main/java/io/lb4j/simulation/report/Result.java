package io.lb4j.simulation.report;

import io.lb4j.simulation.Figures;
import io.lb4j.simulation.Recording;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Figures of one policy in one scenario: means over the seeds.
 *
 * @param scenario the scenario's id
 * @param policy the policy's name
 * @param whole all that was recorded
 * @param window the time of the fault
 * @param share which part of the requests in the window went to the bad server first, 0 to 1
 * @param shareAfter the same for the time in which recovery is looked at
 * @param inTime which part of all requests was answered within a second, 0 to 1
 */
record Result(
        String scenario, String policy, Figures whole, Figures window, double share, double shareAfter, double inTime) {
    private static final long IN_TIME_NANOS = 1_000_000_000L;

    static Result of(Scenario scenario, String policy, Recording recording) {
        return new Result(
                scenario.id(),
                policy,
                recording.figures(),
                recording.figures(scenario.window()),
                recording.share(scenario.bad(), scenario.window()),
                recording.share(scenario.bad(), scenario.after()),
                recording.within(IN_TIME_NANOS));
    }

    static Result mean(List<Result> seeds) {
        return new Result(
                seeds.get(0).scenario,
                seeds.get(0).policy,
                figures(seeds.stream().map(Result::whole).toList()),
                figures(seeds.stream().map(Result::window).toList()),
                mean(seeds, Result::share),
                mean(seeds, Result::shareAfter),
                mean(seeds, Result::inTime));
    }

    private static Figures figures(List<Figures> all) {
        return new Figures(
                mean(all, Figures::requests),
                mean(all, Figures::success),
                mean(all, Figures::mean),
                mean(all, Figures::p50),
                mean(all, Figures::p90),
                mean(all, Figures::p99),
                mean(all, Figures::p999));
    }

    private static <T> double mean(List<T> all, ToDoubleFunction<T> figure) {
        return all.stream().mapToDouble(figure).average().orElse(0);
    }
}
