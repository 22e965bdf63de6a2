package io.lb4j.okhttp;

import static io.lb4j.okhttp.Hedged.assertIdle;
import static io.lb4j.okhttp.Hedged.fleet;
import static io.lb4j.okhttp.Hedged.get;
import static io.lb4j.okhttp.Hedged.neverAnswer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A call that may become two has one timeout, its tags, and events of both. */
@Tag("socket")
@Timeout(60)
class HedgedCallEventsTest {
    // ------------------------------------------------------------------------------------------ timeouts

    @ParameterizedTest
    @EnumSource(Wire.class)
    void callTimeoutHoldsForBoth(Wire wire) {
        try (Fleet fleet = fleet(wire, 2, client -> client.callTimeout(Duration.ofMillis(700)))) {
            neverAnswer(fleet);
            Call call = get(fleet);
            assertEquals(TimeUnit.MILLISECONDS.toNanos(700), call.timeout().timeoutNanos());
            long start = System.nanoTime();
            IOException failure = assertThrows(InterruptedIOException.class, call::execute);
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertEquals("timeout", failure.getMessage());
            assertTrue(took >= 700 && took < 5000, took + " ms");
            assertTrue(call.isCanceled());
            assertIdle(fleet);
        }
    }

    /** It is as late for the hedge's body as it would be for the first call's. */
    @ParameterizedTest
    @EnumSource(Wire.class)
    void callTimeoutHoldsForTheWinnersBody(Wire wire) throws IOException {
        try (Fleet fleet = fleet(wire)) {
            neverAnswer(fleet.server(0));
            fleet.server(1).answerByteByByte();
            Call call = get(fleet);
            call.timeout().timeout(1000, TimeUnit.MILLISECONDS);
            long start = System.nanoTime();
            try (Response response = call.execute()) {
                assertThrows(InterruptedIOException.class, () -> response.body().string());
            }
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertTrue(took >= 900 && took < 5000, took + " ms");
            assertIdle(fleet);
        }
    }

    // ------------------------------------------------------------------------------------------ events and tags

    @Test
    void tagsAreSeenByTheInterceptorsOfBoth() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (Fleet fleet = fleet(
                Wire.HTTP_1_1,
                2,
                client -> client.addInterceptor(chain -> {
                    seen.add(chain.call().tag(String.class) + " " + chain.call().tag(Integer.class));
                    return chain.proceed(chain.request());
                }))) {
            neverAnswer(fleet.server(0));
            Call call = get(fleet);
            assertEquals("mine", call.tag(String.class));
            assertNull(call.tag(Integer.class));
            assertNull(call.tag(BalancedCall.class));
            assertEquals(7, call.tag(Integer.class, () -> 7));
            assertEquals(7, call.tag(Integer.class, () -> 8));
            assertEquals("200 B", fleet.answerTo(call));
            assertEquals(List.of("mine 7", "mine 7"), seen);
            assertEquals(2, call.tag(BalancedCall.class).attempts().size());
            assertEquals("mine", call.request().tag(String.class));
        }
    }

    @Test
    void listenersHearBothCalls() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (Fleet fleet = fleet(Wire.HTTP_1_1)) {
            neverAnswer(fleet.server(0));
            Call call = get(fleet);
            call.addEventListener(new EventListener() {
                @Override
                public void callStart(Call each) {
                    heard.add("start");
                }

                @Override
                public void callEnd(Call each) {
                    heard.add("end");
                }

                @Override
                public void callFailed(Call each, IOException failure) {
                    heard.add("failed");
                }
            });
            assertEquals("200 B", fleet.answerTo(call));
            Eventually.equal(4, heard::size);
            assertEquals(List.of("start", "start"), heard.subList(0, 2));
            assertTrue(heard.containsAll(List.of("end", "failed")), heard::toString);
        }
    }

    @Test
    void requestOfTheAnswerIsTheUsersOwn() throws Exception {
        try (Fleet fleet = fleet(Wire.HTTP_1_1)) {
            neverAnswer(fleet.server(0));
            Call call = get(fleet);
            Request request = call.request();
            try (Response response = call.execute()) {
                assertEquals(request.url(), response.request().url());
                assertEquals("mine", response.request().tag(String.class));
            }
        }
    }

    // ------------------------------------------------------------------------------------------ leaks

    @ParameterizedTest
    @EnumSource(Wire.class)
    void abandonedWinnerIsFoundByTheGarbageCollector(Wire wire) throws IOException {
        try (Fleet fleet = fleet(wire)) {
            neverAnswer(fleet.server(0));
            fleet.server(1).answerByteByByte();
            executeAndForget(fleet);
            Eventually.equalAfterGc(0, fleet::inFlight);
        }
    }

    @SuppressWarnings("resource")
    private static void executeAndForget(Fleet fleet) throws IOException {
        assertEquals(200, get(fleet).execute().code());
        assertEquals(1, fleet.inFlight());
    }
}
