package io.lb4j.okhttp;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** HTTP statuses, written as in {@code 200-299,304}. Immutable. */
final class StatusRanges {
    private static final String FORM = "statuses from 100 to 599 or ranges of them, for instance \"200-299,304\"";
    private static final Pattern RANGE = Pattern.compile("([1-5][0-9]{2})(?:\\s*-\\s*([1-5][0-9]{2}))?");

    private record Range(int first, int last) {}

    private final String text;
    private final List<Range> ranges;

    private StatusRanges(String text, List<Range> ranges) {
        this.text = text;
        this.ranges = ranges;
    }

    static StatusRanges parse(String text) {
        List<Range> ranges = new ArrayList<>();
        for (String part : Checks.notNull("statuses", text).split(",", -1)) {
            Matcher matcher = RANGE.matcher(part.strip());
            if (!matcher.matches()) {
                throw Checks.bad("statuses", text, FORM);
            }
            int first = Integer.parseInt(matcher.group(1));
            int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
            if (last < first) {
                throw Checks.bad("statuses", text, FORM + "; the lower one first");
            }
            ranges.add(new Range(first, last));
        }
        return new StatusRanges(text, List.copyOf(ranges));
    }

    boolean contain(int status) {
        return ranges.stream().anyMatch(range -> status >= range.first() && status <= range.last());
    }

    @Override
    public String toString() {
        return text;
    }
}
