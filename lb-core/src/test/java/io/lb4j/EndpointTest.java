package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.1:8080,                  , 10.0.0.1, 8080, 10.0.0.1:8080",
        "'  10.0.0.1:8080 ',             , 10.0.0.1, 8080, 10.0.0.1:8080",
        "API-1.Example:443,              , api-1.example, 443, api-1.example:443",
        "localhost:1,                    , localhost, 1, localhost:1",
        "localhost:65535,                , localhost, 65535, localhost:65535",
        "[::1]:80,                       , ::1, 80, [::1]:80",
        "[2001:DB8::1]:80,               , 2001:db8::1, 80, [2001:db8::1]:80",
        "http://a.example,           http, a.example, 80, a.example:80",
        "https://a.example,         https, a.example, 443, a.example:443",
        "https://a.example/,        https, a.example, 443, a.example:443",
        "HTTPS://a.example:8443,    https, a.example, 8443, a.example:8443",
        "https://[::1],             https, ::1, 443, [::1]:443",
        "https://[::1]:8443/,       https, ::1, 8443, [::1]:8443",
        "redis+tls://a.example:6379, redis+tls, a.example, 6379, a.example:6379"
    })
    void textIsTakenApart(String text, String scheme, String host, int port, String id) {
        Endpoint endpoint = Endpoint.parse(text);
        assertEquals(scheme, endpoint.scheme());
        assertEquals(host, endpoint.host());
        assertEquals(port, endpoint.port());
        assertEquals(id, endpoint.id());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a.example",
                ":80",
                "a:",
                "a:b",
                "a:+80",
                "a:-1",
                "a:0",
                "a:65536",
                "a:999999",
                "a:8 0",
                "::1:80",
                "::1",
                "[::1]",
                "[::1",
                "[::1]80",
                "[::1]x:80",
                "[]:80",
                "[1.2.3.4]:80",
                "a b:80",
                "a/b:80",
                "user@a:80",
                "a?x:80",
                "a#x:80",
                "a\tb:80",
                "http://",
                "http://:80",
                "http://a:80/path",
                "http://a/path",
                "http://a?x",
                "http://user@a",
                "ftp://a",
                "1http://a:80",
                "://a:80",
                "http://a:80:90",
                "a\\b:80"
            })
    void textThatIsNoEndpointIsRefused(String text) {
        IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class, () -> Endpoint.parse(text));
        assertTrue(
                thrown.getMessage().matches("(endpoint|host|port|scheme): .+ \\(expected: .+\\)"), thrown.getMessage());
    }

    @Test
    void refusalSaysWhatToType() {
        assertMessage(
                "endpoint: \"a.example\" (expected: host:port, [IPv6]:port or scheme://host:port)",
                () -> Endpoint.parse("a.example"));
        assertMessage(
                "endpoint: \"ftp://a\" (expected: a port, because ftp has no well-known one)",
                () -> Endpoint.parse("ftp://a"));
        assertMessage(
                "host: \"[1.2.3.4]\" (expected: an IPv6 address between the brackets)",
                () -> Endpoint.of("[1.2.3.4]", 80));
        assertMessage("host: \"a b\" (expected: a name or an IP address)", () -> Endpoint.of("a b", 80));
        assertMessage("port: 70000 (expected: 1 to 65535)", () -> Endpoint.of("a", 70_000));
    }

    private static void assertMessage(String message, org.junit.jupiter.api.function.Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void ipv6HostHasNoBracketsHoweverItIsWritten() {
        assertEquals("::1", Endpoint.of("[::1]", 80).host());
        assertEquals(Endpoint.of("::1", 80), Endpoint.of("[::1]", 80));
        assertEquals(Endpoint.parse("[::1]:80"), Endpoint.of("::1", 80));
    }

    @Test
    void newEndpointHasNothingSpecial() {
        Endpoint endpoint = Endpoint.of("a.example", 80);
        assertEquals(1, endpoint.weight());
        assertEquals(0, endpoint.priority());
        assertEquals("", endpoint.zone());
        assertEquals("a.example:80", endpoint.route());
        assertEquals(Endpoint.MOST_IN_FLIGHT, endpoint.maxInFlight());
        assertEquals(false, endpoint.draining());
        assertEquals(Map.of(), endpoint.attributes());
        assertNull(endpoint.scheme());
    }

    /** One change of each component. */
    private static final List<UnaryOperator<Endpoint>> CHANGES = List.of(
            endpoint -> endpoint.withId("other"),
            endpoint -> endpoint.withScheme("https"),
            endpoint -> endpoint.withWeight(2.5),
            endpoint -> endpoint.withWeight(0),
            endpoint -> endpoint.withPriority(1),
            endpoint -> endpoint.withZone("zone"),
            endpoint -> endpoint.withRoute("route"),
            endpoint -> endpoint.withMaxInFlight(7),
            endpoint -> endpoint.withDraining(true),
            endpoint -> endpoint.withAttribute("name", "value"));

    @Test
    void everyComponentCountsInEquality() {
        Endpoint endpoint = Endpoint.of("a.example", 80);
        for (UnaryOperator<Endpoint> change : CHANGES) {
            assertNotEquals(endpoint, change.apply(endpoint));
            assertEquals(change.apply(endpoint), change.apply(Endpoint.of("a.example", 80)));
            assertEquals(
                    change.apply(endpoint).hashCode(), change.apply(endpoint).hashCode());
        }
        assertNotEquals(endpoint, Endpoint.of("b.example", 80).withId("a.example:80"));
        assertNotEquals(endpoint, Endpoint.of("a.example", 81).withId("a.example:80"));
    }

    @Test
    void changesOfDifferentComponentsAddUp() {
        Endpoint all = Endpoint.of("a.example", 80);
        for (UnaryOperator<Endpoint> change : CHANGES) {
            all = change.apply(all);
        }
        assertEquals("other", all.id());
        assertEquals("a.example", all.host());
        assertEquals("https", all.scheme());
        assertEquals(0, all.weight());
        assertEquals(1, all.priority());
        assertEquals("zone", all.zone());
        assertEquals("route", all.route());
        assertEquals(7, all.maxInFlight());
        assertTrue(all.draining());
        assertEquals(Map.of("name", "value"), all.attributes());
    }

    @Test
    void routeFollowsTheIdUnlessItIsSet() {
        Endpoint endpoint = Endpoint.of("a.example", 80);
        assertEquals("other", endpoint.withId("other").route());
        assertEquals("route", endpoint.withRoute("route").withId("other").route());
    }

    @Test
    void attributesCannotBeChangedFromOutside() {
        Endpoint endpoint = Endpoint.of("a.example", 80).withAttribute("b", "1").withAttribute("a", "2");
        assertEquals(List.of("a", "b"), List.copyOf(endpoint.attributes().keySet()));
        assertThrows(
                UnsupportedOperationException.class, () -> endpoint.attributes().put("c", "3"));
    }

    @Test
    void textFormNamesWhatIsSpecial() {
        assertEquals("a.example:80", Endpoint.of("a.example", 80).toString());
        assertEquals(
                "x@a.example:80 weight=2.0 priority=1 zone=z draining",
                Endpoint.of("a.example", 80)
                        .withId("x")
                        .withWeight(2)
                        .withPriority(1)
                        .withZone("z")
                        .withDraining(true)
                        .toString());
    }
}
