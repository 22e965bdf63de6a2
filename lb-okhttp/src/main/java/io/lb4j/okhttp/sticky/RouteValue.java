package io.lb4j.okhttp.sticky;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** How a route becomes the value of a cookie. Thread-safe. */
@FunctionalInterface
interface RouteValue {
    /** The route itself; what a cookie cannot hold (RFC 6265, section 4.1.1) is percent-encoded. */
    RouteValue PLAIN = RouteValue::encoded;

    String of(String route);

    static RouteValue opaque(String cookie, byte[] key) {
        if (Checks.notNull("key", key).length < 16) {
            throw Checks.bad("key", key.length + " bytes", "at least 16 bytes, better 32 random ones");
        }
        SecretKeySpec secret = new SecretKeySpec(key, "HmacSHA256");
        return route -> mac(secret, cookie + '=' + route);
    }

    private static String mac(SecretKeySpec secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(secret);
            byte[] code = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(code);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has it", e);
        }
    }

    private static String encoded(String route) {
        StringBuilder text = new StringBuilder(route.length());
        for (byte octet : route.getBytes(StandardCharsets.UTF_8)) {
            if (octet <= ' ' || octet == 127 || "\",;\\%".indexOf(octet) >= 0) {
                text.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            } else {
                text.append((char) octet);
            }
        }
        return text.toString();
    }
}
