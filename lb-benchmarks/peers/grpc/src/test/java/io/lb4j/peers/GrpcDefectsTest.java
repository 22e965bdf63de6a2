package io.lb4j.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.xds.Opened;
import io.lb4j.balance.Balancers;
import java.util.Arrays;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

/** What docs/peers.md says of gRPC; a test that fails here means that the text is to be changed. */
class GrpcDefectsTest {
    private static final int REQUESTS = 1_000_000;

    @Test
    void weightedRoundRobinGivesAServerAtMostTenTimesTheMean() {
        float[] weights = new float[1_000];
        Arrays.fill(weights, 1);
        weights[0] = 999;
        IntSupplier stride = Opened.staticStride(weights);
        int first = 0;
        for (int i = 0; i < REQUESTS; i++) {
            first += stride.getAsInt() == 0 ? 1 : 0;
        }
        assertEquals(0.0196, first / (double) REQUESTS, 0.0005);
        int[] ours = Own.of(Balancers.weightedRoundRobin(), 0, 1_000, i -> i == 0 ? 999 : 1)
                .counts(REQUESTS);
        assertEquals(0.5, ours[0] / (double) REQUESTS, 0.0005);
    }
}
