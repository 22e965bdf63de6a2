package com.palantir.dialogue.core;

import com.github.benmanes.caffeine.cache.Ticker;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ListMultimap;
import com.palantir.dialogue.Response;
import com.palantir.dialogue.ResponseAttachments;
import com.palantir.tritium.metrics.registry.DefaultTaggedMetricRegistry;
import io.lb4j.peers.Cycles;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Random;

/** The score tracker of Dialogue's BALANCED strategy; in its package, since it is not public. */
public final class Channels {
    private static final Response OK = new Ok();

    private final BalancedScoreTracker tracker;
    private final BalancedScoreTracker.ChannelScoreInfo[] open = new BalancedScoreTracker.ChannelScoreInfo[Cycles.OPEN];
    /** Confined to the one thread of the benchmark. */
    private int next;

    /** Makes it for so many channels, and begins the requests that the first cycles end. */
    public Channels(int endpoints) {
        tracker = new BalancedScoreTracker(
                endpoints, new Random(42), Ticker.systemTicker(), new DefaultTaggedMetricRegistry(), "peers");
        for (int i = 0; i < Cycles.OPEN; i++) {
            begin(i);
        }
    }

    /** The oldest request ends well, a new one begins. */
    public Object cycle() {
        int at = next++ & (Cycles.OPEN - 1);
        open[at].onSuccess(OK);
        return begin(at);
    }

    private Object begin(int at) {
        BalancedScoreTracker.ChannelScoreInfo best = tracker.getSingleBestChannelByScore();
        best.startRequest();
        open[at] = best;
        return best;
    }

    private static final class Ok implements Response {
        @Override
        public InputStream body() {
            return new ByteArrayInputStream(new byte[0]);
        }

        @Override
        public int code() {
            return 200;
        }

        @Override
        public ListMultimap<String, String> headers() {
            return ImmutableListMultimap.of();
        }

        @Override
        public ResponseAttachments attachments() {
            return ResponseAttachments.create();
        }

        @Override
        public void close() {}
    }
}
