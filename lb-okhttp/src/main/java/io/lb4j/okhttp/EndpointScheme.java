package io.lb4j.okhttp;

import io.lb4j.Endpoint;
import java.io.IOException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Which of http and https is spoken. */
final class EndpointScheme {
    private EndpointScheme() {}

    /** That of the endpoint if it has one, else that of the URL; what was to be encrypted stays so. */
    static String of(HttpUrl url, Endpoint endpoint) throws IOException {
        @Nullable String scheme = endpoint.scheme();
        if (scheme == null || scheme.equals(url.scheme())) {
            return url.scheme();
        } else if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new IOException(endpoint.id() + ": scheme: \"" + scheme + "\" (expected: http or https)");
        } else if (url.isHttps()) {
            throw new SSLPeerUnverifiedException(
                    endpoint.id() + " speaks http, but " + url.redact() + " asks for https");
        }
        return scheme;
    }
}
