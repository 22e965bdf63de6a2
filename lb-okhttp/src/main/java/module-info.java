/** Puts LoadBalancers under an OkHttpClient. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Resilience4j has no module descriptors
module io.lb4j.okhttp {
    requires static transitive org.jspecify;
    requires transitive io.lb4j.core;
    requires transitive okhttp3;
    requires com.github.benmanes.caffeine;
    requires transitive io.github.resilience4j.circuitbreaker;
    requires io.github.resilience4j.core;
    requires transitive io.github.resilience4j.ratelimiter;
    requires org.slf4j;

    exports io.lb4j.okhttp;
    exports io.lb4j.okhttp.resilience;
    exports io.lb4j.okhttp.routing;
    exports io.lb4j.okhttp.sticky;
}
