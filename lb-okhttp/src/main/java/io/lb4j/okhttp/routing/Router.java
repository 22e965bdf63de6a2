package io.lb4j.okhttp.routing;

import io.lb4j.HashKey;
import io.lb4j.okhttp.CallBody;
import io.lb4j.okhttp.CallCookies;
import io.lb4j.okhttp.InboundRequest;
import io.lb4j.okhttp.RequestRouter;
import io.lb4j.okhttp.RoutingDecision;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import okhttp3.CookieJar;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a service for each request to some hosts, by rules: the first that matches counts. Immutable, thread-safe.
 *
 * <pre>{@code
 * Router shop = Router.builder("shop")
 *         .rule("canary", header("X-Canary", "1"), to("orders-canary"))
 *         .rule("orders", pathPrefix("/orders"), to("orders", 95).and("orders-canary", 5).withKey(Keys.cookie("uid")))
 *         .rule("old", pathPrefix("/basket"), redirectPrefix(308, "/basket", "/cart"))
 *         .otherwise(to("web"))
 *         .build();
 * OkHttpClient client = BalancedClient.wrap(new OkHttpClient()).service(orders).service(canary).service(web).router(shop).build();
 * client.newCall(new Request.Builder().url("http://shop/orders/7").build()).execute();
 * }</pre>
 *
 * <p>Paths are compared in one form, whatever their spelling: escapes that are not needed decoded, without empty segments and path
 * parameters ({@code ;v=1}). What servers understand in different ways is refused: an escaped {@code /}, {@code \} or control
 * character, a {@code %} escaped twice, bytes that are no UTF-8, {@code ..;}. The path that the caller wrote is what is sent.
 */
public final class Router implements RequestRouter {
    private static final String OTHERWISE = "otherwise";
    private static final String AMBIGUOUS = "ambiguous path";

    private record Rule(String name, Condition condition, Action action, long salt) {}

    private final Set<String> hosts;
    private final List<Rule> rules;
    private final @Nullable Action otherwise;
    private final @Nullable Action ambiguous;
    private final Function<? super Request, @Nullable String> clientAddress;
    private final int maxBodyBytes;
    private final boolean keepsSlashes;

    private Router(Builder builder) {
        this.hosts = Set.copyOf(builder.hosts);
        this.rules = List.copyOf(builder.rules);
        this.otherwise = builder.otherwise;
        this.ambiguous = builder.ambiguous;
        this.clientAddress = builder.clientAddress;
        this.maxBodyBytes = builder.maxBodyBytes;
        this.keepsSlashes = builder.keepsSlashes;
    }

    /**
     * Starts a router.
     *
     * @param hosts the hosts of the URLs whose requests it routes, at least one, in lower case; {@code *.shop.test} stands for every name
     *     below {@code shop.test}
     * @return a builder
     */
    public static Builder builder(String... hosts) {
        return new Builder(hosts);
    }

    @Override
    public Set<String> hosts() {
        return hosts;
    }

    @Override
    public Set<String> services() {
        Set<String> names = new HashSet<>();
        rules.forEach(rule -> names.addAll(rule.action().services()));
        if (otherwise != null) {
            names.addAll(otherwise.services());
        }
        return names;
    }

    /**
     * Decides as it would for a call, without one: to try rules out.
     *
     * @param request a request; its host is not looked at, except by conditions
     * @return what would be done
     * @throws IOException if the request goes nowhere, usually a {@link RoutingException}
     */
    public RoutingDecision route(Request request) throws IOException {
        CallCookies cookies = CallCookies.of(request, CookieJar.NO_COOKIES);
        return route(request, cookies, ThreadLocalRandom.current().nextLong());
    }

    @Override
    public RoutingDecision route(Request request, CallCookies cookies, long seed) throws IOException {
        String encoded = request.url().encodedPath();
        String path = RequestPath.normalised(encoded, keepsSlashes);
        RoutingContext call = new RoutingContext(
                request,
                path == null ? encoded : path,
                cookies,
                CallBody.of(request, maxBodyBytes),
                clientAddress,
                seed);
        if (path == null) {
            return refused(call);
        }
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            call.asks(rule.salt());
            RoutingDecision decision = decided(rule, call);
            if (decision != null) {
                return decision;
            }
        }
        if (otherwise == null) {
            throw new RoutingException(
                    RoutingException.Reason.NO_RULE,
                    this + ": no rule matches " + request.method() + ' ' + path + ", and there is no otherwise(...)");
        }
        return otherwise.decide(call, OTHERWISE);
    }

    /** What the rule does; null if it is not meant. */
    private @Nullable RoutingDecision decided(Rule rule, RoutingContext call) throws IOException {
        try {
            return rule.condition().matches(call) ? rule.action().decide(call, rule.name()) : null;
        } catch (RuntimeException | StackOverflowError e) { // the latter from a regular expression
            throw new IOException(this + ": rule " + rule.name() + " failed, " + e, e);
        }
    }

    private RoutingDecision refused(RoutingContext call) throws IOException {
        if (ambiguous == null) {
            throw new RoutingException(
                    RoutingException.Reason.AMBIGUOUS_PATH,
                    this + ": " + call.path()
                            + " may mean different things to different servers (expected: no escaped slash, backslash,"
                            + " control character or double escape, no .. with parameters)");
        }
        return ambiguous.decide(call, AMBIGUOUS);
    }

    /** Returns the hosts. */
    @Override
    public String toString() {
        return "router " + String.join(", ", hosts);
    }

    /** Collects rules and settings. Not thread-safe. A bad value is refused at once and changes nothing. */
    public static final class Builder {
        private final Set<String> hosts = new LinkedHashSet<>();
        private final List<Rule> rules = new ArrayList<>();
        private @Nullable Action otherwise;
        private @Nullable Action ambiguous;
        private Function<? super Request, @Nullable String> clientAddress = InboundRequest::addressOf;
        private int maxBodyBytes = 16 * 1024;
        private boolean keepsSlashes;

        private Builder(String... hosts) {
            for (String host : Checks.notNull("hosts", hosts)) {
                this.hosts.add(Hosts.pattern("host of the router", host));
            }
            if (this.hosts.isEmpty()) {
                throw Checks.bad("hosts of the router", "", "at least one");
            }
        }

        /**
         * Adds a rule behind those that are there.
         *
         * @param name for {@link io.lb4j.okhttp.BalancedCall#rule} and messages, each once
         * @param condition which requests it is for
         * @param action what happens to them
         * @return this
         */
        public Builder rule(String name, Condition condition, Action action) {
            Checks.notBlank("name of the rule", name);
            Checks.notNull("condition", condition);
            checkPossible(name, action);
            if (name.equals(OTHERWISE)
                    || name.equals(AMBIGUOUS)
                    || rules.stream().anyMatch(rule -> rule.name().equals(name))) {
                throw Checks.bad(
                        "name of the rule", name, "each name once, and neither \"otherwise\" nor \"ambiguous path\"");
            }
            rules.add(new Rule(name, condition, action, HashKey.of("rule " + name)));
            return this;
        }

        private static void checkPossible(String name, Action action) {
            if (Checks.notNull("action", action) instanceof Forward forward && !forward.isPossible()) {
                throw Checks.bad("weights of rule " + name, 0, "one above 0");
            }
        }

        /**
         * Sets what happens to requests that no rule matches.
         *
         * @param action by default the call fails with a {@link RoutingException}
         * @return this
         */
        public Builder otherwise(Action action) {
            checkPossible(OTHERWISE, action);
            otherwise = action;
            return this;
        }

        /**
         * Sets what happens to requests whose path may mean different things to different servers.
         *
         * @param action a fixed answer, for instance {@code respond(400)}; by default the call fails with a {@link RoutingException}
         * @return this
         */
        public Builder onAmbiguousPath(Action action) {
            if (Checks.notNull("action", action) instanceof Forward) {
                throw Checks.bad("action for ambiguous paths", "to(...)", "respond(...), redirect(...) or reject(...)");
            }
            ambiguous = action;
            return this;
        }

        /**
         * Allows {@code %2F} in paths, for services that use it in names: it stays as it is, and separates no segments.
         *
         * @return this
         */
        public Builder keepEncodedSlashes() {
            keepsSlashes = true;
            return this;
        }

        /**
         * Sets where the address of the client comes from on whose behalf a request is made.
         *
         * @param value gives an IPv4 or IPv6 address as text, null if it is not known; by default the request's tag of the type
         *     {@link InboundRequest}. {@code SessionKeys.xForwardedFor(1)} reads the header that a proxy you trust has written
         * @return this
         */
        public Builder clientAddress(Function<? super Request, @Nullable String> value) {
            clientAddress = Checks.notNull("clientAddress", value);
            return this;
        }

        /**
         * Sets how large a body may be that conditions look at; they do not match a larger one.
         *
         * @param value at least 0; 16 KiB by default
         * @return this
         */
        public Builder maxBodyBytes(int value) {
            maxBodyBytes = Checks.range("maxBodyBytes", value, 0, Integer.MAX_VALUE);
            return this;
        }

        /**
         * Returns the router.
         *
         * @return the router
         * @throws IllegalArgumentException if there is neither a rule nor a default
         */
        public Router build() {
            if (rules.isEmpty() && otherwise == null) {
                throw Checks.bad("rules", List.of(), "at least one, or otherwise(...)");
            }
            return new Router(this);
        }
    }
}
