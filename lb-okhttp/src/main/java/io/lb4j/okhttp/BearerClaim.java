package io.lb4j.okhttp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.function.Function;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Reads one claim of the JSON Web Token (RFC 7519) in {@code Authorization: Bearer ...} (RFC 6750), as a key or a session. Immutable.
 *
 * <p><b>The token is not verified.</b> Whoever makes one up chooses where its own requests go, and nothing else: never let a
 * claim that was read in this way decide who may do what.
 *
 * <p>A request without a token, with one that is encrypted, malformed, longer than 16 KB or without the claim has no key. That is
 * never an error.
 */
public final class BearerClaim implements Function<Request, @Nullable String> {
    /** In characters; servers refuse headers that are longer. */
    static final int LONGEST_TOKEN = 16 * 1024;

    private static final String SCHEME = "Bearer ";

    private final String name;

    private BearerClaim(String name) {
        this.name = name;
    }

    /**
     * Returns a reader of a claim.
     *
     * @param name the name of a claim whose value is a text or a number, for instance {@code sub}; case-sensitive, no path
     * @return the reader; it gives a number as it is spelled
     */
    public static BearerClaim of(String name) {
        if (Checks.notNull("name of the claim", name).isEmpty()) {
            throw Checks.bad("name of the claim", name, "a name, for instance \"sub\"");
        }
        return new BearerClaim(name);
    }

    /** Returns the value of the claim, null if there is none. */
    @Override
    public @Nullable String apply(Request request) {
        String header = request.header("Authorization");
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        String claims = claimsOf(header.substring(SCHEME.length()).trim());
        return claims == null ? null : read(claims);
    }

    /** The second of the three parts of a signed token; an encrypted one has five. */
    private static @Nullable String claimsOf(String token) {
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        boolean signed = first > 0 && second > first + 1 && token.indexOf('.', second + 1) < 0;
        return signed && token.length() <= LONGEST_TOKEN ? decoded(token.substring(first + 1, second)) : null;
    }

    private static @Nullable String decoded(String base64url) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(base64url);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return null;
        }
    }

    private @Nullable String read(String claims) {
        try {
            return JsonReader.read(claims) instanceof Json.Members members
                    ? text(members.values().get(name))
                    : null;
        } catch (ParseException e) {
            return null;
        }
    }

    private static @Nullable String text(@Nullable Json value) {
        if (value instanceof Json.Text string) {
            return string.value().isEmpty() ? null : string.value();
        }
        return value instanceof Json.Literal literal && isNumber(literal.spelling()) ? literal.spelling() : null;
    }

    private static boolean isNumber(String literal) {
        char first = literal.charAt(0);
        return first == '-' || (first >= '0' && first <= '9');
    }
}
