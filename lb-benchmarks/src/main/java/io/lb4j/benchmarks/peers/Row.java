package io.lb4j.benchmarks.peers;

import io.lb4j.benchmarks.report.Measurement;
import java.util.Locale;

/**
 * One comparison at one size.
 *
 * @param peer whose algorithm
 * @param comparison which algorithms
 * @param theirs what the peer takes
 * @param ours what we take
 * @param floor what no algorithm of the kind can do without
 */
record Row(Peer peer, Comparison comparison, Measurement theirs, Measurement ours, Measurement floor) {
    /** What is nearer than this is called equal: forks of the same code differ by as much. */
    static final double NOISE = 1.15;

    /** How we stand. */
    enum Verdict {
        /** We take less time. */
        AHEAD,
        /** The difference is within the noise. */
        EQUAL,
        /** The peer takes less time. */
        BEHIND;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Verdict verdict() {
        double ratio = theirs.nanos() / ours.nanos();
        return ratio > NOISE ? Verdict.AHEAD : ratio < 1 / NOISE ? Verdict.BEHIND : Verdict.EQUAL;
    }

    /** As a row of the table. */
    String markdown() {
        return String.format(
                Locale.ROOT,
                "| %s | `%s` | `%s` | %s | %s | %s | %s | %s | %.2f | %.2f | %.2f | %,.0f | %,.0f | %s |%n",
                peer.name(),
                comparison.theirs(),
                comparison.ours(),
                comparison.kind(),
                theirs.key().param("endpoints"),
                nanos(floor),
                nanos(theirs),
                nanos(ours),
                theirs.nanos() / floor.nanos(),
                ours.nanos() / floor.nanos(),
                theirs.nanos() / ours.nanos(),
                theirs.bytesPerOperation(),
                ours.bytesPerOperation(),
                verdict());
    }

    /** In words, for the list of those where we are not ahead. */
    String sentence() {
        return String.format(
                Locale.ROOT,
                "- %s `%s` at %s endpoints: %s, %s ns beside our %s ns (floor %s). %s%n",
                peer.name(),
                comparison.theirs(),
                theirs.key().param("endpoints"),
                verdict(),
                nanos(theirs),
                nanos(ours),
                nanos(floor),
                comparison.differs());
    }

    private static String nanos(Measurement measured) {
        return String.format(Locale.ROOT, measured.nanos() < 1000 ? "%.1f" : "%,.0f", measured.nanos());
    }
}
