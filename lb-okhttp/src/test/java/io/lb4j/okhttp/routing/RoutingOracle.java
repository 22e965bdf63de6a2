package io.lb4j.okhttp.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lb4j.okhttp.CallBody;
import io.lb4j.okhttp.CallCookies;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okio.ByteString;

/** What rules should find, told by an obvious and slow implementation that decodes everything first, as a server does. */
final class RoutingOracle {
    /** What gets random input past the first comparison: what the rules look for, and what hides it. */
    static final String[] PATHS = {
        "/",
        "/",
        "/",
        "admin",
        "users",
        "%61dmin",
        "adm%69n",
        "Admin",
        "käse",
        "k%C3%A4se",
        "k%c3%a4se",
        "a b",
        "a%20b",
        "a",
        "b",
        "0",
        "42",
        ".",
        "..",
        "%2e",
        "%2E%2e",
        ";",
        ";v=1",
        "..;",
        "%2f",
        "%2F",
        "%5c",
        "\\",
        "%00",
        "%25",
        "%252f",
        "%3b",
        "%3B",
        "%",
        "%c0%af",
        "%ff",
        "%E2%82%AC",
        "*",
        "{id}",
        "%7Bid%7D",
        "~",
        "%7e",
        "@",
        "%40",
        "?",
        "#",
        "%0a",
        "+",
        "%20",
        "\u20ac",
        "=",
        "e"
    };

    static final String[] QUERIES = {
        "a", "=", "b", "&", "b+c", "b%20c", "%61", "+", "%", ";", "%zz", "%C3%A4", "a=b%20c", "#"
    };
    static final String[] COOKIES = {
        "sid", "=", "b", ";", " ", "\"", "xsid", "\"b\"", "sid=b", ",", "sid=", "$", "sid =b"
    };

    private static final Pattern ESCAPED = Pattern.compile("%[0-9a-fA-F]{2}");

    /** A request as a server understands it. */
    private record Seen(List<String> segments, Request request, ByteString client) {}

    private record Case(String name, Condition condition, Predicate<Seen> expected) {}

    private static final List<Case> CASES = List.of(
            new Case("exact", Conditions.path("/admin/käse"), seen -> seen.segments.equals(List.of("admin", "käse"))),
            new Case("slash", Conditions.path("/admin/"), seen -> seen.segments.equals(List.of("admin", ""))),
            new Case("root", Conditions.path("/"), seen -> seen.segments.equals(List.of(""))),
            new Case("prefix", Conditions.pathPrefix("/admin"), seen -> startsWith(seen, "admin")),
            new Case("deep prefix", Conditions.pathPrefix("/a b/admin/"), seen -> startsWith(seen, "a b", "admin")),
            new Case("template", Conditions.pathTemplate("/users/{id}"), seen -> isUser(seen, "(?s).+")),
            new Case("numbers", Conditions.pathTemplate("/users/{id:[0-9]+}"), seen -> isUser(seen, "[0-9]+")),
            new Case("rest", Conditions.pathTemplate("/users/{*r}"), seen -> startsWith(seen, "users")),
            glob("/**/admin/*"),
            glob("/a*n/**"),
            glob("/**/*0*"),
            glob("/*/**/k*e"),
            glob("/**/a/**/b/**"),
            new Case(
                    "header",
                    Conditions.header("X-A", "b"),
                    seen -> headers(seen).contains("b")),
            new Case("cookie", Conditions.cookie("sid", "b"), seen -> hasCookie(seen, "b")),
            new Case(
                    "query", Conditions.query("a", "b c"), seen -> queries(seen).contains(List.of("a", "b c"))),
            new Case(
                    "flag",
                    Conditions.query("a"),
                    seen -> queries(seen).stream().anyMatch(q -> q.get(0).equals("a"))),
            network("10.0.0.0/7"),
            network("128.0.0.0/1"),
            network("2000::/3"),
            network("2001:db8:8000::/33"),
            network("192.0.2.7"));

    private final Router router;

    RoutingOracle() {
        Router.Builder builder = Router.builder("shop").clientAddress(request -> request.tag(String.class));
        CASES.forEach(each -> builder.rule(each.name(), each.condition(), Actions.to(each.name())));
        router = builder.otherwise(Actions.to("none")).build();
    }

    /** Compares each condition, and the choice of a router that has all of them as rules; returns that choice. */
    String check(String path, String query, String header, String cookies, byte[] client) {
        HttpUrl url = new HttpUrl.Builder()
                .scheme("http")
                .host("shop")
                .encodedPath("/" + path)
                .encodedQuery(query)
                .build();
        String address = text(client);
        Request.Builder builder = new Request.Builder().url(url).tag(String.class, address);
        add(builder, "X-A", header);
        add(builder, "Cookie", cookies);
        Request request = builder.build();
        List<String> segments = segments(url.encodedPath());
        String normalised = RequestPath.normalised(url.encodedPath(), false);
        if (segments == null) {
            assertNull(normalised, url::toString);
            assertThrows(RoutingException.class, () -> router.route(request), url::toString);
            return "refused";
        }
        assertNotNull(normalised, url::toString);
        RoutingContext call = context(request, normalised);
        Seen seen = new Seen(segments, request, ByteString.of(client));
        String first = "none";
        for (int i = CASES.size() - 1; i >= 0; i--) {
            Case each = CASES.get(i);
            boolean expected = each.expected().test(seen);
            assertEquals(
                    expected, each.condition().matches(call), () -> each.name() + " of " + request + seen.segments);
            first = expected ? each.name() : first;
        }
        assertEquals(first, Requests.service(router, request, 0), request::toString);
        return first;
    }

    private static RoutingContext context(Request request, String path) {
        return new RoutingContext(
                request,
                path,
                CallCookies.of(request, CookieJar.NO_COOKIES),
                CallBody.of(request, 0),
                each -> each.tag(String.class),
                0);
    }

    private static void add(Request.Builder request, String name, String value) {
        try {
            request.header(name, value);
        } catch (IllegalArgumentException e) {
            // OkHttp lets no such value out
        }
    }

    private static String text(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            return new String(address, StandardCharsets.ISO_8859_1); // no address: in no network
        }
    }

    // ------------------------------------------------------------------------------------------ paths

    /** The segments of a path as a server decodes them; null if servers may differ. */
    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        String[] raw = path.substring(1).split("/", -1);
        for (int i = 0; i < raw.length; i++) {
            String[] parts = raw[i].split(";", 2);
            byte[] name = decoded(parts[0]);
            byte[] parameters = decoded(parts.length == 1 ? "" : parts[1]);
            if (name == null || parameters == null) {
                return null;
            }
            String segment = utf8(name);
            if (segment == null || segment.equals(".") || segment.equals("..")) {
                return null;
            } else if (!segment.isEmpty() || i == raw.length - 1) {
                segments.add(segment);
            }
        }
        return segments;
    }

    private static byte[] decoded(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            int value = text.charAt(i);
            if (value == '%') {
                String digits = text.substring(i + 1, Math.min(i + 3, text.length()));
                if (!digits.matches("[0-9a-fA-F]{2}")) {
                    return null;
                }
                value = Integer.parseInt(digits, 16);
                i += 2;
            }
            if (value < ' ' || value == 0x7F || value == '/' || value == '\\') {
                return null;
            }
            out.write(value);
        }
        if (ESCAPED.matcher(out.toString(StandardCharsets.ISO_8859_1)).find()) {
            return null;
        }
        return out.toByteArray();
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static boolean startsWith(Seen seen, String... wanted) {
        return seen.segments.size() >= wanted.length
                && seen.segments.subList(0, wanted.length).equals(Arrays.asList(wanted));
    }

    private static boolean isUser(Seen seen, String id) {
        return seen.segments.size() == 2
                && startsWith(seen, "users")
                && seen.segments.get(1).matches(id);
    }

    private static Case glob(String glob) {
        List<String> pattern = Arrays.asList(glob.substring(1).split("/"));
        return new Case(glob, Conditions.pathGlob(glob), seen -> fits(pattern, seen.segments));
    }

    private static boolean fits(List<String> pattern, List<String> segments) {
        if (pattern.isEmpty()) {
            return segments.isEmpty();
        }
        List<String> rest = pattern.subList(1, pattern.size());
        if (pattern.get(0).equals("**")) {
            return fits(rest, segments) || (!segments.isEmpty() && fits(pattern, segments.subList(1, segments.size())));
        }
        return !segments.isEmpty()
                && fits(pattern.get(0), segments.get(0))
                && fits(rest, segments.subList(1, segments.size()));
    }

    private static boolean fits(String pattern, String segment) {
        if (pattern.isEmpty()) {
            return segment.isEmpty();
        } else if (pattern.charAt(0) == '*') {
            return fits(pattern.substring(1), segment) || (!segment.isEmpty() && fits(pattern, segment.substring(1)));
        }
        return !segment.isEmpty()
                && pattern.charAt(0) == segment.charAt(0)
                && fits(pattern.substring(1), segment.substring(1));
    }

    // ------------------------------------------------------------------------------------------ the rest

    private static List<String> headers(Seen seen) {
        return seen.request.headers("x-a");
    }

    private static boolean hasCookie(Seen seen, String value) {
        for (String header : seen.request.headers("cookie")) {
            for (String pair : header.split(";")) {
                String[] parts = pair.split("=", 2);
                boolean found = parts.length == 2
                        && parts[0].trim().equals("sid")
                        && (parts[1].trim().equals(value) || parts[1].trim().equals('"' + value + '"'));
                if (found) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Names and values; OkHttp lets no octet through that is not text, so what is malformed is shown as it is. */
    private static List<List<String>> queries(Seen seen) {
        List<List<String>> pairs = new ArrayList<>();
        String query = seen.request.url().encodedQuery();
        for (String pair : query == null ? new String[0] : query.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            pairs.add(List.of(lenient(parts[0]), parts.length == 1 ? "" : lenient(parts[1])));
        }
        return pairs;
    }

    private static String lenient(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            String digits = new String(bytes, i, Math.min(3, bytes.length - i), StandardCharsets.ISO_8859_1);
            if (digits.matches("%[0-9a-fA-F]{2}")) {
                out.write(Integer.parseInt(digits.substring(1), 16));
                i += 2;
            } else {
                out.write(bytes[i] == '+' ? ' ' : bytes[i]);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Case network(String network) {
        return new Case(network, Conditions.clientIn(network), seen -> isIn(network, seen.client.toByteArray()));
    }

    private static boolean isIn(String network, byte[] client) {
        try {
            String[] parts = network.split("/");
            byte[] first = InetAddress.getByName(parts[0]).getAddress();
            byte[] address = InetAddress.getByAddress(client).getAddress(); // 4 if it is IPv4-mapped
            int bits = first.length * 8;
            int shift = bits - (parts.length == 1 ? bits : Integer.parseInt(parts[1]));
            return address.length == first.length
                    && new BigInteger(1, address).shiftRight(shift).equals(new BigInteger(1, first).shiftRight(shift));
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
