package io.lb4j.okhttp;

import java.util.List;
import java.util.Map;

/** A JSON value. Immutable. */
sealed interface Json {
    /** An object, its members in the order of the text. */
    record Members(Map<String, Json> values) implements Json {}

    /** An array. */
    record Items(List<Json> values) implements Json {}

    /** A string. */
    record Text(String value) implements Json {}

    /** A number, {@code true}, {@code false} or {@code null}, as it is spelled. */
    record Literal(String spelling) implements Json {}
}
