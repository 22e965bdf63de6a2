package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.lb4j.testkit.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockResponseBody;
import okhttp3.Call;
import okhttp3.Response;
import okhttp3.sse.EventSource;
import okhttp3.sse.EventSourceListener;
import okhttp3.sse.EventSources;
import okio.BufferedSink;
import okio.BufferedSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A drain waits for calls whose response has begun but not ended; new calls go elsewhere meanwhile. */
@Tag("socket")
@Timeout(60)
class DrainTest {
    private final VirtualTime time = new VirtualTime();

    /** A body whose second part comes when it is released. */
    private static final class TwoParts implements MockResponseBody {
        private final CountDownLatch released = new CountDownLatch(1);
        private final String first;
        private final String second;

        TwoParts(String first, String second) {
            this.first = first;
            this.second = second;
        }

        void release() {
            released.countDown();
        }

        @Override
        public long getContentLength() {
            return (long) first.length() + second.length();
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            sink.writeUtf8(first).flush();
            try {
                if (!released.await(40, TimeUnit.SECONDS)) {
                    throw new IOException("nobody wanted the second part");
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            sink.writeUtf8(second).flush();
        }
    }

    private Fleet fleet(Wire wire) {
        return Fleet.of(wire, 2)
                .balancing(builder -> builder.ticker(time).scheduler(time))
                .start();
    }

    private static void answer(Fleet fleet, String type, TwoParts body) {
        fleet.server(0)
                .handle(request -> new MockResponse.Builder()
                        .addHeader("Content-Type", type)
                        .body(body)
                        .build());
    }

    /** Drains server A, on which there is a call. */
    private CompletableFuture<Integer> assertWaits(Fleet fleet) throws IOException {
        CompletableFuture<Integer> drained =
                fleet.loadBalancer().drain(fleet.server(0).endpoint().id(), Duration.ofMinutes(5));
        assertEquals("200 B", fleet.answerTo(fleet.get("/")));
        time.advance(Duration.ofMinutes(4));
        assertFalse(drained.isDone());
        return drained;
    }

    private static void assertEnds(CompletableFuture<Integer> drained) throws Exception {
        assertEquals(0, drained.get(20, TimeUnit.SECONDS));
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void drainWaitsForALongDownload(Wire wire) throws Exception {
        TwoParts download = new TwoParts("begin", "end");
        try (Fleet fleet = fleet(wire)) {
            answer(fleet, "text/plain", download);
            try (Response response = fleet.get("/").execute()) {
                BufferedSource body = response.body().source();
                assertEquals("begin", body.readUtf8(5));
                CompletableFuture<Integer> drained = assertWaits(fleet);
                download.release();
                assertEquals("end", body.readUtf8());
                assertEnds(drained);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void drainWaitsForAnEventStream(Wire wire) throws Exception {
        TwoParts stream = new TwoParts("data: begin\n\n", "data: end\n\n");
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        try (Fleet fleet = fleet(wire)) {
            answer(fleet, "text/event-stream", stream);
            EventSources.createFactory(fleet.client())
                    .newEventSource(fleet.request("/").build(), new EventSourceListener() {
                        @Override
                        public void onEvent(EventSource source, String id, String type, String data) {
                            events.add(data);
                        }
                    });
            assertEquals("begin", events.poll(20, TimeUnit.SECONDS));
            CompletableFuture<Integer> drained = assertWaits(fleet);
            stream.release();
            assertEquals("end", events.poll(20, TimeUnit.SECONDS));
            assertEnds(drained);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Wire.class,
            names = {"H2C", "H2_TLS"})
    void drainWaitsForTheRequestBodyOfADuplexCallWhoseResponseHasEnded(Wire wire) throws Exception {
        MockResponse answer = new MockResponse.Builder()
                .clearHeaders()
                .socketHandler(LongLivedTest::answerThenRead)
                .build();
        LongLivedTest.DuplexBody body = new LongLivedTest.DuplexBody();
        try (Fleet fleet = fleet(wire)) {
            fleet.server(0).effects(answer).handle(received -> answer);
            Call call = fleet.client().newCall(fleet.request("/").post(body).build());
            try (Response response = call.execute()) {
                assertEquals("A", response.body().string());
                CompletableFuture<Integer> drained = assertWaits(fleet);
                body.sink.writeUtf8("more").close();
                assertEnds(drained);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void drainEndsWhenTheDownloadIsCancelled(Wire wire) throws Exception {
        TwoParts download = new TwoParts("begin", "end");
        try (Fleet fleet = fleet(wire)) {
            answer(fleet, "text/plain", download);
            Call call = fleet.get("/");
            try (Response response = call.execute()) {
                assertEquals("begin", response.body().source().readUtf8(5));
                CompletableFuture<Integer> drained = assertWaits(fleet);
                call.cancel();
                assertEnds(drained);
            } finally {
                download.release();
            }
        }
    }
}
