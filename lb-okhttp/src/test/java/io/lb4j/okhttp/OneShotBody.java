package io.lb4j.okhttp;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;

/** A text that can be written once only; counts how often it is. */
final class OneShotBody extends RequestBody {
    private final String text;
    private final MediaType type;
    private final AtomicInteger written = new AtomicInteger();

    OneShotBody(String text, MediaType type) {
        this.text = text;
        this.type = type;
    }

    OneShotBody(String text) {
        this(text, MediaType.get("text/plain"));
    }

    @Override
    public MediaType contentType() {
        return type;
    }

    @Override
    public boolean isOneShot() {
        return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
        written.incrementAndGet();
        sink.writeUtf8(text);
    }

    int written() {
        return written.get();
    }
}
