package io.lb4j.health;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says which nodes stand out from the others; a part of {@link OutlierDetection}.
 *
 * <p>Called at each tick, one call at a time. Own rules are welcome: {@code pool -> node -> node.requests() > 50 &&
 * node.failureRate() > 0.9 ? "nine of ten fail" : null}.
 */
@FunctionalInterface
public interface OutlierRule {
    /**
     * Looks at all nodes together.
     *
     * @param pool the nodes that are not ejected, with what they did of late; at least one
     * @return judges each node of the pool
     */
    Judgement judge(List<NodeTraffic> pool);

    /** What a rule says of single nodes. */
    @FunctionalInterface
    interface Judgement {
        /**
         * Judges a node.
         *
         * @param node a node of the pool
         * @return why it should be ejected, in words for people; null if it should not
         */
        @Nullable
        String reason(NodeTraffic node);
    }
}
