package io.lb4j.okhttp.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathTest {
    private static String normalised(String path) {
        return RequestPath.normalised(HttpUrl.get("http://shop" + path).encodedPath(), false);
    }

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "'', /",
        "/a/b, /a/b",
        "/a/b/, /a/b/",
        "/%61/%62, /a/b",
        "/a%7eb%2dc, /a~b-c",
        "/a%40b, /a@b",
        "/a%20b, /a%20b",
        "/k%c3%a4se, /k%C3%A4se",
        "/käse, /k%C3%A4se",
        "//a///b//, /a/b/",
        "/a;v=1/b;w, /a/b",
        "/;x/a, /a",
        "/a/;x, /a/",
        "/a/./b, /a/b",
        "/a/../b, /b",
        "/a/%2e%2E/b, /b",
        "/a%3Bb, /a%3Bb",
        "/100%25, /100%25",
        "/100%25x, /100%25x",
        "/a?b=%2F..;, /a"
    })
    void everySpellingOfAPathHasOneForm(String path, String form) {
        assertEquals(form, normalised(path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a%2fb",
                "/a%2Fb",
                "/a%5cb",
                "/a%00",
                "/a%0d%0ab",
                "/a%7f",
                "/a%252fb",
                "/a%2561",
                "/%25%32f",
                "/%25%61d",
                "/a;%252f",
                "/..;/a",
                "/a/..;v=1/b",
                "/.;/a",
                "/%2e%2e;/a",
                "/a;%2f",
                "/a;..%2fb",
                "/%c0%af",
                "/%e0%80%af",
                "/%ff",
                "/a%c3",
                "/%",
                "/%a",
                "/%zz",
                "/a;%"
            })
    void whatServersUnderstandInDifferentWaysHasNone(String path) {
        assertNull(normalised(path));
    }

    @Test
    void aPlainPathIsNotCopied() {
        String path = "/v1/orders/7";
        assertSame(path, RequestPath.normalised(path, false));
    }

    @Test
    void escapedSlashesStayIfTheyAreAllowed() {
        assertEquals("/a%2Fb", RequestPath.normalised("/a%2fb", true));
        assertNull(RequestPath.normalised("/a%252fb", true));
        assertNull(RequestPath.normalised("/a%5cb", true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a", "/a//b", "/a/../b", "/./a", "/a;b", "/a?b", "/a\\b", "/a*", "/{id}", "/a%00", "/a%252f"
            })
    void rulesAreComparedWithPathsThatAreInThatForm(String path) {
        assertThrows(IllegalArgumentException.class, () -> RequestPath.literal("path", path));
    }

    @Test
    void rulesMayBeWrittenAsPeopleWriteThem() {
        assertEquals("/k%C3%A4se%20und/brot", RequestPath.literal("path", "/käse und/%62rot"));
    }
}
