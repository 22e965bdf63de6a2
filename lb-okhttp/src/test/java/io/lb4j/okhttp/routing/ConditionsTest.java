package io.lb4j.okhttp.routing;

import static io.lb4j.okhttp.routing.Requests.matches;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.okhttp.InboundRequest;
import java.net.UnknownHostException;
import java.util.function.Supplier;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionsTest {
    private static final MediaType JSON = MediaType.get("application/json");

    private static Request.Builder root() {
        return Requests.to("/");
    }

    // ------------------------------------------------------------------------------------------ paths

    @ParameterizedTest
    @CsvSource({
        "/api, /api, true",
        "/api, /api/, true",
        "/api, /api/x/y, true",
        "/api, /apix, false",
        "/api, /%61pi, true",
        "/api, /a, false",
        "/api/, /api, true",
        "/, /anything, true",
        "/a/b, /a//b/c, true",
        "/a/b, /a/bc, false"
    })
    void aPrefixIsOfWholeSegments(String prefix, String path, boolean expected) {
        assertEquals(expected, matches(Conditions.pathPrefix(prefix), Requests.to(path)));
    }

    @ParameterizedTest
    @CsvSource({"/a, /a, true", "/a, /a/, false", "/a, /A, false", "/a, //a, true", "/, /, true"})
    void aPathIsExact(String wanted, String path, boolean expected) {
        assertEquals(expected, matches(Conditions.path(wanted), Requests.to(path)));
    }

    @ParameterizedTest
    @CsvSource({
        "/static/**, /static, true",
        "/static/**, /static/a/b, true",
        "/static/**, /staticx, false",
        "/**/*.png, /a/b/c.png, true",
        "/**/*.png, /c.png, true",
        "/**/*.png, /c.png/d, false",
        "/*/b, /a/b, true",
        "/*/b, /a/a/b, false",
        "/a*c/x, /abbc/x, true",
        "/a*b*c, /aXbYbZc, true",
        "/**/a/**/b, /x/a/y/z/b, true",
        "/**/a/**/b, /x/b/y/z/a, false",
        "/**, /, true",
        "/*, /, true"
    })
    void aGlobHasStarsForCharactersAndSegments(String glob, String path, boolean expected) {
        assertEquals(expected, matches(Conditions.pathGlob(glob), Requests.to(path)));
    }

    @ParameterizedTest
    @CsvSource({
        "/users/{id}, /users/7, true",
        "/users/{id}, /users/, false",
        "/users/{id}, /users, false",
        "/users/{id}, /users/7/x, false",
        "'/users/{id:[0-9]{1,3}}', /users/123, true",
        "'/users/{id:[0-9]{1,3}}', /users/1234, false",
        "/files/{*rest}, /files, true",
        "/files/{*rest}, /files/a/b, true",
        "/files/{*rest}, /filesx, false",
        "/{a}/{b}, /x/y, true"
    })
    void aTemplateHasVariables(String template, String path, boolean expected) {
        assertEquals(expected, matches(Conditions.pathTemplate(template), Requests.to(path)));
    }

    @Test
    void aRegularExpressionIsForTheWholePath() {
        assertTrue(matches(Conditions.pathRegex("/v[12]/.*"), Requests.to("/v1/x")));
        assertFalse(matches(Conditions.pathRegex("/v[12]"), Requests.to("/v1/x")));
    }

    // ------------------------------------------------------------------------------------------ the rest of the
    // request

    @Test
    void hostsMayHaveAWildcard() {
        Request.Builder tenant = new Request.Builder().url("http://A.shop.test/");
        assertTrue(matches(Conditions.host("x", "*.shop.test"), tenant));
        assertFalse(matches(Conditions.host("shop.test"), tenant));
        assertFalse(matches(Conditions.host("*.shop.test"), new Request.Builder().url("http://shop.test/")));
    }

    @Test
    void anyValueOfAHeaderMayMatch() {
        Request.Builder request = root().addHeader("X-Tier", "free").addHeader("x-tier", "gold");
        assertTrue(matches(Conditions.header("X-TIER"), request));
        assertTrue(matches(Conditions.header("X-Tier", "gold"), request));
        assertFalse(matches(Conditions.header("X-Tier", "Gold"), request));
        assertTrue(matches(Conditions.headerRegex("X-Tier", "g.*"), request));
        assertFalse(matches(Conditions.headerRegex("X-Tier", "g"), request));
        assertFalse(matches(Conditions.header("X-Other"), request));
    }

    @Test
    void theContentTypeIsThatOfTheBody() {
        Request.Builder request = root().post(RequestBody.create("{}", JSON));
        assertTrue(matches(Conditions.headerRegex("content-type", "application/json.*"), request));
        assertFalse(matches(Conditions.header("Content-Type"), root()));
    }

    @Test
    void cookiesOfTheHeaderAreFoundByTheirWholeName() {
        Request.Builder request = root().header("Cookie", "xsid=1; sid=\"2\"; beta");
        assertTrue(matches(Conditions.cookie("sid", "2"), request));
        assertFalse(matches(Conditions.cookie("sid", "1"), request));
        assertTrue(matches(Conditions.cookieRegex("xsid", "[0-9]"), request));
        assertFalse(matches(Conditions.cookie("id"), request));
    }

    @Test
    void queryParametersAreDecodedAndMayRepeat() {
        Request.Builder request = Requests.to("/?a=1&a=%32&b&c%3D=x+y");
        assertTrue(matches(Conditions.query("a", "2"), request));
        assertTrue(matches(Conditions.query("b"), request));
        assertTrue(matches(Conditions.query("b", ""), request));
        assertTrue(matches(Conditions.query("c=", "x y"), request));
        assertTrue(matches(Conditions.queryRegex("a", "[2-9]"), request));
        assertFalse(matches(Conditions.query("A"), request));
    }

    @Test
    void conditionsAreCombined() {
        Condition get = Conditions.method("GET", "HEAD");
        Condition a = Conditions.path("/a");
        assertTrue(matches(get.and(a), Requests.to("/a")));
        assertFalse(matches(get.and(a), Requests.to("/b")));
        assertTrue(matches(a.or(get), Requests.to("/b")));
        assertTrue(matches(Conditions.not(a), Requests.to("/b")));
        assertTrue(matches(Conditions.any(), Requests.to("/b")));
        assertFalse(matches(get, Requests.to("/a").delete()));
    }

    // ------------------------------------------------------------------------------------------ client and body

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, ::ffff:10.0.0.1, true",
        "192.168.16.0/20, 192.168.31.255, true",
        "192.168.16.0/20, 192.168.32.0, false",
        "0.0.0.0/0, 1.2.3.4, true",
        "0.0.0.0/0, ::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::/0, fe80::1%eth0, true",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "10.0.0.0/8, not an address, false"
    })
    void clientsAreInNetworks(String network, String client, boolean expected) {
        Router.Builder builder = Router.builder("shop").clientAddress(request -> client);
        assertEquals(expected, matches(builder, Conditions.clientIn("203.0.113.0/24", network), root()));
    }

    @Test
    void aClientThatIsNotKnownIsInNoNetwork() throws UnknownHostException {
        Condition inside = Conditions.clientIn("0.0.0.0/0", "::/0");
        assertFalse(matches(inside, root()));
        assertTrue(matches(inside.negate(), root()));
        assertTrue(matches(inside, root().tag(InboundRequest.class, InboundRequest.from("1.2.3.4"))));
    }

    @Test
    void valuesInAJsonBodyAreFoundByPointer() {
        Supplier<Request.Builder> request = () -> root().post(RequestBody.create(
                "{\"a\": {\"b/c\": [1, \"two\", null, true]}, \"m~n\": 1.50, \"\": {\"\": \"e\"}}", JSON));
        assertTrue(matches(Conditions.jsonBody("/a/b~1c/0", "1"), request.get()));
        assertTrue(matches(Conditions.jsonBody("/a/b~1c/1", "two"), request.get()));
        assertTrue(matches(Conditions.jsonBody("/a/b~1c/2", "null"), request.get()));
        assertTrue(matches(Conditions.jsonBody("/a/b~1c/3", "true"), request.get()));
        assertFalse(matches(Conditions.jsonBody("/a/b~1c/4", "true"), request.get()));
        assertFalse(matches(Conditions.jsonBody("/a/b~1c/00", "1"), request.get()));
        assertTrue(matches(Conditions.jsonBody("/m~0n", "1.50"), request.get()));
        assertTrue(matches(Conditions.jsonBody("//", "e"), request.get()));
        assertFalse(matches(Conditions.jsonBody("/a", ""), request.get()));
        assertTrue(matches(Conditions.jsonBody("", "7"), root().post(RequestBody.create("7", JSON))));
        assertFalse(matches(Conditions.jsonBody("/a", "1"), root().post(RequestBody.create("{\"a\":1", JSON))));
        assertFalse(matches(Conditions.jsonBody("/a", "1"), root()));
    }

    @Test
    void bodiesAreReadUpToASize() {
        Condition wanted = Conditions.bodyContains("x$");
        String fits = "-".repeat(16 * 1024 - 1) + "x";
        assertTrue(matches(wanted, root().post(RequestBody.create(fits, null))));
        assertFalse(matches(wanted, root().post(RequestBody.create("-" + fits, null))));
        assertTrue(matches(
                Router.builder("shop").maxBodyBytes(20_000),
                wanted,
                root().post(RequestBody.create("-" + fits, null))));
    }

    // ------------------------------------------------------------------------------------------ bad settings

    private static void refused(String message, Supplier<?> setting) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, setting::get).getMessage());
    }

    @Test
    void badConditionsAreRefusedWithWhatToTypeInstead() {
        refused("path prefix: \"api\" (expected: a path, for instance \"/api\")", () -> Conditions.pathPrefix("api"));
        refused("path: \"/a/*\" (expected: no *; that is for a path glob)", () -> Conditions.path("/a/*"));
        refused(
                "path: \"/users/{id}\" (expected: no { and }; they are for a path template)",
                () -> Conditions.path("/users/{id}"));
        refused(
                "path glob: \"/a**\" (expected: ** as a whole segment, for instance \"/static/**\")",
                () -> Conditions.pathGlob("/a**"));
        refused(
                "path template: \"/{a}/{a}\" (expected: each variable once, and {*...} at the end)",
                () -> Conditions.pathTemplate("/{a}/{a}"));
        refused(
                "path template: \"/a{b}\" (expected: variables as whole segments: {id}, {id:[0-9]+} or {*rest})",
                () -> Conditions.pathTemplate("/a{b}"));
        refused(
                "path template: \"/{*a}/b\" (expected: each variable once, and {*...} at the end)",
                () -> Conditions.pathTemplate("/{*a}/b"));
        refused(
                "path regex: \"(\" (expected: a regular expression; Unclosed group at 1)",
                () -> Conditions.pathRegex("("));
        refused("method: \"get\" (expected: in capitals, for instance \"GET\")", () -> Conditions.method("get"));
        refused("method: \"\" (expected: at least one)", Conditions::method);
        refused(
                "name of the header: \"a b\" (expected: letters, digits and !#$%&'*+.^_`|~- only)",
                () -> Conditions.header("a b"));
        refused("share: 5.0 (expected: 0 to 1, for instance 0.05 for 5 %)", () -> Conditions.fraction(5));
        refused(
                "JSON Pointer: \"a.b\" (expected: for instance \"/customer/tier\")",
                () -> Conditions.jsonBody("a.b", "1"));
        refused("host: \"Shop\" (expected: a canonical host name, here \"shop\")", () -> Conditions.host("Shop"));
    }

    @Test
    void badNetworksAreRefusedWithWhatToTypeInstead() {
        refused(
                "network: \"10.1.0.0/8\" (expected: its first address, here 10.0.0.0/8)",
                () -> Conditions.clientIn("10.1.0.0/8"));
        refused(
                "network: \"10.0.0.0/33\" (expected: 0 to 32 bits behind the slash)",
                () -> Conditions.clientIn("10.0.0.0/33"));
        refused("network: \"::/129\" (expected: 0 to 128 bits behind the slash)", () -> Conditions.clientIn("::/129"));
        refused(
                "network: \"localhost/8\" (expected: an IPv4 or IPv6 network, for instance 10.0.0.0/8 or 2001:db8::/32)",
                () -> Conditions.clientIn("localhost/8"));
        refused(
                "network: \"10.0.0.0/\" (expected: 0 to 32 bits behind the slash)",
                () -> Conditions.clientIn("10.0.0.0/"));
    }
}
