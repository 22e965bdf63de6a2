package io.lb4j;

import org.jspecify.annotations.Nullable;

/**
 * What a choice may depend on; every method has a default.
 *
 * <p>A request context belongs to one request and is read by the thread that acquires a lease for it.
 */
public interface RequestContext {
    /**
     * Returns what hash algorithms hash, each with its own function.
     *
     * @return the key, for instance a user's id; null if the request has none
     */
    default @Nullable CharSequence key() {
        return null;
    }

    /**
     * Returns the xxHash64 of {@link #key()} in UTF-8 with seed 0, as Envoy and gRPC use it.
     *
     * @return the hash, 0 if there is no key
     */
    default long hashKey() {
        CharSequence key = key();
        return key == null ? 0 : HashKey.of(key);
    }

    /**
     * Returns the session the request belongs to.
     *
     * @return what a {@link StickinessPolicy} understands; null if the request has none
     */
    default @Nullable String session() {
        return null;
    }

    /**
     * Tells whether {@link #excludes} may be true for any node.
     *
     * @return false by default
     */
    default boolean hasExclusions() {
        return false;
    }

    /**
     * Tells whether a node must not be chosen, for instance because an earlier attempt failed there.
     *
     * @param node the node
     * @return false by default
     */
    default boolean excludes(Node node) {
        return false;
    }

    /**
     * Tells whether the request can be made again if it fails; only such a request may try an ejected node.
     *
     * @return true by default
     */
    default boolean replayable() {
        return true;
    }

    /**
     * Returns the context of a request of which nothing is known.
     *
     * @return a constant
     */
    static RequestContext none() {
        return SimpleRequest.NONE;
    }

    /**
     * Returns the context of a request with a key for hash algorithms.
     *
     * @param key the key
     * @return the context
     */
    static RequestContext ofKey(CharSequence key) {
        return new SimpleRequest(Checks.notNull("key", key), null);
    }

    /**
     * Returns the context of a request that belongs to a session.
     *
     * @param session the session
     * @return the context
     */
    static RequestContext ofSession(String session) {
        return new SimpleRequest(null, Checks.notNull("session", session));
    }
}
