package io.lb4j.okhttp;

import java.text.ParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one JSON text (RFC 8259), and nothing that is merely like it. Members of one name twice and nesting deeper than 64
 * are refused. Confined to its thread.
 */
final class JsonReader {
    private static final int DEEPEST = 64;
    private static final Pattern LITERAL =
            Pattern.compile("true|false|null|-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?(?:[eE][+-]?[0-9]++)?");
    private static final Pattern FOUR_DIGITS = Pattern.compile("[0-9a-fA-F]{4}");

    private final String text;
    private int at;
    private int depth;

    private JsonReader(String text) {
        this.text = text;
    }

    /** Returns what a text says; the exception tells the place. */
    static Json read(String text) throws ParseException {
        JsonReader reader = new JsonReader(text);
        Json value = reader.value();
        reader.skipBlanks();
        if (reader.at < text.length()) {
            throw reader.expected("the end");
        }
        return value;
    }

    private Json value() throws ParseException {
        skipBlanks();
        return switch (next()) {
            case '{' -> nested(this::members);
            case '[' -> nested(this::items);
            case '"' -> new Json.Text(string());
            default -> literal();
        };
    }

    /** What stands between brackets. */
    @FunctionalInterface
    private interface Part {
        Json read() throws ParseException;
    }

    private Json nested(Part part) throws ParseException {
        if (++depth > DEEPEST) {
            throw expected("at most " + DEEPEST + " levels");
        }
        at++;
        Json value = part.read();
        depth--;
        return value;
    }

    private Json members() throws ParseException {
        Map<String, Json> values = new LinkedHashMap<>();
        if (closes('}')) {
            return new Json.Members(Map.of());
        }
        do {
            skipBlanks();
            if (next() != '"') {
                throw expected("a name in quotes");
            }
            String name = string();
            require(':');
            if (values.put(name, value()) != null) {
                throw expected("the name \"" + name + "\" once");
            }
        } while (goesOn('}'));
        return new Json.Members(Collections.unmodifiableMap(values));
    }

    private Json items() throws ParseException {
        List<Json> values = new ArrayList<>();
        if (closes(']')) {
            return new Json.Items(List.of());
        }
        do {
            values.add(value());
        } while (goesOn(']'));
        return new Json.Items(List.copyOf(values));
    }

    private Json literal() throws ParseException {
        Matcher matcher = LITERAL.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            throw expected("a value");
        }
        at = matcher.end();
        return new Json.Literal(matcher.group());
    }

    // ------------------------------------------------------------------------------------------ strings

    private String string() throws ParseException {
        StringBuilder value = new StringBuilder();
        at++;
        for (char c = next(); c != '"'; c = next()) {
            if (c < ' ') {
                throw expected("no control character");
            }
            at++;
            value.append(c == '\\' ? escaped() : c);
        }
        at++;
        return value.toString();
    }

    private char escaped() throws ParseException {
        char c = next();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> codeUnit();
            default -> throw expected("an escape of JSON");
        };
    }

    private char codeUnit() throws ParseException {
        Matcher digits = FOUR_DIGITS.matcher(text).region(at, text.length());
        if (!digits.lookingAt()) {
            throw expected("four hexadecimal digits");
        }
        at = digits.end();
        return (char) Integer.parseInt(digits.group(), 16);
    }

    // ------------------------------------------------------------------------------------------ characters

    /** The character here, which stays unread. */
    private char next() throws ParseException {
        if (at >= text.length()) {
            throw expected("more");
        }
        return text.charAt(at);
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean closes(char bracket) throws ParseException {
        skipBlanks();
        boolean closes = next() == bracket;
        at += closes ? 1 : 0;
        return closes;
    }

    private boolean goesOn(char bracket) throws ParseException {
        if (closes(bracket)) {
            return false;
        }
        require(',');
        return true;
    }

    private void require(char wanted) throws ParseException {
        if (!closes(wanted)) {
            throw expected("'" + wanted + "'");
        }
    }

    private ParseException expected(String what) {
        return new ParseException("not JSON at character " + at + " (expected: " + what + ")", at);
    }
}
