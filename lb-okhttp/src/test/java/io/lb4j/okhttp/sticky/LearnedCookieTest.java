package io.lb4j.okhttp.sticky;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.okhttp.CallCookies;
import io.lb4j.okhttp.SessionAnswer;
import okhttp3.CookieJar;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LearnedCookieTest {
    private final NodeSet nodes = Calls.nodes("a", "b");
    private final SessionTable table = SessionTable.create();
    private final LearnedCookie cookie = LearnedCookie.of("SID", table);

    private static Response.Builder response(String url, String... setCookies) {
        Response.Builder builder = new Response.Builder()
                .request(new Request.Builder().url(url).build())
                .protocol(Protocol.HTTP_1_1)
                .code(200)
                .message("OK")
                .receivedResponseAtMillis(1_700_000_000_000L); // 2023-11-14
        for (String each : setCookies) {
            builder.addHeader("Set-Cookie", each);
        }
        return builder;
    }

    private void answer(int node, @Nullable String session, boolean bound, Response.Builder builder) {
        Response response = builder.build();
        CallCookies cookies = CallCookies.of(response.request(), CookieJar.NO_COOKIES);
        assertSame(
                response,
                cookie.answered(
                        new SessionAnswer(response.request(), response, session, nodes.get(node), bound, cookies)));
    }

    private @Nullable Node nodeOf(String session) {
        return table.lookup(session, nodes, 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SID=new",
                "SID=new; Path=/",
                " SID = new ;HttpOnly",
                "SID=\"new\"; Max-Age=10; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                "SID=new; Expires=Fri, 01 Jan 2100 00:00:00 GMT",
                "SID=new; Max-Age=0; Max-Age=60",
                "SID=new; Max-Age=-; Max-Age=x",
                "SID=new; Expires=nonsense; Domain=shop.example",
            })
    void aNewCookieIsLearnedAlsoFromAFailure(String header) {
        answer(1, null, false, response("http://orders/", "OTHER=1", header));
        assertSame(nodes.get(1), nodeOf("new"));
        assertEquals(1, table.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SID=",
                "SID=old; Max-Age=0",
                "SID=x; max-age=-1",
                "SID=x; Max-Age=00",
                "SID=x; Max-Age=60; Max-Age=0",
                "SID=x; Max-Age=; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                "SID=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Expires=never",
                "SID=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                "SID=x; Expires=Mon, 13 Nov 2023 00:00:00 GMT",
            })
    void aDeletedCookieIsForgotten(String header) {
        table.bind("old", nodes.get(1));
        answer(1, "old", true, response("http://orders/", header));
        assertEquals(0, table.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"XSID=new", "sid=new", "SID", "=SID", "", ";SID=new"})
    void otherCookiesTeachNothing(String header) {
        answer(1, null, true, response("http://orders/", header));
        assertEquals(0, table.size());
    }

    @Test
    void theSameCookieSetAgainOnADetourMovesNothing() {
        table.bind("old", nodes.get(1));
        answer(0, "old", false, response("http://orders/", "SID=old"));
        assertSame(nodes.get(1), nodeOf("old"));
        answer(0, "old", true, response("http://orders/", "SID=old"));
        assertSame(nodes.get(0), nodeOf("old"));
    }

    @Test
    void theLastWordOfARedirectCounts() {
        Response login = response("http://orders/login", "SID=first").build();
        answer(
                1,
                null,
                true,
                response("http://orders/home", "SID=x", "SID=last").priorResponse(login));
        assertSame(nodes.get(1), nodeOf("last"));
        assertEquals(1, table.size());
    }

    /** The cache remembers what the answer before has set, perhaps of another node; only what came now is this one's word. */
    @Test
    void whatTheCacheRemembersTeachesNothing() {
        Response cached = response("http://orders/", "SID=cached").build();
        answer(1, null, true, response("http://orders/", "SID=cached").cacheResponse(cached));
        assertEquals(0, table.size());
        Response unchanged = response("http://orders/").code(304).build();
        answer(
                1,
                null,
                true,
                response("http://orders/", "SID=cached").cacheResponse(cached).networkResponse(unchanged));
        assertEquals(0, table.size());
        Response setting = response("http://orders/", "SID=new").code(304).build();
        answer(
                1,
                null,
                true,
                response("http://orders/", "SID=new").cacheResponse(cached).networkResponse(setting));
        assertSame(nodes.get(1), nodeOf("new"));
    }

    @Test
    void cookiesOfOtherHostsTeachNothing() {
        Response login = response("http://orders/login", "SID=ours").build();
        answer(1, null, true, response("http://elsewhere/", "SID=theirs").priorResponse(login));
        assertSame(nodes.get(1), nodeOf("ours"));
        assertEquals(1, table.size());
    }
}
