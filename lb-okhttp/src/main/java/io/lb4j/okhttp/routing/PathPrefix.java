package io.lb4j.okhttp.routing;

/** The beginning of a path, in whole segments. */
final class PathPrefix {
    /** Without a slash at the end; empty = every path. */
    private final String prefix;

    private PathPrefix(String prefix) {
        this.prefix = prefix;
    }

    static PathPrefix of(String name, String value) {
        String path = RequestPath.literal(name, value);
        return new PathPrefix(path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
    }

    boolean matches(String path) {
        return path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }

    /** The path with this prefix in place of that one; {@code encoded} is the spelling of {@code path} that the caller has sent. */
    String instead(PathPrefix other, String encoded) {
        int segments = (int) other.prefix.chars().filter(c -> c == '/').count();
        String path = prefix + encoded.substring(behind(encoded, segments));
        return path.isEmpty() ? "/" : path;
    }

    /** Empty segments, and those of parameters only, are none to the rules. */
    private static int behind(String encoded, int segments) {
        int at = 0;
        int left = segments;
        while (left > 0) {
            int slash = encoded.indexOf('/', at + 1);
            int end = slash < 0 ? encoded.length() : slash;
            boolean counts = end > at + 1 && encoded.charAt(at + 1) != ';';
            left -= counts ? 1 : 0;
            at = end;
        }
        return at;
    }
}
