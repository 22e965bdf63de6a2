package io.lb4j.okhttp.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A path with variables: <code>{id}</code> is one segment that is not empty, <code>{id:[0-9]+}</code> one that a regular expression
 * describes, <code>{*rest}</code> at the end all segments that are left, also none.
 */
final class PathTemplate {
    private static final Pattern VARIABLE = Pattern.compile("\\{(\\*?)([A-Za-z_][A-Za-z0-9_]*)(?::(.+))?}");

    /**
     * One segment.
     *
     * @param literal what stands there; null = a variable
     * @param variable its name; empty = a literal
     * @param regex what the variable may be; null = anything but empty
     * @param rest whether it takes all that is left
     */
    private record Segment(
            @Nullable String literal,
            String variable,
            @Nullable Pattern regex,
            boolean rest) {
        boolean fits(String path, int from, int to) {
            if (literal != null) {
                return literal.length() == to - from && path.startsWith(literal, from);
            }
            return from < to
                    && (regex == null || regex.matcher(path).region(from, to).matches());
        }
    }

    private final String text;
    private final List<Segment> segments;

    private PathTemplate(String text, List<Segment> segments) {
        this.text = text;
        this.segments = segments;
    }

    static PathTemplate of(String name, String template) {
        if (!Checks.notNull(name, template).startsWith("/")) {
            throw Checks.bad(name, template, "a path, for instance \"/users/{id}\"");
        }
        List<Segment> segments = new ArrayList<>();
        Set<String> variables = new HashSet<>();
        for (String segment : template.substring(1).split("/", -1)) {
            boolean afterRest =
                    !segments.isEmpty() && segments.get(segments.size() - 1).rest();
            Segment read = segment(name, template, segment);
            if (afterRest || (read.literal() == null && !variables.add(read.variable()))) {
                throw Checks.bad(name, template, "each variable once, and {*...} at the end");
            }
            segments.add(read);
        }
        return new PathTemplate(template, List.copyOf(segments));
    }

    private static Segment segment(String name, String template, String segment) {
        if (segment.indexOf('{') < 0 && segment.indexOf('}') < 0) {
            return new Segment(RequestPath.literal(name, '/' + segment).substring(1), "", null, false);
        }
        Matcher matcher = VARIABLE.matcher(segment);
        boolean rest = matcher.matches() && !matcher.group(1).isEmpty();
        if (!matcher.matches() || (rest && matcher.group(3) != null)) {
            throw Checks.bad(name, template, "variables as whole segments: {id}, {id:[0-9]+} or {*rest}");
        }
        String regex = matcher.group(3);
        return new Segment(null, matcher.group(2), regex == null ? null : Checks.regex(name, regex), rest);
    }

    /** The names of the variables. */
    Set<String> variables() {
        Set<String> names = new HashSet<>();
        segments.stream()
                .filter(segment -> segment.literal() == null)
                .forEach(segment -> names.add(segment.variable()));
        return names;
    }

    boolean matches(String path) {
        return match(path, null);
    }

    /** The values of the variables, as the path has them; null if the path is another one. */
    @Nullable
    Map<String, String> values(String path) {
        Map<String, String> values = new HashMap<>();
        return match(path, values) ? values : null;
    }

    private boolean match(String path, @Nullable Map<String, String> values) {
        int at = 0; // the slash of the next segment of the path
        for (Segment segment : segments) {
            if (segment.rest()) {
                keep(values, segment, path, Math.min(at + 1, path.length()), path.length());
                return true;
            }
            int slash = path.indexOf('/', at + 1);
            int end = slash < 0 ? path.length() : slash;
            if (at >= path.length() || !segment.fits(path, at + 1, end)) {
                return false;
            }
            keep(values, segment, path, at + 1, end);
            at = end;
        }
        return at >= path.length();
    }

    private static void keep(@Nullable Map<String, String> values, Segment segment, String path, int from, int to) {
        if (values != null && segment.literal() == null) {
            values.put(segment.variable(), path.substring(from, to));
        }
    }

    /** The path with these values in place of the variables. */
    String filled(Map<String, String> values) {
        StringBuilder path = new StringBuilder();
        for (Segment segment : segments) {
            path.append('/').append(segment.literal() != null ? segment.literal() : values.get(segment.variable()));
        }
        return path.toString();
    }

    /** Returns the template as it was given. */
    @Override
    public String toString() {
        return text;
    }
}
