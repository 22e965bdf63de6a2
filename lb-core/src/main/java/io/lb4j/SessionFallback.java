package io.lb4j;

/**
 * What happens to a request whose session is bound to a node that cannot take it.
 *
 * <p>If the node names another by {@link Endpoint#REDIRECT} and that one can take the request, it goes there before any of
 * this counts; the session moves there as well, but for {@link #DETOUR}.
 */
public enum SessionFallback {
    /** The request goes to another node, and if that succeeds the session moves there. */
    REBIND,
    /** The request goes to another node, the binding stays: the session returns when its node does. */
    DETOUR,
    /** The request fails with {@link NoEndpointAvailableException.Reason#STICKY_TARGET_DOWN}. */
    FAIL
}
