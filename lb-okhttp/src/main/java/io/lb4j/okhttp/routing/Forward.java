package io.lb4j.okhttp.routing;

import io.lb4j.HashKey;
import io.lb4j.okhttp.RoutingDecision;
import io.lb4j.okhttp.Timeouts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to a service, or to one of several by weight; may change them, and send copies elsewhere. Immutable.
 *
 * <pre>{@code
 * to("orders", 95).and("orders-canary", 5).withKey(Keys.cookie("uid")).withPathPrefix("/api/orders", "/")
 * }</pre>
 */
public final class Forward extends Action {
    /** Changes a request that is about to be built. */
    @FunctionalInterface
    private interface Change {
        void apply(Request.Builder builder, Request original);
    }

    private record Variant(String service, double weight, long salt) {}

    private record Mirror(String service, double share, long salt) {}

    private final List<Variant> variants;
    private final Function<RoutingContext, @Nullable String> key;
    private final PathChange path;
    private final @Nullable String host;
    private final List<Change> changes;
    private final List<Mirror> mirrors;

    private Forward(
            List<Variant> variants,
            Function<RoutingContext, @Nullable String> key,
            PathChange path,
            @Nullable String host,
            List<Change> changes,
            List<Mirror> mirrors) {
        this.variants = List.copyOf(variants);
        this.key = key;
        this.path = path;
        this.host = host;
        this.changes = List.copyOf(changes);
        this.mirrors = List.copyOf(mirrors);
    }

    static Forward to(String service, double weight) {
        return new Forward(
                List.of(variant(service, weight)), call -> null, PathChange.NONE, null, List.of(), List.of());
    }

    private static Variant variant(String service, double weight) {
        Checks.notBlank("service", service);
        if (!(weight >= 0 && weight <= Double.MAX_VALUE)) {
            throw Checks.bad("weight of " + service, weight, ">= 0 and finite");
        }
        return new Variant(service, weight, HashKey.of(service));
    }

    private static <T> List<T> longer(List<T> list, T last) {
        List<T> longer = new ArrayList<>(list);
        longer.add(last);
        return longer;
    }

    // ------------------------------------------------------------------------------------------ services

    /**
     * Returns this action with one more service.
     *
     * @param service its name, each once
     * @param weight at least 0, finite; shares are by weight over the sum of all
     * @return a copy
     */
    public Forward and(String service, double weight) {
        if (variants.stream().anyMatch(known -> known.service().equals(service))) {
            throw Checks.bad("service", service, "each service once");
        }
        return new Forward(longer(variants, variant(service, weight)), key, path, host, changes, mirrors);
    }

    /**
     * Returns this action with a key: requests with the same one go to the same service, in every process and under every rule with these
     * weights. If a weight is raised, keys move towards its service only; nothing else moves.
     *
     * @param value for instance {@link Keys#cookie}; a request without a key goes anywhere, by weight
     * @return a copy
     */
    public Forward withKey(Function<RoutingContext, @Nullable String> value) {
        return new Forward(variants, Checks.notNull("key", value), path, host, changes, mirrors);
    }

    /**
     * Returns this action with a copy of each request to another service, as {@link #withMirror(String, double)} explains.
     *
     * @param service its name
     * @return a copy
     */
    public Forward withMirror(String service) {
        return withMirror(service, 1);
    }

    /**
     * Returns this action with copies of some requests to another service. Nobody waits for a copy or sees its answer; it has the header
     * {@code X-Mirrored-By}. A request whose body can be written once only, is duplex or larger than 1 MiB has none, nor has one too many
     * ({@link io.lb4j.okhttp.BalancedClient.Builder#maxMirrored}). The body is written once more for the copy, on the caller's thread.
     *
     * @param service its name
     * @param share of the requests, 0 to 1
     * @return a copy
     */
    public Forward withMirror(String service, double share) {
        Checks.notBlank("service of the mirror", service);
        Mirror mirror =
                new Mirror(service, Checks.share("share of the mirror", share), HashKey.of("mirror " + service));
        return new Forward(variants, key, path, host, changes, longer(mirrors, mirror));
    }

    // ------------------------------------------------------------------------------------------ changes

    /**
     * Returns this action with another beginning of the path; a path that does not begin so stays. What follows stays as the caller has
     * spelled it.
     *
     * @param prefix for instance {@code /api/orders}, in whole segments
     * @param replacement for instance {@code /}
     * @return a copy; it replaces another change of the path
     */
    public Forward withPathPrefix(String prefix, String replacement) {
        return new Forward(variants, key, PathChange.prefix(prefix, replacement), host, changes, mirrors);
    }

    /**
     * Returns this action with another path, made of parts of the old one; a path of another form stays.
     *
     * @param template the old path, as {@link Conditions#pathTemplate} has it: <code>/users/{id}</code>
     * @param replacement the new path: <code>/v2/customers/{id}</code>
     * @return a copy; it replaces another change of the path
     */
    public Forward withPath(String template, String replacement) {
        return new Forward(variants, key, PathChange.template(template, replacement), host, changes, mirrors);
    }

    /**
     * Returns this action with another host in the URL: the {@code Host} header, the server name and certificate of TLS and the cookies are
     * those of that name then.
     *
     * @param value a host name in lower case
     * @return a copy
     */
    public Forward withHost(String value) {
        return new Forward(variants, key, path, Hosts.canonical("host", value), changes, mirrors);
    }

    /**
     * Returns this action with a header, in place of what the request has of that name.
     *
     * @param name the name
     * @param value the value
     * @return a copy
     */
    public Forward withHeader(String name, String value) {
        try {
            Headers ignored = Headers.of(Checks.token("name of the header", name), Checks.notNull("value", value));
        } catch (IllegalArgumentException e) {
            throw Checks.bad("value of the header " + name, value, "printable ASCII characters");
        }
        return changed((builder, original) -> builder.header(name, value));
    }

    /**
     * Returns this action without a header.
     *
     * @param name the name of what is taken out
     * @return a copy
     */
    public Forward withoutHeader(String name) {
        Checks.token("name of the header", name);
        return changed((builder, original) -> builder.removeHeader(name));
    }

    /**
     * Returns this action with a tag, for whatever reads that type further on. A request that has such a tag keeps its own.
     *
     * @param type the type of the tag
     * @param value the tag
     * @param <T> the type of the tag
     * @return a copy
     */
    public <T> Forward withTag(Class<T> type, T value) {
        Checks.notNull("type", type);
        Checks.notNull("tag", value);
        return changed((builder, original) -> {
            if (original.tag(type) == null) {
                builder.tag(type, value);
            }
        });
    }

    /**
     * Returns this action with timeouts, which go before those of the service. A request that has its own as a tag keeps
     * them.
     *
     * @param value what is not set there is that of the service
     * @return a copy
     */
    public Forward withTimeouts(Timeouts value) {
        return withTag(Timeouts.class, Checks.notNull("timeouts", value));
    }

    private Forward changed(Change change) {
        return new Forward(variants, key, path, host, longer(changes, change), mirrors);
    }

    // ------------------------------------------------------------------------------------------ deciding

    @Override
    Set<String> services() {
        Set<String> names = new HashSet<>();
        variants.forEach(variant -> names.add(variant.service()));
        mirrors.forEach(mirror -> names.add(mirror.service()));
        return names;
    }

    /** Whether there is a service that can be chosen. */
    boolean isPossible() {
        return variants.stream().anyMatch(variant -> variant.weight() > 0);
    }

    @Override
    RoutingDecision decide(RoutingContext call, String rule) {
        return new RoutingDecision.Forward(rule, service(call), changed(call), mirrors(call));
    }

    /**
     * Weighted rendezvous hashing: the service with the lowest -ln(u) / weight. Each number u depends on one service and the key alone, so
     * that another weight of one moves keys to it or from it only (Schindelhauer and Schomaker, 2005).
     */
    private String service(RoutingContext call) {
        if (variants.size() == 1) {
            return variants.get(0).service();
        }
        String known = key.apply(call);
        Variant best = variants.get(0);
        double lowest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < variants.size(); i++) {
            Variant variant = variants.get(i);
            double score = -Math.log(call.draw(variant.salt(), known)) / variant.weight();
            if (score < lowest) {
                lowest = score;
                best = variant;
            }
        }
        return best.service();
    }

    private Request changed(RoutingContext call) {
        Request request = call.request();
        HttpUrl url = path.changed(call);
        if (host != null && !host.equals(url.host())) {
            url = url.newBuilder().host(host).build();
        }
        if (changes.isEmpty() && url.equals(request.url())) {
            return request;
        }
        Request.Builder builder = request.newBuilder().url(url);
        for (Change change : changes) {
            change.apply(builder, request);
        }
        return builder.build();
    }

    private List<String> mirrors(RoutingContext call) {
        if (mirrors.isEmpty()) {
            return List.of();
        }
        List<String> chosen = new ArrayList<>(mirrors.size());
        for (Mirror mirror : mirrors) {
            if (mirror.share() == 1 || call.draw(mirror.salt(), null) < mirror.share()) {
                chosen.add(mirror.service());
            }
        }
        return chosen;
    }
}
