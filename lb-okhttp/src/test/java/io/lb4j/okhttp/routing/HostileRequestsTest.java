package io.lb4j.okhttp.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Requests made of what the rules look for and what hides it; the seed is fixed. {@code .ci/storm} runs a million. */
class HostileRequestsTest {
    private static final int INPUTS = Integer.getInteger("lb4j.routings", 10_000);
    private final Random random = new Random(11);

    private String text(String[] pieces, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most); i > 0; i--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }

    private byte[] client() {
        byte[] client = new byte[new int[] {0, 4, 4, 5, 16, 16}[random.nextInt(6)]];
        random.nextBytes(client);
        if (client.length == 16 && random.nextBoolean()) {
            byte[] start = {0x20, 0x01, 0x0d, (byte) 0xb8};
            System.arraycopy(start, 0, client, 0, 4);
        }
        return client;
    }

    @Test
    void rulesFindWhatAnObviousImplementationFinds() {
        RoutingOracle oracle = new RoutingOracle();
        Map<String, Integer> chosen = new HashMap<>();
        for (int i = 0; i < INPUTS; i++) {
            String rule = oracle.check(
                    text(RoutingOracle.PATHS, 9),
                    text(RoutingOracle.QUERIES, 6),
                    text(RoutingOracle.COOKIES, 2),
                    text(RoutingOracle.COOKIES, 6),
                    client());
            chosen.merge(rule, 1, Integer::sum);
        }
        assertTrue(chosen.getOrDefault("refused", 0) > INPUTS / 10, chosen::toString);
        assertTrue(chosen.getOrDefault("none", 0) > INPUTS / 100, chosen::toString);
        assertTrue(new HashSet<>(chosen.keySet()).size() > 18, chosen::toString);
    }

    /** Configuration comes from people: it is refused with one kind of exception, or works. */
    @Test
    void anyPatternIsRefusedOrWorks() {
        String[] pieces = {
            "/",
            "a",
            "{",
            "}",
            "{id}",
            "*",
            "**",
            "{*r}",
            ":",
            "[0-9]",
            "(",
            ")",
            "%2f",
            "%",
            ";",
            "..",
            "\\",
            "ä",
            " ",
            "{id:[a-z]+}"
        };
        int good = 0;
        for (int i = 0; i < INPUTS / 5; i++) {
            String pattern = "/" + text(pieces, 6);
            String path = text(RoutingOracle.PATHS, 5);
            for (Factory factory : new Factory[] {
                Conditions::path,
                Conditions::pathPrefix,
                Conditions::pathGlob,
                Conditions::pathTemplate,
                Conditions::pathRegex
            }) {
                good += works(factory, pattern, path) ? 1 : 0;
            }
        }
        assertTrue(good > INPUTS / 50, "good " + good);
    }

    private interface Factory {
        Condition of(String pattern);
    }

    private static boolean works(Factory factory, String pattern, String path) {
        Condition condition;
        try {
            condition = factory.of(pattern);
        } catch (IllegalArgumentException refused) {
            assertTrue(refused.getMessage().contains("(expected: "), refused::getMessage);
            return false;
        }
        String normalised = RequestPath.normalised("/" + path.replace("?", "").replace("#", ""), false);
        if (normalised != null && normalised.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            Requests.matches(condition, Requests.to(normalised));
        }
        return true;
    }

    /** A path that nothing is done to is its own form, and a form has no other form. */
    @Test
    void aFormStaysAsItIs() {
        for (int i = 0; i < INPUTS; i++) {
            String form = RequestPath.normalised(
                    new okhttp3.HttpUrl.Builder()
                            .scheme("http")
                            .host("shop")
                            .encodedPath("/" + text(RoutingOracle.PATHS, 9))
                            .build()
                            .encodedPath(),
                    false);
            if (form != null) {
                assertEquals(form, RequestPath.normalised(form, false));
            }
        }
    }
}
