package io.lb4j.benchmarks;

import io.lb4j.HashKey;
import io.lb4j.RequestContext;

/** A request with another random key at each look: confined to one thread, allocates nothing. */
final class Keys implements RequestContext {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;
    private static final int TEXTS = 1024;

    private final String[] texts = new String[TEXTS];
    private long state;

    Keys(long seed) {
        state = seed;
        for (int i = 0; i < TEXTS; i++) {
            texts[i] = "customer-" + Long.toUnsignedString(HashKey.of(seed + i), 36);
        }
    }

    @Override
    public CharSequence key() {
        state++;
        return texts[(int) state & (TEXTS - 1)];
    }

    /** As SplitMix64 draws numbers, so that it costs what ThreadLocalRandom does. */
    @Override
    public long hashKey() {
        state += GOLDEN_RATIO;
        return HashKey.of(state);
    }
}
