package io.lb4j.okhttp.routing;

import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/** Names of hosts, as OkHttp shows them. */
final class Hosts {
    /** What OkHttp takes for one. */
    private static final Pattern IP_ADDRESS = Pattern.compile("[0-9a-fA-F]*:[0-9a-fA-F:.]*|[0-9.]+");

    private Hosts() {}

    /** A name; no address, which OkHttp would not look up. */
    static String canonical(String name, String value) {
        String canonical;
        try {
            canonical = new HttpUrl.Builder()
                    .scheme("http")
                    .host(Checks.notNull(name, value))
                    .build()
                    .host();
        } catch (IllegalArgumentException e) {
            throw Checks.bad(name, value, "a host name, for instance \"shop\" or \"shop.test\"");
        }
        if (!canonical.equals(value)) {
            throw Checks.bad(name, value, "a canonical host name, here \"" + canonical + '"');
        }
        if (IP_ADDRESS.matcher(value).matches()) {
            throw Checks.bad(name, value, "a host name, no address");
        }
        return value;
    }

    /** The same, or {@code *.} before a name, for all names below. */
    static String pattern(String name, String value) {
        if (Checks.notNull(name, value).startsWith("*.")) {
            String ignored = canonical(name, value.substring(2));
            return value;
        }
        return canonical(name, value);
    }

    static boolean matches(String pattern, String host) {
        return pattern.startsWith("*.") ? host.endsWith(pattern.substring(1)) : host.equals(pattern);
    }
}
