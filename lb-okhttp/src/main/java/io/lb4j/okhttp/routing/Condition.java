package io.lb4j.okhttp.routing;

/**
 * Whether a rule is meant for a request; {@link Conditions} has the usual ones.
 *
 * <p>Thread-safe, quick, and without side effects. What cannot be judged, such as a body that is too large, does not match, so its
 * opposite does.
 */
@FunctionalInterface
public interface Condition {
    /**
     * Looks at a request.
     *
     * @param call what may be looked at
     * @return whether it matches
     */
    boolean matches(RoutingContext call);

    /**
     * Returns a condition that matches if both do.
     *
     * @param other asked only if this one matches
     * @return the condition
     */
    default Condition and(Condition other) {
        Checks.notNull("condition", other);
        return call -> matches(call) && other.matches(call);
    }

    /**
     * Returns a condition that matches if one of them does.
     *
     * @param other asked only if this one does not match
     * @return the condition
     */
    default Condition or(Condition other) {
        Checks.notNull("condition", other);
        return call -> matches(call) || other.matches(call);
    }

    /**
     * Returns the opposite.
     *
     * @return a condition that matches if this one does not
     */
    default Condition negate() {
        return call -> !matches(call);
    }
}
