package io.lb4j;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EngineWalkTest {
    private static final int WALKS = Integer.getInteger("lb4j.walks", 400);
    private static final int STEPS = 400;

    private final Logger log = Logger.getLogger("io.lb4j");

    @BeforeEach
    void beQuiet() {
        log.setLevel(Level.OFF);
    }

    @AfterEach
    void speakAgain() {
        log.setLevel(null);
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whateverHappensInWhateverOrderTheRulesHold() {
        for (long seed = 1; seed <= WALKS; seed++) {
            int step = 0;
            try (EngineWalk walk = new EngineWalk(seed)) {
                for (; step < STEPS; step++) {
                    walk.step();
                }
                walk.rest();
            } catch (Throwable e) {
                fail("walk " + seed + ", step " + step + ": " + e, e);
            }
        }
    }
}
