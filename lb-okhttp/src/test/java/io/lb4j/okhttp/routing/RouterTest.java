package io.lb4j.okhttp.routing;

import static io.lb4j.okhttp.routing.Actions.redirectPrefix;
import static io.lb4j.okhttp.routing.Actions.respond;
import static io.lb4j.okhttp.routing.Actions.to;
import static io.lb4j.okhttp.routing.Conditions.any;
import static io.lb4j.okhttp.routing.Conditions.fraction;
import static io.lb4j.okhttp.routing.Conditions.path;
import static io.lb4j.okhttp.routing.Conditions.pathPrefix;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.okhttp.RoutingDecision;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTest {
    private static final int KEYS = 20_000;

    private static Request get(String path) {
        return Requests.to(path).build();
    }

    private static Request ofUser(int user) {
        return Requests.to("/").header("X-User", "user-" + user).build();
    }

    private static Router of(Action action) {
        return Router.builder("shop").otherwise(action).build();
    }

    // ------------------------------------------------------------------------------------------ rules

    @Test
    void theFirstRuleThatMatchesCounts() {
        Router router = Router.builder("shop")
                .rule("one", pathPrefix("/a/b"), to("first"))
                .rule("two", pathPrefix("/a"), to("second"))
                .otherwise(to("third"))
                .build();
        assertEquals("first", Requests.service(router, get("/a/b/c"), 0));
        assertEquals("second", Requests.service(router, get("/a/c"), 0));
        assertEquals("third", Requests.service(router, get("/b"), 0));
        assertEquals("two", Requests.forward(router, get("/a"), 0).rule());
        assertEquals("otherwise", Requests.forward(router, get("/"), 0).rule());
        assertEquals(Set.of("first", "second", "third"), router.services());
    }

    @Test
    void aRequestThatNothingChangesIsTheSameObject() throws IOException {
        Request request = get("//a;b/%63");
        assertSame(request, ((RoutingDecision.Forward) of(to("s")).route(request)).request());
    }

    @Test
    void whatHasNoOneMeaningIsRefused() {
        Router router = of(to("s"));
        RoutingException failure = assertThrows(RoutingException.class, () -> router.route(get("/a%2fb")));
        assertEquals(RoutingException.Reason.AMBIGUOUS_PATH, failure.reason());
        assertTrue(
                failure.getMessage().startsWith("router shop: /a%2fb may mean different things"), failure::getMessage);
        Router keeping =
                Router.builder("shop").keepEncodedSlashes().otherwise(to("s")).build();
        assertEquals("s", Requests.service(keeping, get("/a%2fb"), 0));
    }

    /** A regular expression of a user's may exhaust the stack; any other exception than this would end an enqueued call badly. */
    @Test
    void aRegularExpressionThatExhaustsTheStackFailsTheCallOnly() {
        Router router = Router.builder("shop")
                .rule("deep", Conditions.pathRegex("(a|b|/)*"), to("s"))
                .build();
        IOException failure = assertThrows(IOException.class, () -> router.route(get("/" + "a".repeat(100_000) + "c")));
        assertTrue(failure.getMessage().startsWith("router shop: rule deep failed"), failure::getMessage);
    }

    // ------------------------------------------------------------------------------------------ changes

    @ParameterizedTest
    @CsvSource({
        "/api, /, /api, /",
        "/api, /, /api/x, /x",
        "/api, /v2, /api, /v2",
        "/api, /v2/, /api/x/, /v2/x/",
        "/api, /v2, /apix, /apix",
        "/, /v2, /x, /v2/x",
        "/a/b, /c, /%61;p//b/%64%2b;q/e, /c/%64%2b;q/e",
        "/a, /c, /;x/a/b, /c/b"
    })
    void aPrefixIsReplacedAndTheRestStaysAsItWasSpelled(String from, String to, String path, String expected) {
        Router router = of(to("s").withPathPrefix(from, to));
        String sent = Requests.forward(router, get(path + "?q=%41"), 0)
                .request()
                .url()
                .toString();
        assertEquals("http://shop" + expected + "?q=%41", sent);
    }

    @ParameterizedTest
    @CsvSource({
        "/users/{id}, /v2/{id}/x, /users/7, /v2/7/x",
        "/users/{id}, /v2/{id}, /users/a%20b, /v2/a%20b",
        "/users/{id}, /v2, /other/7, /other/7",
        "/{a}/{*rest}, /{rest}/{a}, /x/y/z, /y/z/x"
    })
    void aPathIsMadeOfPartsOfTheOldOne(String from, String to, String path, String expected) {
        Router router = of(to("s").withPath(from, to));
        assertEquals(
                expected, Requests.forward(router, get(path), 0).request().url().encodedPath());
    }

    @Test
    void answersHaveWhatTheRuleSays() throws IOException {
        Router router = Router.builder("shop")
                .rule("json", path("/json"), respond(503, "application/json", "{\"ä\":1}"))
                .rule("old", pathPrefix("/old"), redirectPrefix(308, "/old", "/new"))
                .build();
        RoutingDecision.Answer json = (RoutingDecision.Answer) router.route(get("/json"));
        assertEquals(503, json.response().code());
        assertEquals("application/json", json.response().header("Content-Type"));
        assertEquals("{\"ä\":1}", json.response().body().string());
        RoutingDecision.Answer old = (RoutingDecision.Answer) router.route(get("/old/x?y=1"));
        assertEquals(308, old.response().code());
        assertEquals("http://shop/new/x?y=1", old.response().header("Location"));
    }

    // ------------------------------------------------------------------------------------------ shares

    private static Map<Integer, String> variants(Forward action) {
        Router router = of(action.withKey(Keys.header("X-User")));
        Map<Integer, String> variants = new HashMap<>();
        for (int user = 0; user < KEYS; user++) {
            variants.put(user, Requests.service(router, ofUser(user), user));
        }
        return variants;
    }

    private static double share(Map<Integer, String> variants, String service) {
        return (double) variants.values().stream().filter(service::equals).count();
    }

    /** The bounds are four standard deviations; the keys are always the same, so it passes always or never. */
    @Test
    void keysAreSplitByWeightAndRaisingAWeightMovesThemToThatServiceOnly() {
        Map<Integer, String> before = variants(to("stable", 70).and("other", 20).and("canary", 5));
        assertEquals(KEYS * 5 / 95.0, share(before, "canary"), 4 * Math.sqrt(KEYS * 0.0526 * 0.9474));
        assertEquals(KEYS * 20 / 95.0, share(before, "other"), 4 * Math.sqrt(KEYS * 0.21 * 0.79));
        for (double weight : new double[] {10, 25, 95, 1000}) {
            Map<Integer, String> after =
                    variants(to("stable", 70).and("other", 20).and("canary", weight));
            before.forEach((user, service) -> {
                String now = after.get(user);
                assertTrue(now.equals(service) || now.equals("canary"), () -> user + ": " + service + " -> " + now);
            });
            double wanted = weight / (90 + weight);
            assertEquals(KEYS * wanted, share(after, "canary"), 4 * Math.sqrt(KEYS * wanted * (1 - wanted)));
            before = after;
        }
    }

    @Test
    void theOrderOfTheServicesDoesNotMatterToAKeyAndZeroGetsNothing() {
        assertEquals(
                variants(to("a", 1).and("b", 2)),
                variants(to("b", 2).and("a", 1).and("c", 0)));
    }

    @Test
    void withoutAKeyEachCallDrawsAndOneCallDrawsOnce() {
        Router router = of(to("stable", 9).and("canary", 1));
        Random seeds = new Random(1);
        int canary = 0;
        for (int i = 0; i < KEYS; i++) {
            long seed = seeds.nextLong();
            String service = Requests.service(router, get("/"), seed);
            assertEquals(service, Requests.service(router, get("/redirected"), seed));
            canary += service.equals("canary") ? 1 : 0;
        }
        assertEquals(KEYS * 0.1, canary, 4 * Math.sqrt(KEYS * 0.09));
    }

    @Test
    void aLargerFractionTakesInMoreKeysAndLeavesNoneOut() {
        Set<Integer> before = new HashSet<>();
        for (double share : new double[] {0, 0.01, 0.1, 0.5, 1}) {
            Router router = Router.builder("shop")
                    .rule("beta", fraction(share, Keys.header("X-User")), to("beta"))
                    .otherwise(to("rest"))
                    .build();
            Set<Integer> now = new HashSet<>();
            for (int user = 0; user < KEYS; user++) {
                if (Requests.service(router, ofUser(user), 0).equals("beta")) {
                    now.add(user);
                }
            }
            assertTrue(now.containsAll(before));
            assertEquals(KEYS * share, now.size(), 4 * Math.sqrt(KEYS * share * (1 - share)));
            before = now;
        }
    }

    /** With one draw for all, what the first rule leaves would never match the second. */
    @Test
    void fractionsOfSeveralRulesAndSplitsAreIndependent() {
        Router router = Router.builder("shop")
                .rule("one", fraction(0.5), to("one"))
                .rule("two", fraction(0.5), to("a", 1).and("b", 1))
                .otherwise(to("rest"))
                .build();
        Map<String, Integer> counts = new HashMap<>();
        Random seeds = new Random(2);
        for (int i = 0; i < KEYS; i++) {
            counts.merge(Requests.service(router, get("/"), seeds.nextLong()), 1, Integer::sum);
        }
        assertEquals(KEYS / 2.0, counts.get("one"), 4 * Math.sqrt(KEYS * 0.25));
        assertEquals(KEYS / 4.0, counts.get("rest"), 4 * Math.sqrt(KEYS * 0.1875));
        assertEquals(KEYS / 8.0, counts.get("a"), 4 * Math.sqrt(KEYS * 0.11));
        assertEquals(KEYS / 8.0, counts.get("b"), 4 * Math.sqrt(KEYS * 0.11));
    }

    @Test
    void keysComeFromCookieHeaderQueryAndClient() {
        Request request =
                Requests.to("/?q=k").header("Cookie", "c=k").header("h", "k").build();
        for (Function<RoutingContext, String> key :
                List.of(Keys.cookie("c"), Keys.header("H"), Keys.query("q"), Keys.clientAddress())) {
            assertEquals(1, variantsSeen(key, request, "10.0.0.1"));
        }
        assertEquals(2, variantsSeen(Keys.cookie("other"), request, "10.0.0.1"));
        assertEquals(2, variantsSeen(Keys.clientAddress(), request, "unknown"));
    }

    private static long variantsSeen(Function<RoutingContext, String> key, Request request, String client) {
        Router router = Router.builder("shop")
                .clientAddress(ignored -> client)
                .rule("all", any(), to("a", 1).and("b", 1).withKey(key))
                .build();
        return LongStream.range(0, 50)
                .mapToObj(seed -> Requests.service(router, request, seed))
                .distinct()
                .count();
    }

    // ------------------------------------------------------------------------------------------ bad settings

    private static void refused(String message, Supplier<?> setting) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, setting::get).getMessage());
    }

    @Test
    void badRoutersAreRefusedWithWhatToTypeInstead() {
        Router.Builder builder = Router.builder("shop").rule("a", any(), to("s"));
        refused(
                "rules: [] (expected: at least one, or otherwise(...))",
                () -> Router.builder("shop").build());
        refused("hosts of the router: \"\" (expected: at least one)", Router::builder);
        refused(
                "host of the router: \"Shop\" (expected: a canonical host name, here \"shop\")",
                () -> Router.builder("Shop"));
        refused(
                "host of the router: \"10.0.0.1\" (expected: a host name, no address)",
                () -> Router.builder("10.0.0.1"));
        refused(
                "name of the rule: \"a\" (expected: each name once, and neither \"otherwise\" nor \"ambiguous path\")",
                () -> builder.rule("a", any(), to("s")));
        refused(
                "weights of rule b: 0 (expected: one above 0)",
                () -> builder.rule("b", any(), to("s", 0).and("t", 0)));
        refused("weight of s: -1.0 (expected: >= 0 and finite)", () -> to("s", -1));
        refused("service: \"s\" (expected: each service once)", () -> to("s", 1).and("s", 1));
        refused("status: 600 (expected: 200 to 599)", () -> respond(600));
        refused("status: 304 (expected: 301, 302, 303, 307 or 308)", () -> Actions.redirect(304, "/"));
        refused(
                "location: \"ftp://x\" (expected: an http or https URL, or a path that begins with a slash)",
                () -> Actions.redirect(301, "ftp://x"));
        refused("new path: \"/{x}\" (expected: variables of \"/{id}\" only)", () -> to("s").withPath("/{id}", "/{x}"));
        refused("host: \"S\" (expected: a canonical host name, here \"s\")", () -> to("s").withHost("S"));
        refused(
                "value of the header a: \"\u0001\" (expected: printable ASCII characters)",
                () -> to("s").withHeader("a", "\u0001"));
        refused(
                "action for ambiguous paths: \"to(...)\" (expected: respond(...), redirect(...) or reject(...))",
                () -> builder.onAmbiguousPath(to("s")));
        assertThrows(NullPointerException.class, () -> builder.rule("c", any(), null));
    }
}
