package io.lb4j.vectors;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads the published and computed results that the algorithms must reproduce. */
public final class Vectors {
    private final String text;
    private int at;

    private Vectors(String text) {
        this.text = text;
    }

    private static String read(String file) {
        try (InputStream in = Objects.requireNonNull(Vectors.class.getResourceAsStream("/vectors/" + file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rows below the header, comments left out. */
    public static List<String[]> csv(String file) {
        return read(file)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .skip(1)
                .map(line -> line.split(",", -1))
                .toList();
    }

    /** Objects as maps, arrays as lists, numbers as BigDecimal. */
    public static Map<String, Object> json(String file) {
        return map(new Vectors(read(file)).value());
    }

    @SuppressWarnings("unchecked")
    public static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    public static List<Object> list(Object value) {
        return (List<Object>) value;
    }

    public static long number(Object value) {
        return ((BigDecimal) value).toBigInteger().longValue();
    }

    public static double decimal(Object value) {
        return ((BigDecimal) value).doubleValue();
    }

    public static double[] decimals(Object value) {
        return list(value).stream().mapToDouble(Vectors::decimal).toArray();
    }

    public static int[] ints(Object value) {
        return list(value).stream().mapToInt(n -> (int) number(n)).toArray();
    }

    private char next() {
        while (Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return text.charAt(at);
    }

    private void expect(char wanted) {
        if (next() != wanted) {
            throw new AssertionError(wanted + " expected at " + at);
        }
        at++;
    }

    private boolean skip(char wanted) {
        boolean found = next() == wanted;
        at += found ? 1 : 0;
        return found;
    }

    private Object value() {
        return switch (next()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            default -> numberOrWord();
        };
    }

    private Map<String, Object> object() {
        Map<String, Object> members = new LinkedHashMap<>();
        expect('{');
        while (!skip('}')) {
            String name = string();
            expect(':');
            members.put(name, value());
            skip(',');
        }
        return members;
    }

    private List<Object> array() {
        List<Object> elements = new ArrayList<>();
        expect('[');
        while (!skip(']')) {
            elements.add(value());
            skip(',');
        }
        return elements;
    }

    private String string() {
        expect('"');
        int start = at;
        while (text.charAt(at) != '"') {
            if (text.charAt(at) == '\\') {
                throw new AssertionError("escapes are not read, at " + at);
            }
            at++;
        }
        return text.substring(start, at++);
    }

    private Object numberOrWord() {
        int start = at;
        while (",]} \r\n\t".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(start, at);
        return word.matches("true|false|null") ? word : new BigDecimal(word);
    }
}
