package io.lb4j.okhttp.routing;

/**
 * A pattern of paths in which {@code *} stands for any characters of one segment, and {@code **} for any segments, also none.
 *
 * <p>No input makes it slow: a pattern of p and a path of n characters take at most p x n steps.
 */
final class PathGlob {
    private final String[] pattern;

    private PathGlob(String[] pattern) {
        this.pattern = pattern;
    }

    static PathGlob of(String glob) {
        String[] pattern = RequestPath.glob("path glob", glob).substring(1).split("/", -1);
        for (String segment : pattern) {
            if (segment.contains("**") && !segment.equals("**")) {
                throw Checks.bad("path glob", glob, "** as a whole segment, for instance \"/static/**\"");
            }
        }
        return new PathGlob(pattern);
    }

    /** The last {@code **} takes one segment more whenever the rest does not fit; those before need no second look. */
    boolean matches(String path) {
        int segment = 0;
        int at = 0; // the slash of the next segment of the path
        int retrySegment = -1;
        int retryAt = 0;
        while (at < path.length() || segment < pattern.length) {
            if (segment < pattern.length && pattern[segment].equals("**")) {
                retrySegment = ++segment;
                retryAt = at;
            } else if (at < path.length() && segment < pattern.length && fits(path, at, pattern[segment])) {
                at = end(path, at);
                segment++;
            } else if (retrySegment >= 0 && retryAt < path.length()) {
                retryAt = end(path, retryAt);
                at = retryAt;
                segment = retrySegment;
            } else {
                return false;
            }
        }
        return true;
    }

    private static int end(String path, int slash) {
        int end = path.indexOf('/', slash + 1);
        return end < 0 ? path.length() : end;
    }

    /** In the same way, with {@code *} and characters; an escape is one. */
    private static boolean fits(String path, int slash, String wanted) {
        int end = end(path, slash);
        int at = slash + 1;
        int next = 0;
        int retryNext = -1;
        int retryAt = 0;
        while (at < end || next < wanted.length()) {
            if (next < wanted.length() && wanted.charAt(next) == '*') {
                retryNext = ++next;
                retryAt = at;
            } else if (at < end && path.regionMatches(at, wanted, next, length(path, at))) {
                next += length(path, at);
                at += length(path, at);
            } else if (retryNext >= 0 && retryAt < end) {
                retryAt += length(path, retryAt);
                at = retryAt;
                next = retryNext;
            } else {
                return false;
            }
        }
        return true;
    }

    private static int length(String path, int at) {
        return path.charAt(at) == '%' ? 3 : 1;
    }
}
