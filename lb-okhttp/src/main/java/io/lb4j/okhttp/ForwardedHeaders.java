package io.lb4j.okhttp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Says in headers for whom a request is made. Immutable.
 *
 * @param standard whether in {@code Forwarded}, RFC 7239
 * @param legacy whether in {@code X-Forwarded-For}, {@code -Proto} and {@code -Host}
 * @param by who says so; null = that is not said
 * @param replaced whether what others have said is dropped
 */
record ForwardedHeaders(
        boolean standard, boolean legacy, @Nullable ForwardedNode by, boolean replaced) {
    static final ForwardedHeaders NONE = new ForwardedHeaders(false, false, null, false);

    private static final String STANDARD = "Forwarded";
    private static final String LEGACY_PREFIX = "x-forwarded-";
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /**
     * A tag that tells what a request says already: one that comes back, because an interceptor repeats it or a redirect leads to
     * another service, must not name its client twice. That would look like one hop more.
     */
    private record Said(InboundRequest inbound, boolean standard, boolean legacy) {}

    void addTo(Request.Builder builder, Request request) {
        if (replaced) {
            dropOthers(builder, request);
        }
        InboundRequest inbound = request.tag(InboundRequest.class);
        if (inbound == null) {
            return;
        }
        Said said = request.tag(Said.class);
        if (said == null || said.inbound() != inbound || replaced) {
            said = new Said(inbound, false, false);
        }
        builder.tag(Said.class, new Said(inbound, standard || said.standard(), legacy || said.legacy()));
        if (standard && !said.standard()) {
            append(builder, STANDARD, replaced ? List.of() : closed(request.headers(STANDARD)), element(inbound, by));
        }
        if (legacy && !said.legacy()) {
            addLegacy(builder, request, inbound);
        }
    }

    private static void dropOthers(Request.Builder builder, Request request) {
        for (String name : request.headers().names()) {
            if (name.equalsIgnoreCase(STANDARD) || name.toLowerCase(Locale.ROOT).startsWith(LEGACY_PREFIX)) {
                builder.removeHeader(name);
            }
        }
    }

    private void addLegacy(Request.Builder builder, Request request, InboundRequest inbound) {
        String address = inbound.address();
        List<String> before = replaced ? List.of() : request.headers("X-Forwarded-For");
        append(builder, "X-Forwarded-For", before, address == null ? ForwardedNode.UNKNOWN.name() : address);
        setIfOpen(builder, request, "X-Forwarded-Proto", inbound.scheme());
        setIfOpen(builder, request, "X-Forwarded-Host", inbound.host());
    }

    /** These two are no lists to most servers: what the first gateway has said stays. */
    private void setIfOpen(Request.Builder builder, Request request, String name, @Nullable String value) {
        if (value != null && (replaced || request.header(name) == null)) {
            builder.header(name, value);
        }
    }

    private static void append(Request.Builder builder, String name, List<String> before, String last) {
        List<String> all = new ArrayList<>(before);
        all.removeIf(String::isBlank);
        all.add(last);
        builder.header(name, String.join(", ", all));
    }

    /** Without lines whose quotes are left open: they would swallow what is written behind them. */
    private static List<String> closed(List<String> lines) {
        return lines.stream().filter(line -> !endsQuoted(line)).toList();
    }

    private static boolean endsQuoted(String line) {
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            }
        }
        return quoted;
    }

    /** One element of {@code Forwarded}; no part of it can hold a quote or a backslash. */
    static String element(InboundRequest inbound, @Nullable ForwardedNode by) {
        StringBuilder text = new StringBuilder("for=").append(inbound.client());
        if (inbound.scheme() != null) {
            text.append(";proto=").append(quotedIfNeeded(inbound.scheme()));
        }
        if (inbound.host() != null) {
            text.append(";host=").append(quotedIfNeeded(inbound.host()));
        }
        return by == null ? text.toString() : text.append(";by=").append(by).toString();
    }

    private static String quotedIfNeeded(String value) {
        return TOKEN.matcher(value).matches() ? value : '"' + value + '"';
    }
}
