package io.lb4j.hash;

import io.lb4j.Endpoint;
import io.lb4j.RequestContext;

/** Where the points of the nodes are on a ring, and where keys are. */
interface RingRule {
    /** What of an endpoint its points depend on. */
    String name(Endpoint endpoint);

    void place(Members members, Ring.Builder ring);

    /** The position of the request's key; 0 or the request's own number if it has no text. */
    long position(RequestContext request);
}
