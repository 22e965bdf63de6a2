package io.lb4j;

import org.jspecify.annotations.Nullable;

/** A request of which at most a key or a session is known. */
final class SimpleRequest implements RequestContext {
    static final SimpleRequest NONE = new SimpleRequest(null, null);

    private final @Nullable CharSequence key;
    private final @Nullable String session;
    private final long hashKey;

    SimpleRequest(@Nullable CharSequence key, @Nullable String session) {
        this.key = key;
        this.session = session;
        this.hashKey = key == null ? 0 : HashKey.of(key);
    }

    @Override
    public @Nullable CharSequence key() {
        return key;
    }

    @Override
    public long hashKey() {
        return hashKey;
    }

    @Override
    public @Nullable String session() {
        return session;
    }
}
