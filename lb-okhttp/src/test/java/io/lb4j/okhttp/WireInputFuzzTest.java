package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.lb4j.okhttp.sticky.SessionKeys;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import okhttp3.Request;
import org.junit.jupiter.api.Tag;

/** What clients of a gateway send. */
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
}
