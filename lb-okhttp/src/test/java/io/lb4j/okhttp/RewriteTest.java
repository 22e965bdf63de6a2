package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Endpoint;
import java.io.IOException;
import java.net.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Endpoints that are origins of their own get their own URL. */
@Tag("socket")
@Timeout(60)
class RewriteTest {
    private static Fleet.Plan rewritten(Wire wire, int size) {
        return Fleet.of(wire, size)
                .service(Service::withRewrite)
                .endpoint(endpoint -> Endpoint.of("localhost", endpoint.port()).withId(endpoint.id()));
    }

    @ParameterizedTest
    @EnumSource(
            value = Wire.class,
            names = {"HTTP_1_1", "H2C"})
    void endpointSeesItsOwnNameAndTheCallerThatOfTheService(Wire wire) throws IOException, InterruptedException {
        try (Fleet fleet = rewritten(wire, 1).start()) {
            try (Response response = fleet.get("/x?y=1").execute()) {
                assertEquals(
                        wire.url(Fleet.SERVICE, "/x?y=1"),
                        response.request().url().toString());
                assertEquals("A", response.body().string());
            }
            int port = fleet.server(0).endpoint().port();
            assertEquals(
                    "http://localhost:" + port + "/x?y=1",
                    fleet.server(0).mock().takeRequest().getUrl().toString());
            assertEquals(0, fleet.inFlight());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Wire.class,
            names = {"HTTP_1_1", "H2C"})
    void retryGoesToTheOtherEndpoint(Wire wire) throws IOException {
        try (Fleet fleet = rewritten(wire, 2).start()) {
            fleet.server(0).alwaysAnswer(503);
            assertEquals("200 B", fleet.answerTo(fleet.get("/")));
            assertEquals("A 1, B 1", fleet.hits());
        }
    }

    @Test
    void certificateIsCheckedAgainstTheNameOfTheEndpoint() {
        try (Fleet fleet = rewritten(Wire.H2_TLS, 1).start()) {
            IOException failure =
                    assertThrows(IOException.class, () -> fleet.get("/").execute());
            assertTrue(failure.getMessage().contains("Hostname localhost not verified"), failure.getMessage());
        }
    }

    @Test
    void relativeRedirectStaysAndOneToTheServiceIsBalanced() throws IOException {
        try (Fleet fleet = rewritten(Wire.HTTP_1_1, 2).start()) {
            TestServer a = fleet.server(0);
            a.handle(request -> switch (request.getTarget()) {
                case "/relative" -> redirect("/final");
                case "/absolute" -> redirect("http://orders.test/final");
                default -> a.answer(200);
            });
            assertEquals("200 A", fleet.answerTo(fleet.get("/relative")));
            assertEquals("200 A", fleet.answerTo(fleet.get("/absolute")));
            assertEquals(List.of("A SUCCESS", "A SUCCESS", "A SUCCESS"), fleet.reports());
            assertEquals("A 4, B 0", fleet.hits());
            assertEquals(0, fleet.inFlight());
        }
    }

    private static MockResponse redirect(String location) {
        return new MockResponse.Builder()
                .code(302)
                .addHeader("Location", location)
                .build();
    }

    @Test
    void proxyIsUsed() throws IOException, InterruptedException {
        try (TestServer proxy = new TestServer("proxy", Wire.HTTP_1_1);
                Fleet fleet = rewritten(Wire.HTTP_1_1, 1)
                        .client(builder -> builder.proxy(
                                new Proxy(Proxy.Type.HTTP, proxy.mock().getSocketAddress())))
                        .start()) {
            assertEquals("200 proxy", fleet.answerTo(fleet.get("/x")));
            int port = fleet.server(0).endpoint().port();
            assertEquals(
                    "http://localhost:" + port + "/x",
                    proxy.mock().takeRequest().getTarget());
            assertEquals("A 0", fleet.hits());
        }
    }

    @Test
    void someEndpointsMayBeRewrittenAndOthersNot() throws IOException, InterruptedException {
        AtomicInteger rewritten = new AtomicInteger();
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 2)
                .service(service -> service.withRewrite(endpoint -> endpoint.port() == rewritten.get()))
                .start()) {
            TestServer a = fleet.server(0);
            rewritten.set(a.endpoint().port());
            a.alwaysAnswer(503);
            assertEquals("200 B", fleet.answerTo(fleet.get("/")));
            assertEquals("127.0.0.1", a.mock().takeRequest().getUrl().host());
            assertEquals(
                    Fleet.SERVICE, fleet.server(1).mock().takeRequest().getUrl().host());
        }
    }
}
