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

    void bind(long now) {
        try {
            policy.bind(session, node(), now);
        } catch (RuntimeException e) {
            Pool.contained("a stickiness policy", e);
        }
    }
}
