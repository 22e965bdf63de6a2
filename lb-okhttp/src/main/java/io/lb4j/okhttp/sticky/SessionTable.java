package io.lb4j.okhttp.sticky;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.StickinessPolicy;
import io.lb4j.Ticker;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A bounded table of sessions and their nodes. Thread-safe; what one thread binds, all others see at once.
 *
 * <p>For one LoadBalancer. The table is that of this process: another process learns for itself, and after a restart a session
 * is new. When it is full, sessions that are seldom used go first.
 */
public final class SessionTable implements StickinessPolicy {
    private static final int LONGEST_KEY = 64;

    private final Cache<String, Node> nodes;

    private SessionTable(Builder settings) {
        nodes = Caffeine.newBuilder()
                .maximumSize(settings.maxSessions)
                .expireAfterAccess(settings.idle)
                .expireAfterWrite(settings.lifetime)
                .ticker(settings.ticker::nanoTime)
                .executor(Runnable::run)
                .build();
    }

    /**
     * Returns a table with the default settings.
     *
     * @return a new table
     */
    public static SessionTable create() {
        return builder().build();
    }

    /**
     * Returns a builder of a table.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public @Nullable Node lookup(String session, NodeSet all, long nowNanos) {
        Node node = nodes.getIfPresent(bounded(session));
        return node != null && all.find(node.endpoint().id()) == node ? node : null;
    }

    @Override
    public void bind(String session, Node node, long nowNanos) {
        bind(session, node);
    }

    /** A binding that stays is not written again: its lifetime goes on. */
    void bind(String session, Node node) {
        String key = bounded(session);
        if (nodes.getIfPresent(key) != node) {
            nodes.put(key, node);
        }
    }

    /**
     * Drops the binding of one session, for instance at its logout.
     *
     * @param session the session
     */
    public void remove(String session) {
        nodes.invalidate(bounded(Checks.notNull("session", session)));
    }

    @Override
    public void forget(Node node) {
        boolean ignored = nodes.asMap().values().removeIf(bound -> bound == node);
    }

    /**
     * Returns how many sessions are bound.
     *
     * @return about that many; expired ones may still be counted
     */
    public long size() {
        return nodes.estimatedSize();
    }

    /** Whoever sends the session decides how long it is, so a long one is kept as its digest. */
    private static String bounded(String session) {
        if (session.length() <= LONGEST_KEY) {
            return session;
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return "sha256:" + HexFormat.of().formatHex(digest.digest(session.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has it", e);
        }
    }

    /** Settings of a {@link SessionTable}. Not thread-safe. */
    public static final class Builder {
        private int maxSessions = 100_000;
        private Duration idle = Duration.ofMinutes(10);
        private Duration lifetime = Duration.ofHours(24);
        private Ticker ticker = Ticker.system();

        private Builder() {}

        /**
         * Sets how many sessions are kept.
         *
         * @param value at least 1; 100,000 by default
         * @return this
         */
        public Builder maxSessions(int value) {
            maxSessions = Checks.atLeastOne("maxSessions", value);
            return this;
        }

        /**
         * Sets after which time without a request a session is dropped; best that of the servers.
         *
         * @param value more than 0; 10 minutes by default
         * @return this
         */
        public Builder idle(Duration value) {
            idle = Checks.positive("idle", value);
            return this;
        }

        /**
         * Sets how long a binding lasts at most, however busy the session is; it begins anew when the session moves.
         *
         * @param value more than 0; 24 hours by default
         * @return this
         */
        public Builder lifetime(Duration value) {
            lifetime = Checks.positive("lifetime", value);
            return this;
        }

        /**
         * Sets the clock.
         *
         * @param value {@link Ticker#system()} by default
         * @return this
         */
        public Builder ticker(Ticker value) {
            ticker = Checks.notNull("ticker", value);
            return this;
        }

        /**
         * Returns the table.
         *
         * @return a new, empty table
         */
        public SessionTable build() {
            return new SessionTable(this);
        }
    }
}
