package io.lb4j;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the verdicts of the health tracker, within limits.
 *
 * <p>A verdict flips the node's flag at once, on the caller's thread; the plan follows at the next tick.
 */
final class Ejections implements HealthTracker.Control {
    private final Ticker ticker;
    private final double most;
    private final double panicBelow;
    private final Supplier<@Nullable Plan> plan;
    private final Runnable changed;
    private final @Nullable LoadBalancerListener listener;
    /** Makes counting and flagging one step; nothing of the user's runs under it. */
    private final ReentrantLock counting = new ReentrantLock();

    Ejections(Settings settings, Supplier<@Nullable Plan> plan, Runnable changed) {
        this.ticker = settings.ticker();
        this.most = settings.mostEjected();
        this.panicBelow = settings.panicBelow();
        this.plan = plan;
        this.changed = changed;
        this.listener = settings.listener();
    }

    @Override
    public boolean eject(Node node, Duration duration, String reason) {
        long hold = Checks.positiveNanos("duration", duration);
        Checks.notNull("reason", reason);
        counting.lock();
        try {
            long now = ticker.nanoTime();
            boolean again = node.isEjected();
            if (!again && !affordable(node)) {
                return false;
            }
            boolean halfOpen = again && now - node.ejectedUntil() >= 0;
            long until = again && !halfOpen ? Math.max(hold, node.ejectedUntil() - now) + now : now + hold;
            node.eject(until, hold, reason);
        } finally {
            counting.unlock();
        }
        LoadBalancerListener told = listener;
        if (told != null) {
            told.ejected(node, duration, reason);
        }
        changed.run();
        return true;
    }

    @Override
    public void restore(Node node, String reason) {
        if (node.restore(ticker.nanoTime(), Checks.notNull("reason", reason))) {
            changed.run();
        }
    }

    /** Whether the service can do without this node: within the limit, not the last, and no panic would follow. */
    private boolean affordable(Node node) {
        Plan current = plan.get();
        if (current == null) {
            return false;
        }
        int members = 0;
        int ejected = 0;
        boolean anyTierStands = false;
        boolean member = false;
        for (NodeSet tier : current.whole()) {
            int usable = 0;
            for (Node each : tier) {
                ejected += each.isEjected() ? 1 : 0;
                member |= each == node;
                usable += each != node && !each.has(Node.UNUSABLE) ? 1 : 0;
            }
            members += tier.size();
            anyTierStands |= usable > 0 && usable >= panicBelow * tier.size();
        }
        return !member || (anyTierStands && ejected + 1 <= Math.max(1, (int) (most * members)));
    }
}
