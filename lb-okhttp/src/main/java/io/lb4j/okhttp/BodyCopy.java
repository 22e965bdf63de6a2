package io.lb4j.okhttp;

import java.io.IOException;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.BufferedSink;
import okio.ByteString;
import okio.ForwardingSink;
import okio.Okio;
import okio.Sink;
import org.jspecify.annotations.Nullable;

/** Copies the body of a request, up to a size. */
final class BodyCopy {
    private BodyCopy() {}

    /** The bytes; null if they are more than {@code most}, can be written once only, or cannot be written now. */
    static @Nullable ByteString of(@Nullable RequestBody body, long most) {
        if (body == null || body.isOneShot() || body.isDuplex()) {
            return null;
        }
        Buffer copy = new Buffer();
        try (BufferedSink sink = Okio.buffer(new Capped(copy, most))) {
            if (body.contentLength() > most) {
                return null;
            }
            body.writeTo(sink);
            sink.flush();
        } catch (IOException | RuntimeException e) {
            return null; // the caller will hear of it when the body is sent
        }
        return copy.size() > most ? null : copy.readByteString();
    }

    /** Ends the writing as soon as it is too much. */
    private static final class Capped extends ForwardingSink {
        private long left;

        Capped(Sink copy, long most) {
            super(copy);
            this.left = most;
        }

        @Override
        public void write(Buffer source, long byteCount) throws IOException {
            left -= byteCount;
            if (left < 0) {
                throw new IOException("larger than the copy may be");
            }
            super.write(source, byteCount);
        }
    }
}
