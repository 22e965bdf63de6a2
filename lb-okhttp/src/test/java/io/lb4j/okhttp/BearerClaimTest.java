package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lb4j.okhttp.sticky.SessionKeys;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BearerClaimTest {
    /** The token of RFC 7519, section 3.1; its claims have line ends between them. */
    private static final String OF_THE_RFC = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
            + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
            + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    private static @Nullable String claim(String name, String authorization) {
        return SessionKeys.jwtClaim(name)
                .apply(new Request.Builder()
                        .url("http://orders/")
                        .header("Authorization", authorization)
                        .build());
    }

    private static String token(byte[] claims) {
        return "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims) + ".c2ln";
    }

    private static String token(String claims) {
        return token(claims.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void textsAndNumbersOfTheTokenOfTheRfc() {
        assertEquals("joe", claim("iss", "Bearer " + OF_THE_RFC));
        assertEquals("1300819380", claim("exp", "Bearer " + OF_THE_RFC));
        assertNull(claim("http://example.com/is_root", "Bearer " + OF_THE_RFC));
        assertNull(claim("sub", "Bearer " + OF_THE_RFC));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "{\"sub\":\"a b\"} | a b",
                "{\"sub\":\"\\u00e9\"} | é",
                "{\"sub\":\"é\"} | é",
                "{\"sub\":-1.5e3} | -1.5e3",
                "{\"sub\":\"\"} | ",
                "{\"sub\":true} | ",
                "{\"sub\":null} | ",
                "{\"sub\":[\"a\"]} | ",
                "{\"sub\":{\"a\":\"b\"}} | ",
                "{\"SUB\":\"a\"} | ",
                "{\"sub\":\"a\",\"sub\":\"b\"} | ",
                "{\"sub\":\"a\" | ",
                "[\"sub\"] | ",
                "\"sub\" | ",
            })
    void onlyATextOrANumberIsAKey(String claims, @Nullable String expected) {
        assertEquals(expected, claim("sub", "bearer " + token(claims)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Bearer a",
                "Bearer .",
                "Bearer ..",
                "Bearer a.b",
                "Bearer a.!!.c",
                "Bearer a.eyJz.c",
                "Bearer a.e30.c.d.e",
                "Basic YTpi",
                "Bearere30.e30.e30"
            })
    void whatIsNoTokenHasNoClaims(String authorization) {
        assertNull(claim("sub", authorization));
    }

    @Test
    void noRequestIsAnError() {
        assertNull(claim("sub", "Bearer " + token(new byte[] {'{', '"', (byte) 0xFF, '"'})));
        assertNull(SessionKeys.jwtClaim("sub")
                .apply(new Request.Builder().url("http://orders/").build()));
        assertNull(claim("sub", "Bearer " + token("[".repeat(9_000))));
    }

    @Test
    void tokensThatNoServerTakesAreNotRead() {
        String longest = "x".repeat(BearerClaim.LONGEST_TOKEN * 3 / 4 - 100);
        assertEquals(longest, claim("sub", "Bearer " + token("{\"sub\":\"" + longest + "\"}")));
        assertNull(claim("sub", "Bearer " + token("{\"sub\":\"" + longest + "x".repeat(200) + "\"}")));
    }

    @Test
    void aClaimNeedsAName() {
        assertThrows(IllegalArgumentException.class, () -> SessionKeys.jwtClaim(""));
        assertThrows(NullPointerException.class, () -> SessionKeys.jwtClaim(null));
    }
}
