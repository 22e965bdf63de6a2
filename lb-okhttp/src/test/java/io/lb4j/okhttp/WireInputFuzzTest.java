package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.lb4j.okhttp.sticky.SessionKeys;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;

/** What clients of a gateway send, and how long a server wants to be left alone. */
@Tag("fuzz")
class WireInputFuzzTest {
    private static Request.Builder request() {
        return new Request.Builder().url("http://orders/");
    }

    private static String visible(String text) {
        return text.replaceAll("[^ -~]", "").strip();
    }

    @FuzzTest(maxExecutions = 1_000_000, maxDuration = "1h")
    void whateverTheTokenSaysItIsAKeyOrNone(FuzzedDataProvider data) {
        boolean whole = data.consumeBoolean();
        String token = whole
                ? visible(data.consumeRemainingAsAsciiString())
                : "e30."
                        + Base64.getUrlEncoder()
                                .encodeToString(("{\"sub\":" + data.consumeRemainingAsString())
                                        .getBytes(StandardCharsets.UTF_8))
                        + ".c2ln";
        String claim = BearerClaim.of("sub")
                .apply(request().header("Authorization", "Bearer " + token).build());
        assertFalse("".equals(claim));
    }

    /** Whatever the client says of others and of its host, the last hop is read as it is. */
    @FuzzTest(maxExecutions = 1_000_000, maxDuration = "1h")
    void nobodyButTheGatewayNamesTheClient(FuzzedDataProvider data) {
        InboundRequest inbound = InboundRequest.from(data.consumeBoolean() ? "203.0.113.9" : "2001:db8::9");
        String said = visible(data.consumeString(200));
        String host = data.consumeRemainingAsString();
        try {
            inbound = inbound.withHost(host);
        } catch (IllegalArgumentException refused) {
            // it is none
        }
        Request sent = RequestHeaders.none()
                .withForwarded()
                .withXForwarded()
                .onto(
                        request()
                                .header("Forwarded", said)
                                .header("X-Forwarded-For", said)
                                .tag(InboundRequest.class, inbound)
                                .build(),
                        new BalancedCall());
        assertEquals(inbound.address(), SessionKeys.forwarded(1).apply(sent));
        assertEquals(inbound.address(), SessionKeys.xForwardedFor(1).apply(sent));
    }

    private static final Pattern ELEMENT =
            Pattern.compile("for=203\\.0\\.113\\.9;host=(?:([!#$%&'*+.^_`|~0-9A-Za-z-]+)|\"([^\"\\\\]*)\")");
    private static final Pattern USUAL_HOST = Pattern.compile("[a-z0-9._-]+|\\[[0-9a-f:]+]");

    /** A host is refused, or stands in the headers as it is and as one value: it cannot add to them. */
    @FuzzTest(maxExecutions = 1_000_000, maxDuration = "1h")
    void aHostIsRefusedOrSaidAsItIs(FuzzedDataProvider data) {
        String host =
                pieces(data, "shop", ".", ":", "443", "[", "]", "::1", "\"", "\\", ";", ",", "=", "for=", "\r\n", "%");
        InboundRequest inbound;
        try {
            inbound = InboundRequest.from("203.0.113.9").withHost(host);
        } catch (IllegalArgumentException refused) {
            HttpUrl url = HttpUrl.parse("http://" + host + "/");
            boolean usual = url != null
                    && USUAL_HOST.matcher(host).matches()
                    && url.host().equals(host);
            assertFalse(usual, host);
            return;
        }
        Request sent = RequestHeaders.none()
                .withForwarded()
                .withXForwarded()
                .onto(request().tag(InboundRequest.class, inbound).build(), new BalancedCall());
        Matcher element = ELEMENT.matcher(String.valueOf(sent.header("Forwarded")));
        assertTrue(element.matches(), host);
        assertEquals(host, element.group(1) == null ? element.group(2) : element.group(1));
        assertEquals(host, sent.header("X-Forwarded-Host"));
        assertNull(SessionKeys.forwarded(2).apply(sent), "two hops");
    }

    private static final Instant SENT = Instant.parse("2026-01-01T00:00:00Z");
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private static Response answer(String retryAfter) {
        return new Response.Builder()
                .request(request().build())
                .protocol(Protocol.HTTP_1_1)
                .code(503)
                .message("")
                .headers(new Headers.Builder()
                        .add("Date", HTTP_DATE.format(SENT))
                        .addUnsafeNonAscii("Retry-After", retryAfter)
                        .build())
                .build();
    }

    private static Duration within(BigInteger seconds) {
        BigInteger most = BigInteger.valueOf(RetryAfter.LONGEST_SECONDS);
        return Duration.ofSeconds(seconds.max(BigInteger.ZERO).min(most).longValueExact());
    }

    /** Whatever a server says, nobody waits for less than no time or for longer than a number can hold. */
    @FuzzTest(maxExecutions = 1_000_000, maxDuration = "1h")
    void retryAfterIsATimeOrNone(FuzzedDataProvider data) {
        String text = pieces(
                data, "0", "9", "999999999", "-", "+", ".", " ", "Thu, 01 Jan 2026 00:0", "1:00", " GMT", "\u0663");
        Response response = answer(text);
        Duration wait = RetryAfter.of(response, () -> SENT);
        assertEquals(wait != null, RetryAfter.isIn(response), text);
        if (text.matches("[0-9]+")) {
            assertEquals(within(new BigInteger(text)), wait);
        } else if (wait != null) {
            assertFalse(wait.isNegative() || wait.toSeconds() > RetryAfter.LONGEST_SECONDS, text);
        }
    }

    /** A date counts from the server's own, both in the form that all must write. */
    @FuzzTest(maxExecutions = 1_000_000, maxDuration = "1h")
    void retryAfterADateIsTheTimeUntilThen(FuzzedDataProvider data) {
        long away = data.consumeLong(-60_000_000_000L, 250_000_000_000L); // to the years 124 and 9948
        Duration wait = RetryAfter.of(answer(HTTP_DATE.format(SENT.plusSeconds(away))), () -> Instant.EPOCH);
        assertEquals(within(BigInteger.valueOf(away)), wait);
    }

    /** Some of the pieces, and characters of any kind between them. */
    private static String pieces(FuzzedDataProvider data, String... pieces) {
        StringBuilder text = new StringBuilder();
        for (int i = data.consumeInt(0, 12); i > 0; i--) {
            text.append(data.consumeBoolean() ? data.pickValue(pieces) : data.consumeString(2));
        }
        return text.toString();
    }
}
