package io.lb4j;

/**
 * One try of something on an endpoint: a socket, a statement, anything.
 *
 * @param <T> what it gives
 * @param <X> what it throws
 */
@FunctionalInterface
public interface Attempt<T, X extends Exception> {
    /**
     * Tries it.
     *
     * @param lease the endpoint to use, and the way to say more than success or failure
     * @return the result
     * @throws X if it fails
     */
    T on(Lease lease) throws X;
}
