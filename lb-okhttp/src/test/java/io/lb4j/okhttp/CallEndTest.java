package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import mockwebserver3.MockResponse;
import okhttp3.Cache;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.GzipSink;
import okio.Okio;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An attempt is in flight until its body ends, and then never more; its node hears once how it went. */
@Tag("socket")
@Timeout(60)
class CallEndTest {
    private static final int LARGE = 1 << 20;

    private static MockResponse large() {
        return new MockResponse.Builder().body("x".repeat(LARGE)).build();
    }

    /** 10 kB at once, then silence for a long time. */
    private static MockResponse stalling() {
        return new MockResponse.Builder()
                .body("x".repeat(LARGE))
                .throttleBody(10_000, 1, TimeUnit.HOURS)
                .build();
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void inFlightUntilTheBodyIsRead(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 1).start()) {
            fleet.server(0).handle(request -> large());
            try (Response response = fleet.get("/").execute()) {
                assertEquals(1, fleet.inFlight());
                assertEquals(List.of("A SUCCESS"), fleet.reports());
                assertEquals(LARGE, response.body().bytes().length);
                assertEquals(0, fleet.inFlight());
            }
            assertEquals(List.of("A SUCCESS"), fleet.reports());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void bytesOfBothBodiesAreCounted(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 1).start()) {
            fleet.server(0).handle(request -> large());
            fleet.answerTo(fleet.client()
                    .newCall(fleet.request("/")
                            .post(RequestBody.create(new byte[1000]))
                            .build()));
            assertEquals(LARGE + 1000, fleet.loadBalancer().nodes().get(0).bytes());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void inFlightEndsWhenTheBodyIsClosedEarly(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 1).start()) {
            fleet.server(0).handle(request -> stalling());
            Response response = fleet.get("/").execute();
            response.body().source().require(5_000);
            assertEquals(1, fleet.inFlight());
            response.close();
            assertEquals(0, fleet.inFlight());
            assertEquals(List.of("A SUCCESS"), fleet.reports());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void inFlightEndsWhenAnAbandonedBodyIsCollected(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 1).start()) {
            fleet.server(0).handle(request -> large());
            connect(fleet);
            abandon(fleet);
            Eventually.equalAfterGc(0, fleet::inFlight);
            assertEquals(List.of("A SUCCESS", "A SUCCESS"), fleet.reports());
        }
    }

    /** The thread of OkHttp that connects may hold its last call in a dead variable until it connects again. */
    private static void connect(Fleet fleet) throws IOException {
        fleet.answerTo(fleet.get("/"));
    }

    private static void abandon(Fleet fleet) throws IOException {
        Response abandoned = fleet.get("/").execute();
        assertEquals(200, abandoned.code());
        assertEquals(1, fleet.inFlight());
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void inFlightEndsWhenACallbackThrowsWithoutClosing(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 1).start()) {
            fleet.server(0).handle(request -> large());
            connect(fleet);
            CountDownLatch called = new CountDownLatch(1);
            fleet.get("/").enqueue(new Callback() {
                @Override
                public void onFailure(Call call, IOException e) {}

                @Override
                public void onResponse(Call call, Response response) throws IOException {
                    called.countDown();
                    throw new IOException("thrown by a test's callback, on purpose");
                }
            });
            assertEquals(true, await(called));
            Eventually.equalAfterGc(0, fleet::inFlight);
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void inFlightEndsWhenAnInterceptorAboveDropsTheResponse(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 1)
                .client(builder -> builder.addInterceptor(chain -> {
                    Response dropped = chain.proceed(chain.request());
                    if (!dropped.request().url().encodedPath().equals("/dropped")) {
                        return dropped;
                    }
                    throw new IOException("dropped " + dropped.code());
                }))
                .start()) {
            fleet.server(0).handle(request -> large());
            connect(fleet);
            assertThrows(IOException.class, () -> fleet.get("/dropped").execute());
            Eventually.equalAfterGc(0, fleet::inFlight);
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void emptyAnswersEndBeforeTheCallReturns(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 1).start()) {
            fleet.server(0)
                    .handle(request -> new MockResponse.Builder().code(204).build());
            Response response = fleet.get("/").execute();
            assertEquals(204, response.code());
            assertEquals(0, fleet.inFlight());
            assertEquals(List.of("A SUCCESS"), fleet.reports());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void answersToHeadEndBeforeTheCallReturns(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 1).start()) {
            Response response =
                    fleet.client().newCall(fleet.request("/").head().build()).execute();
            assertEquals(200, response.code());
            assertEquals(0, fleet.inFlight());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void zippedBodyEndsWhenItIsRead(Wire wire) throws IOException {
        Buffer zipped = new Buffer();
        try (var sink = Okio.buffer(new GzipSink(zipped))) {
            sink.writeUtf8("x".repeat(10_000));
        }
        try (Fleet fleet = Fleet.of(wire, 1).start()) {
            fleet.server(0)
                    .handle(request -> new MockResponse.Builder()
                            .addHeader("Content-Encoding", "gzip")
                            .body(zipped.clone())
                            .build());
            Response response = fleet.get("/").execute();
            assertEquals(1, fleet.inFlight());
            assertEquals(10_000, response.body().string().length());
            assertEquals(0, fleet.inFlight());
        }
    }

    @Test
    void cacheHitIsNoSampleAndConditionalHitIsOne(@TempDir Path directory) throws IOException {
        try (Cache cache = new Cache(directory.toFile(), LARGE);
                Fleet fleet = Fleet.of(Wire.HTTP_1_1, 1)
                        .client(builder -> builder.cache(cache))
                        .start()) {
            fleet.server(0)
                    .handle(request -> request.getHeaders().get("If-None-Match") != null
                            ? new MockResponse.Builder().code(304).build()
                            : fleet.server(0)
                                    .answer(200)
                                    .newBuilder()
                                    .addHeader("Cache-Control", "max-age=60")
                                    .addHeader("ETag", "\"v1\"")
                                    .build());
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));

            Response hit = fleet.get("/").execute();
            assertEquals(0, fleet.inFlight());
            assertEquals("A", hit.body().string());

            Call conditional = fleet.client()
                    .newCall(fleet.request("/")
                            .header("Cache-Control", "max-age=0")
                            .build());
            Response unchanged = conditional.execute();
            assertEquals(0, fleet.inFlight());
            assertEquals("A", unchanged.body().string());
            assertEquals(304, unchanged.networkResponse().code());

            assertEquals("A 2", fleet.hits());
            assertEquals(List.of("A SUCCESS", "A CANCELLED", "A SUCCESS"), fleet.reports());
        }
    }

    @Test
    void cacheMissOfOnlyIfCachedIsNoFailure(@TempDir Path directory) throws IOException {
        try (Cache cache = new Cache(directory.toFile(), LARGE);
                Fleet fleet = Fleet.of(Wire.HTTP_1_1, 2)
                        .client(builder -> builder.cache(cache))
                        .start()) {
            Call call = fleet.client()
                    .newCall(fleet.request("/")
                            .header("Cache-Control", "only-if-cached")
                            .build());
            try (Response response = call.execute()) {
                assertEquals(504, response.code());
            }
            assertEquals(List.of("A CANCELLED"), fleet.reports());
            assertEquals(0, fleet.inFlight());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void retryAboveEndsTheFirstAttempt(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 2)
                .client(builder -> builder.addInterceptor(chain -> {
                    chain.proceed(chain.request()).close();
                    return chain.proceed(chain.request());
                }))
                .start()) {
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
            assertEquals(0, fleet.inFlight());
            assertEquals(List.of("A SUCCESS", "A SUCCESS"), fleet.reports());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void interceptorAboveThatHasReadTheBodyHoldsNoSlot(Wire wire) throws IOException {
        List<Integer> inFlight = new ArrayList<>();
        AtomicReference<Fleet> started = new AtomicReference<>();
        try (Fleet fleet = Fleet.of(wire, 1)
                .client(builder -> builder.addInterceptor(chain -> {
                    Response response = chain.proceed(chain.request());
                    String body = response.body().string();
                    inFlight.add(started.get().inFlight());
                    return response.newBuilder()
                            .body(ResponseBody.create(body, null))
                            .build();
                }))
                .start()) {
            started.set(fleet);
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
            fleet.server(0)
                    .handle(request -> new MockResponse.Builder().code(204).build());
            assertEquals("204 ", fleet.answerTo(fleet.get("/")));
            assertEquals(List.of(0, 0), inFlight);
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void interceptorAboveSeesNoSlotHeldByAnAnswerWithoutABody(Wire wire) throws IOException {
        List<Integer> inFlight = new ArrayList<>();
        AtomicReference<Fleet> started = new AtomicReference<>();
        try (Fleet fleet = Fleet.of(wire, 1)
                .client(builder -> builder.addInterceptor(chain -> {
                    Response response = chain.proceed(chain.request());
                    inFlight.add(started.get().inFlight());
                    return response;
                }))
                .start()) {
            started.set(fleet);
            fleet.server(0)
                    .handle(request -> new MockResponse.Builder().code(204).build());
            assertEquals("204 ", fleet.answerTo(fleet.get("/")));
            assertEquals(List.of(0), inFlight);
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void retryAboveThatDoesNotCloseTheFirstResponseHoldsNoSlot(Wire wire) {
        try (Fleet fleet = Fleet.of(wire, 2)
                .client(builder -> builder.addInterceptor(chain -> {
                    Response first = chain.proceed(chain.request());
                    assertEquals(200, first.code());
                    return chain.proceed(chain.request());
                }))
                .start()) {
            fleet.server(0).handle(request -> large());
            assertThrows(IllegalStateException.class, () -> fleet.get("/").execute());
            assertEquals(0, fleet.inFlight());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void cancelJustBeforeTheResponseIsGivenFreesTheSlot(Wire wire) {
        List<Integer> inFlight = new ArrayList<>();
        AtomicReference<Fleet> started = new AtomicReference<>();
        try (Fleet fleet = Fleet.of(wire, 1)
                .client(builder -> builder.addInterceptor(chain -> {
                            Response response = chain.proceed(chain.request());
                            inFlight.add(started.get().inFlight());
                            return response;
                        })
                        .addNetworkInterceptor(chain -> {
                            Response response = chain.proceed(chain.request());
                            chain.call().cancel();
                            return response;
                        }))
                .start()) {
            started.set(fleet);
            fleet.server(0).handle(request -> large());
            assertThrows(IOException.class, () -> fleet.get("/").execute());
            assertEquals(List.of(0), inFlight);
        }
    }
}
