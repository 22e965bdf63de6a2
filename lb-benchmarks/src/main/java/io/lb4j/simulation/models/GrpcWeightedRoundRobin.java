package io.lb4j.simulation.models;

import io.lb4j.LoadReport;
import io.lb4j.Outcome;
import io.lb4j.simulation.PolicyModel;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * gRPC's {@code weighted_round_robin} (gRFC A58) with a load report on each answer: weight {@code qps / (utilization +
 * eps / qps)}, usable 10 s after the first report, applied once a second by static stride.
 */
final class GrpcWeightedRoundRobin implements PolicyModel {
    private static final long UPDATE_NANOS = 1_000_000_000L;
    private static final long BLACKOUT_NANOS = 10_000_000_000L;
    private static final int SCALE = 65_535;
    private static final int OFFSET = 32_767;
    private static final double EXTREME = 10;

    private final double[] weight;
    private final long[] reportedSince;
    private final boolean[] reported;
    private int[] members = {};
    private int[] scaled = {};
    private long sequence;
    private long updatedAt;

    GrpcWeightedRoundRobin(int servers, RandomGenerator random) {
        this.weight = new double[servers];
        this.reportedSince = new long[servers];
        this.reported = new boolean[servers];
        this.sequence = random.nextInt(1 << 16);
    }

    @Override
    public void members(int[] servers) {
        members = servers.clone();
        scaled = new int[0];
    }

    @Override
    public int choose(long now) {
        if (members.length == 0) {
            return -1;
        }
        if (scaled.length == 0 || now - updatedAt >= UPDATE_NANOS) {
            updatedAt = now;
            scale(now);
        }
        while (true) {
            int i = (int) (sequence % members.length);
            long generation = sequence / members.length;
            sequence++;
            if ((scaled[i] * generation + (long) OFFSET * i) % SCALE >= SCALE - scaled[i]) {
                return members[i];
            }
        }
    }

    private void scale(long now) {
        double[] usable = Arrays.stream(members)
                .mapToDouble(server -> isUsable(server, now) ? weight[server] : 0)
                .toArray();
        long known = Arrays.stream(usable).filter(each -> each > 0).count();
        double mean = Arrays.stream(usable).filter(each -> each > 0).average().orElse(1);
        double most = 0;
        for (int i = 0; i < usable.length; i++) {
            boolean plain = known < 2 || usable[i] <= 0;
            usable[i] = plain ? mean : Math.max(mean / EXTREME, Math.min(mean * EXTREME, usable[i]));
            most = Math.max(most, usable[i]);
        }
        double largest = most;
        scaled = Arrays.stream(usable)
                .mapToInt(each -> (int) Math.round(each / largest * SCALE))
                .toArray();
    }

    private boolean isUsable(int server, long now) {
        return reported[server] && now - reportedSince[server] >= BLACKOUT_NANOS;
    }

    @Override
    public void ended(int server, long now, long latencyNanos, Outcome outcome, @Nullable LoadReport report) {
        if (report == null || report.utilization() <= 0 || report.requestsPerSecond() <= 0) {
            return;
        }
        if (!reported[server]) {
            reported[server] = true;
            reportedSince[server] = now;
        }
        double errors = report.errorsPerSecond() / report.requestsPerSecond();
        weight[server] = report.requestsPerSecond() / (report.utilization() + errors);
    }
}
