package com.palantir.dialogue.core;

import com.github.benmanes.caffeine.cache.Ticker;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ListMultimap;
import com.palantir.dialogue.Response;
import com.palantir.dialogue.ResponseAttachments;
import com.palantir.tritium.metrics.registry.DefaultTaggedMetricRegistry;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Random;

/** The score tracker of Dialogue's BALANCED strategy; in its package, since it is not public. */
public final class Channels {
    private static final Response OK = new Ok();

    private final BalancedScoreTracker tracker;

    /** Makes it for so many channels. */
    public Channels(int endpoints) {
        tracker = new BalancedScoreTracker(
                endpoints, new Random(42), Ticker.systemTicker(), new DefaultTaggedMetricRegistry(), "peers");
    }

    /** Selects the best channel and begins a request there. */
    public Request begin() {
        BalancedScoreTracker.ChannelScoreInfo best = tracker.getSingleBestChannelByScore();
        best.startRequest();
        return () -> best.onSuccess(OK);
    }

    /** A request in flight. */
    @FunctionalInterface
    public interface Request {
        /** It ends well. */
        void end();
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
