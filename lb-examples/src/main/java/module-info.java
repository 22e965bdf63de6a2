/** The demo, and a run of both libraries as named modules. */
module io.lb4j.examples {
    requires static org.jspecify;
    requires io.lb4j.okhttp;
    requires jdk.httpserver;
    requires okhttp3.sse;
    requires okhttp3.tls;
}
