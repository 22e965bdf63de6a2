package io.lb4j.okhttp.routing;

import java.util.Map;
import okhttp3.HttpUrl;

/** Another path for a request. Immutable. */
@FunctionalInterface
interface PathChange {
    PathChange NONE = call -> call.request().url();

    HttpUrl changed(RoutingContext call);

    static PathChange prefix(String from, String to) {
        PathPrefix old = PathPrefix.of("old prefix", from);
        PathPrefix replacement = PathPrefix.of("new prefix", to);
        return call -> {
            HttpUrl url = call.request().url();
            return old.matches(call.path()) ? with(url, replacement.instead(old, url.encodedPath())) : url;
        };
    }

    static PathChange template(String from, String to) {
        PathTemplate old = PathTemplate.of("old path", from);
        PathTemplate replacement = PathTemplate.of("new path", to);
        if (!old.variables().containsAll(replacement.variables())) {
            throw Checks.bad("new path", to, "variables of \"" + from + "\" only");
        }
        return call -> {
            HttpUrl url = call.request().url();
            Map<String, String> values = old.values(call.path());
            return values == null ? url : with(url, replacement.filled(values));
        };
    }

    private static HttpUrl with(HttpUrl url, String path) {
        return url.newBuilder().encodedPath(path).build();
    }
}
