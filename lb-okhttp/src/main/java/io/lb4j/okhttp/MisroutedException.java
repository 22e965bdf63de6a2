package io.lb4j.okhttp;

import java.io.IOException;

/** A request was about to be sent to another server than the one that was chosen. */
final class MisroutedException extends IOException {
    private static final long serialVersionUID = 1;

    MisroutedException(String message) {
        super(message);
    }
}
