package io.lb4j.okhttp;

import java.io.IOException;

/** An endpoint answered a probe, but not as one that is well; its message is the reason. */
final class UnhealthyException extends IOException {
    private static final long serialVersionUID = 1;

    UnhealthyException(String message) {
        super(message);
    }

    /** It is caught by the engine, which shows the message only. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
