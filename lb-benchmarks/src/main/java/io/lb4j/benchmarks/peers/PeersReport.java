package io.lb4j.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Writes the table of LB4J beside its peers; {@code scripts/peers} runs it. */
public final class PeersReport {
    private static final String HEADER = "| peer | its algorithm | ours | compared | endpoints | floor, ns | peer, ns"
            + " | LB4J, ns | peer / floor | LB4J / floor | peer / LB4J | peer, B | LB4J, B | LB4J is |\n"
            + "| --- | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n";

    private PeersReport() {}

    /**
     * Writes the table.
     *
     * @param args the directory of the peers' modules, that of the results, the file to write, how it was measured in
     *     words, the modules
     * @throws IOException if something cannot be read or written
     */
    public static void main(String[] args) throws IOException {
        List<Peer> peers = new ArrayList<>();
        for (String module : Arrays.asList(args).subList(4, args.length)) {
            peers.add(Peer.read(Path.of(args[0]), module, Path.of(args[1])));
        }
        Files.writeString(Path.of(args[2]), report(peers, args[3]));
    }

    static String report(List<Peer> peers, String conditions) {
        List<Row> rows = peers.stream().flatMap(peer -> peer.rows().stream()).toList();
        StringBuilder text = new StringBuilder("# LB4J beside its peers: the figures\n\n");
        text.append("Written by `scripts/peers`. ")
                .append(machine())
                .append(' ')
                .append(conditions);
        text.append(" One thread; times are those of the fastest fork.\n");
        text.append("[peers.md](../peers.md) says what was compared, and what that does not show.\n\n");
        text.append(summary(rows)).append(HEADER);
        rows.forEach(row -> text.append(row.markdown()));
        text.append("\n## Where LB4J is not ahead\n\n");
        rows.stream().filter(row -> row.verdict() != Row.Verdict.AHEAD).forEach(row -> text.append(row.sentence()));
        text.append("\n## What differs\n\n| peer | its algorithm | |\n| --- | --- | --- |\n");
        rows.stream().map(PeersReport::difference).distinct().forEach(text::append);
        text.append("\n## Versions\n\n| peer | version |\n| --- | --- |\n");
        peers.forEach(peer -> text.append("| " + peer.name() + " | " + peer.version() + " |\n"));
        return text.toString();
    }

    private static String summary(List<Row> rows) {
        return String.format(
                Locale.ROOT,
                "Of %d comparisons LB4J is ahead in %d, equal (within %.0f %%) in %d, behind in %d.%n%n",
                rows.size(),
                count(rows, Row.Verdict.AHEAD),
                100 * (Row.NOISE - 1),
                count(rows, Row.Verdict.EQUAL),
                count(rows, Row.Verdict.BEHIND));
    }

    private static long count(List<Row> rows, Row.Verdict verdict) {
        return rows.stream().filter(row -> row.verdict() == verdict).count();
    }

    private static String difference(Row row) {
        Comparison compared = row.comparison();
        return "| " + row.peer().name() + " | `" + compared.theirs() + "` | " + compared.differs() + " |\n";
    }

    private static String machine() {
        return System.getProperty("java.vm.name") + " " + System.getProperty("java.version") + ", "
                + Runtime.getRuntime().availableProcessors() + " processors (" + System.getProperty("os.arch") + ").";
    }
}
