package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import mockwebserver3.MockResponse;
import okhttp3.Call;
import okhttp3.Dns;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Redirects within the service stay on the endpoint; those to other hosts go there. */
@Tag("socket")
@Timeout(60)
class RedirectTest {
    /** Knows the names of the tests' servers. */
    private static Dns names(String... known) {
        return hostname -> {
            if (List.of(known).contains(hostname)) {
                return List.of(InetAddress.getLoopbackAddress());
            }
            throw new UnknownHostException(hostname);
        };
    }

    // ------------------------------------------------------------------------------------------ redirects

    @ParameterizedTest
    @EnumSource(Wire.class)
    void redirectWithinTheServiceStaysOnTheEndpoint(Wire wire) throws IOException {
        for (String location : List.of("/final", wire.url(Fleet.SERVICE, "/final"))) {
            try (Fleet fleet = Fleet.of(wire, 2).start()) {
                TestServer a = fleet.server(0);
                a.handle(request -> request.getTarget().equals("/final") ? a.answer(200) : redirect(location));
                assertEquals("200 A", fleet.answerTo(fleet.get("/")));
                assertEquals("A 2, B 0", fleet.hits());
                assertEquals(List.of("A SUCCESS"), fleet.reports());
                assertEquals(0, fleet.inFlight());
            }
        }
    }

    private static MockResponse redirect(String location) {
        return new MockResponse.Builder()
                .code(302)
                .addHeader("Location", location)
                .build();
    }

    /** Over TLS its certificate is valid for the service too, so HTTP/2 might take the connection that there is. */
    @ParameterizedTest
    @EnumSource(Wire.class)
    void redirectToAnotherHostGoesThereEvenOnTheSameAddress(Wire wire) throws IOException {
        try (TestServer other = new TestServer("other", wire);
                Fleet fleet = Fleet.of(wire, 2)
                        .client(builder -> builder.dns(names("users.test", "127.0.0.1")))
                        .start()) {
            String location = wire.url("users.test:" + other.endpoint().port(), "/final");
            fleet.server(0).handle(request -> redirect(location));
            assertEquals("200 other", fleet.answerTo(fleet.get("/")));
            assertEquals("A 1, B 0", fleet.hits());
            assertEquals(List.of("A SUCCESS"), fleet.reports());
            assertEquals(0, fleet.inFlight());
        }
    }

    @Test
    void failureOfAnotherHostAfterARedirectIsNotTheEndpoints() throws IOException {
        try (TestServer other = new TestServer("other", Wire.HTTP_1_1).alwaysAnswer(503);
                Fleet fleet = Fleet.of(Wire.HTTP_1_1, 2)
                        .client(builder -> builder.dns(names("other.test", "127.0.0.1")))
                        .start()) {
            fleet.server(0)
                    .handle(request ->
                            redirect("http://other.test:" + other.endpoint().port()));
            assertEquals("503 other", fleet.answerTo(fleet.get("/")));
            fleet.server(0).handle(request -> redirect("http://nowhere.test/"));
            Call call = fleet.get("/");
            assertThrows(UnknownHostException.class, call::execute);
            assertEquals(
                    RetryDecision.REDIRECTED_ELSEWHERE,
                    call.tag(BalancedCall.class).attempts().get(0).decision());
            assertEquals(List.of("A SUCCESS", "A SUCCESS"), fleet.reports());
            assertEquals("A 2, B 0", fleet.hits());
            assertEquals(0, fleet.inFlight());
        }
    }
}
