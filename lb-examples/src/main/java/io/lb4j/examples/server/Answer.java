package io.lb4j.examples.server;

import java.net.URI;

/** What a server does with a request. */
@FunctionalInterface
public interface Answer {
    /** Returns the status; the body is always the server's name. Interrupted when the server stops. */
    int to(URI uri) throws InterruptedException;
}
