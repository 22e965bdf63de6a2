package io.lb4j.okhttp.sticky;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.okhttp.CallCookies;
import io.lb4j.okhttp.SessionAnswer;
import java.nio.charset.StandardCharsets;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class SessionFuzzTest {
    private static final RouteCookie ROUTE = RouteCookie.of("SID|sid");
    private static final LoadBalancerCookie OPAQUE = LoadBalancerCookie.builder("SID")
            .opaque("a key of thirty-two random bytes".getBytes(StandardCharsets.UTF_8))
            .build();
    private static final NodeSet NODES = Calls.nodes("a", "b", "n.3");
    /** What gets the fuzzer past the first comparison. */
    private static final String[] PIECES = {
        "SID", "sid", "=", ";", ".", "a", "b", "n.3", "%2E", "%3D", "\"", "/", "&", "?", " "
    };

    private static String text(FuzzedDataProvider data) {
        StringBuilder text = new StringBuilder();
        for (int i = data.consumeInt(0, 24); i > 0; i--) {
            text.append(data.consumeBoolean() ? PIECES[data.consumeInt(0, PIECES.length - 1)] : visible(data));
        }
        return text.toString();
    }

    private static String visible(FuzzedDataProvider data) {
        return String.valueOf((char) data.consumeInt(' ', '~'));
    }

    private static Request request(String path, String cookie) {
        HttpUrl url = HttpUrl.parse("http://orders/" + path);
        return Calls.request("/", cookie)
                .newBuilder()
                .url(url == null ? HttpUrl.get("http://orders/") : url)
                .build();
    }

    @FuzzTest(maxExecutions = 1_000_000, maxDuration = "1h")
    void aRouteIsFoundOnlyWhereItIsWritten(FuzzedDataProvider data) {
        Request request = request(text(data), text(data));
        String route = Calls.session(ROUTE, request);
        Node node = route == null ? null : ROUTE.lookup(route, NODES, 0);
        if (node != null) {
            String written = (request.url() + " " + request.header("Cookie")).replace("%2E", ".");
            assertTrue(written.contains("." + route) || decoded(written).contains("." + route), written);
        }
    }

    private static String decoded(String text) {
        HttpUrl url = HttpUrl.parse("http://orders/?" + text.replace('#', ' '));
        return url == null ? text : url.pathSegments() + " " + url.query();
    }

    @FuzzTest(maxExecutions = 1_000_000, maxDuration = "1h")
    void aForgedCodeIsNoSession(FuzzedDataProvider data) {
        String forged = Calls.session(OPAQUE, request("", "SID=" + text(data)));
        assertNull(forged == null ? null : OPAQUE.lookup(forged, NODES, 0), forged);
    }

    @FuzzTest(maxExecutions = 1_000_000, maxDuration = "1h")
    void noForwardedHeaderReachesBehindTheTrustedHops(FuzzedDataProvider data) {
        String said = text(data) + ", for=203.0.113.9, for=10.0.0.1";
        Request request = new Request.Builder()
                .url("http://orders/")
                .header("Forwarded", said)
                .header("X-Forwarded-For", said.replace("for=", ""))
                .build();
        assertEquals("203.0.113.9", SessionKeys.forwarded(2).apply(request), said);
        assertEquals("203.0.113.9", SessionKeys.xForwardedFor(2).apply(request), said);
        @Nullable String client = SessionKeys.forwarded(3).apply(request);
        assertTrue(client == null || !client.isEmpty());
    }

    private static final String[] AGES = {"0", "00", "-0", "-1", "1", "86400", "99999999999999999999", "", "-", "x"};
    private static final String[] DATES = {
        "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT", "never", "", "0"
    };

    private static String setCookie(FuzzedDataProvider data) {
        StringBuilder header = new StringBuilder(data.consumeBoolean() ? "SID" : text(data));
        header.append('=').append(text(data));
        for (int i = data.consumeInt(0, 4); i > 0; i--) {
            header.append(data.consumeBoolean() ? "; " : ";");
            switch (data.consumeInt(0, 2)) {
                case 0 -> header.append("Max-Age=").append(data.pickValue(AGES));
                case 1 -> header.append("expires=").append(data.pickValue(DATES));
                default -> header.append(text(data));
            }
        }
        return header.toString();
    }

    /** OkHttp's own reading of cookies says which ones a jar keeps: those are learned, as the jar sends them, and no others. */
    @FuzzTest(maxExecutions = 1_000_000, maxDuration = "1h")
    void whatAJarKeepsIsLearned(FuzzedDataProvider data) {
        String header = setCookie(data);
        Request request = request("", "");
        Response response = new Response.Builder()
                .request(request)
                .protocol(Protocol.HTTP_1_1)
                .code(200)
                .message("")
                .receivedResponseAtMillis(System.currentTimeMillis())
                .addHeader("Set-Cookie", header)
                .build();
        SessionTable table = SessionTable.create();
        LearnedCookie learned = LearnedCookie.of("SID", table);
        Node node = NODES.get(1);
        CallCookies cookies = CallCookies.of(request, CookieJar.NO_COOKIES);
        assertSame(response, learned.answered(new SessionAnswer(request, response, null, node, true, cookies)));

        Cookie cookie = Cookie.parse(request.url(), header);
        boolean kept = cookie != null && cookie.name().equals("SID") && cookie.expiresAt() > System.currentTimeMillis();
        String session = kept ? Calls.session(learned, request("", "SID=" + cookie.value())) : null;
        assertEquals(session == null ? 0 : 1, table.size(), header);
        assertTrue(session == null || table.lookup(session, NODES, 0) == node, header);
    }
}
