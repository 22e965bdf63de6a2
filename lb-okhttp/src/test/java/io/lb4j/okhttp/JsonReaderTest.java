package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.text.ParseException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
    @Test
    void readsNestedValues() throws ParseException {
        assertEquals(
                new Json.Members(Map.of(
                        "a",
                        new Json.Items(List.of(new Json.Literal("1"), new Json.Text("x"), new Json.Items(List.of()))),
                        "b",
                        new Json.Members(Map.of()))),
                JsonReader.read(" { \"a\" : [ 1 ,\t\"x\", [ ] ] ,\r\n\"b\":{ }} "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false", "null", "0", "-0", "10", "-1.5", "1e5", "1.25E-7", "0e+1"})
    void readsLiterals(String text) throws ParseException {
        assertEquals(new Json.Literal(text), JsonReader.read(text));
    }

    @Test
    void readsEscapes() throws ParseException {
        assertEquals(
                new Json.Text("\"\\/\b\f\n\r\t\u00e9\ud83d\ude00\u007f"),
                JsonReader.read("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00E9\\ud83d\\uDE00\u007f\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``            | 0  | more",
                "`  `          | 2  | more",
                "01            | 1  | the end",
                "+1            | 0  | a value",
                ".5            | 0  | a value",
                "1.            | 1  | the end",
                "1e            | 1  | the end",
                "NaN           | 0  | a value",
                "True          | 0  | a value",
                "nullx         | 4  | the end",
                "[1,]          | 3  | a value",
                "[1 2]         | 3  | ','",
                "[             | 1  | more",
                "{\"a\":1,}    | 7  | a name in quotes",
                "{a:1}         | 1  | a name in quotes",
                "{\"a\" 1}     | 5  | ':'",
                "{\"a\":1,\"a\":2} | 12 | the name \"a\" once",
                "'a'           | 0  | a value",
                "\"a           | 2  | more",
                "\"\\x\"       | 3  | an escape of JSON",
                "\"\\u12g4\"   | 3  | four hexadecimal digits",
                "\"\\u12       | 3  | four hexadecimal digits",
                "{} {}         | 3  | the end",
                "\ufeff{}      | 0  | a value",
            })
    void whatIsNotJsonIsRefused(String text, int place, String expected) {
        ParseException failure = assertThrows(ParseException.class, () -> JsonReader.read(text));
        assertEquals("not JSON at character " + place + " (expected: " + expected + ")", failure.getMessage());
    }

    @Test
    void rawControlCharactersAreRefused() {
        assertThrows(ParseException.class, () -> JsonReader.read("\"a\nb\""));
    }

    @Test
    void nestingIsLimited() throws ParseException {
        assertEquals(
                Json.Items.class,
                JsonReader.read("[".repeat(64) + "]".repeat(64)).getClass());
        assertThrows(ParseException.class, () -> JsonReader.read("[".repeat(65) + "]".repeat(65)));
        assertThrows(ParseException.class, () -> JsonReader.read("[{\"a\":".repeat(100_000)));
    }

    @Test
    void longNumbersAreReadInLinearTime() throws ParseException {
        String digits = "1".repeat(200_000);
        assertEquals(new Json.Literal(digits), JsonReader.read(digits));
    }
}
