package io.lb4j;

/** A lease whose success binds a session to its node. */
final class SessionLease extends Lease {
    private final String session;
    private final StickinessPolicy policy;

    SessionLease(Node node, long start, int state, String session, StickinessPolicy policy) {
        super(node, start, state);
        this.session = session;
        this.policy = policy;
    }

    /** Binds, unless the node has left: its sessions are forgotten once and for all. */
    void bind(long now) {
        if (node().has(Node.GONE)) {
            return;
        }
        try {
            policy.bind(session, node(), now);
        } catch (Throwable e) {
            Pool.contained("a stickiness policy", e);
        }
    }
}
