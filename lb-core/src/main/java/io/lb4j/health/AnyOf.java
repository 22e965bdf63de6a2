package io.lb4j.health;

import io.lb4j.Endpoint;
import io.lb4j.HealthTracker;
import io.lb4j.Lease;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.Outcome;
import io.lb4j.RequestContext;
import java.time.Duration;
import java.util.List;

/**
 * Several trackers as one: each may eject, all must admit, and the trial of an ejected node belongs to the one that
 * ejected it last. The ticks are serialized.
 */
final class AnyOf implements HealthTracker {
    /** More ticks than this in the interval of the quickest part are not worth the precision. */
    private static final int MOST_TICKS = 10;

    private final List<HealthTracker> parts;
    private final long[] intervals;
    /** When each part's next tick is due; confined to the tick. */
    private final long[] dueAt;

    private final long tickNanos;
    private final NodeStates<JointHealth> nodes = new NodeStates<>();
    /** Confined to the tick. */
    private boolean ticked;

    private AnyOf(List<HealthTracker> parts) {
        this.parts = parts;
        this.intervals =
                parts.stream().mapToLong(part -> part.tickInterval().toNanos()).toArray();
        this.dueAt = new long[intervals.length];
        this.tickNanos = commonInterval(intervals);
    }

    static AnyOf started(List<HealthTracker> parts) {
        return new AnyOf(parts.stream().map(HealthTracker::start).toList());
    }

    private static long commonInterval(long[] intervals) {
        long divisor = 0;
        long least = 0;
        for (long interval : intervals) {
            divisor = divisor(divisor, interval);
            least = interval == 0 || (least != 0 && least < interval) ? least : interval;
        }
        return Math.max(divisor, least / MOST_TICKS);
    }

    private static long divisor(long a, long b) {
        return b == 0 ? a : divisor(b, a % b);
    }

    @Override
    public Duration tickInterval() {
        return Duration.ofNanos(tickNanos);
    }

    @Override
    public NodeHealth track(Node node) {
        NodeHealth[] health = parts.stream().map(part -> part.track(node)).toArray(NodeHealth[]::new);
        return nodes.keep(node, new JointHealth(node, health));
    }

    @Override
    public void onTick(NodeSet all, long nowNanos, Control control) {
        for (int i = 0; i < intervals.length; i++) {
            if (!ticked) {
                dueAt[i] = nowNanos - tickNanos + intervals[i];
            }
            if (intervals[i] > 0 && nowNanos - dueAt[i] >= 0) {
                dueAt[i] += intervals[i];
                if (nowNanos - dueAt[i] >= 0) {
                    dueAt[i] = nowNanos + intervals[i];
                }
                parts.get(i).onTick(all, nowNanos, new TickControl(i, control));
            }
        }
        ticked = true;
    }

    /** Notes which part ejected a node. */
    private final class TickControl implements Control {
        private final int part;
        private final Control engine;

        TickControl(int part, Control engine) {
            this.part = part;
            this.engine = engine;
        }

        @Override
        public boolean eject(Node node, Duration duration, String reason) {
            boolean ejected = engine.eject(node, duration, reason);
            JointHealth health = nodes.of(node);
            if (ejected && health != null) {
                health.ejectedBy = part;
            }
            return ejected;
        }

        @Override
        public void restore(Node node, String reason) {
            engine.restore(node, reason);
        }
    }

    /** What the parts say of one node. */
    private static final class JointHealth implements NodeHealth {
        private final NodeHealth[] parts;
        private final PartControl[] controls;
        /** Which part ejected last, -1 = none; written by whichever thread ejects. */
        private volatile int ejectedBy = -1;

        JointHealth(Node node, NodeHealth[] parts) {
            this.parts = parts;
            this.controls = new PartControl[parts.length];
            for (int i = 0; i < parts.length; i++) {
                controls[i] = new PartControl(this, node, i);
            }
        }

        @Override
        public void onReport(Lease lease, Outcome outcome, long nowNanos, Control control) {
            int owner = ejectedBy;
            boolean trial = lease.isTrial();
            for (int i = 0; i < parts.length; i++) {
                controls[i].engine = control;
                Control given = trial && i != owner ? NoControl.INSTANCE : controls[i];
                parts[i].onReport(lease, outcome, nowNanos, given);
            }
        }

        @Override
        public boolean admits(RequestContext request, long nowNanos) {
            for (int i = 0; i < parts.length; i++) {
                if (!parts[i].admits(request, nowNanos)) {
                    for (int admitted = 0; admitted < i; admitted++) {
                        parts[admitted].onReleased();
                    }
                    return false;
                }
            }
            return true;
        }

        @Override
        public boolean wantsMoreTrials() {
            int owner = ejectedBy;
            return owner >= 0 && parts[owner].wantsMoreTrials();
        }

        @Override
        public void onReleased() {
            for (NodeHealth part : parts) {
                part.onReleased();
            }
        }

        @Override
        public int maxInFlight() {
            int least = Endpoint.MOST_IN_FLIGHT;
            for (NodeHealth part : parts) {
                least = Math.min(least, part.maxInFlight());
            }
            return least;
        }
    }

    /** Notes that this part ejected the node. */
    private static final class PartControl implements Control {
        private final JointHealth health;
        private final Node node;
        private final int part;
        /** What the engine gives with each report; always the same, so a racy write is harmless. */
        private volatile Control engine = NoControl.INSTANCE;

        PartControl(JointHealth health, Node node, int part) {
            this.health = health;
            this.node = node;
            this.part = part;
        }

        @Override
        public boolean eject(Node target, Duration duration, String reason) {
            boolean ejected = engine.eject(target, duration, reason);
            if (ejected && target == node) {
                health.ejectedBy = part;
            }
            return ejected;
        }

        @Override
        public void restore(Node target, String reason) {
            engine.restore(target, reason);
        }
    }

    /** For the parts to which a trial does not belong. */
    private enum NoControl implements Control {
        INSTANCE;

        @Override
        public boolean eject(Node node, Duration duration, String reason) {
            return false;
        }

        @Override
        public void restore(Node node, String reason) {}
    }
}
