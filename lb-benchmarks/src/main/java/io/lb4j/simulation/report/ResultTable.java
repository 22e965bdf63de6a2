package io.lb4j.simulation.report;

import io.lb4j.simulation.Figures;
import java.util.List;
import java.util.Locale;

/** All figures of some results, one line each. */
final class ResultTable {
    private static final String HEAD =
            "scenario,policy,requests,p50,p90,p99,p99.9,mean,success %,window p50,window p99,window p99.9,window success %,"
                    + "bad share %,bad share after %,within 1 s %";

    private ResultTable() {}

    static String csv(List<Result> results) {
        StringBuilder csv = new StringBuilder(HEAD).append('\n');
        for (Result each : results) {
            csv.append(line(each)).append('\n');
        }
        return csv.toString();
    }

    private static String line(Result each) {
        Figures whole = each.whole();
        Figures window = each.window();
        return String.format(
                Locale.ROOT,
                "%s,\"%s\",%.0f,%.1f,%.1f,%.1f,%.1f,%.2f,%.3f,%.1f,%.1f,%.1f,%.3f,%.2f,%.2f,%.3f",
                each.scenario(),
                each.policy(),
                whole.requests(),
                whole.p50(),
                whole.p90(),
                whole.p99(),
                whole.p999(),
                whole.mean(),
                whole.success() * 100,
                window.p50(),
                window.p99(),
                window.p999(),
                window.success() * 100,
                each.share() * 100,
                each.shareAfter() * 100,
                each.inTime() * 100);
    }
}
