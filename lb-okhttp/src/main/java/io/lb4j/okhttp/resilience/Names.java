package io.lb4j.okhttp.resilience;

import io.lb4j.Endpoint;

/** How entries of Resilience4j's registries are called, and what is refused at once. */
final class Names {
    private Names() {}

    static String of(String service, Endpoint endpoint) {
        return service + '/' + endpoint.id();
    }

    static String checked(String service) {
        if (notNull("service", service).isBlank()) {
            throw new IllegalArgumentException(
                    "service: \"" + service + "\" (expected: a name, for instance \"orders\")");
        }
        return service;
    }

    @SuppressWarnings("ConstantValue") // callers outside NullMarked code may pass null all the same
    static <T> T notNull(String name, T value) {
        if (value == null) {
            throw new NullPointerException(name + ": null (expected: a value)");
        }
        return value;
    }
}
