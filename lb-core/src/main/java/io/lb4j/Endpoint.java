package io.lb4j;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Immutable description of one server: where it is, what it weighs, which role it has.
 *
 * <p>The {@linkplain #id() id} is its identity: an endpoint that is delivered again with the same id keeps its
 * measurements, whatever else has changed. Two endpoints are equal if all their components are.
 */
public final class Endpoint {
    /** The highest, and the default, number of requests in flight on one endpoint. */
    public static final int MOST_IN_FLIGHT = 65_535;

    /**
     * The attribute that names the {@linkplain #route() route} of the endpoint that gets this one's sessions when this one
     * cannot take them, as {@code redirect} of Apache httpd: {@code withAttribute(Endpoint.REDIRECT, "node2")}.
     */
    public static final String REDIRECT = "redirect";

    private final String id;
    private final String host;
    private final int port;
    private final @Nullable String scheme;
    private final double weight;
    private final int priority;
    private final String zone;
    private final String route;
    private final int maxInFlight;
    private final boolean draining;
    private final Map<String, String> attributes;

    private Endpoint(Draft draft) {
        this.id = Checks.notBlank("id", draft.id);
        this.host = EndpointText.host(draft.host);
        this.port = Checks.range("port", draft.port, 1, 65_535);
        this.scheme = draft.scheme == null ? null : EndpointText.scheme(draft.scheme);
        this.weight = Checks.notNegative("weight", draft.weight);
        this.priority = Checks.range("priority", draft.priority, 0, Integer.MAX_VALUE);
        this.zone = Checks.notNull("zone", draft.zone);
        this.route = Checks.notBlank("route", draft.route == null ? draft.id : draft.route);
        this.maxInFlight = Checks.range("maxInFlight", draft.maxInFlight, 1, MOST_IN_FLIGHT);
        this.draining = draft.draining;
        this.attributes = draft.attributes;
    }

    /**
     * Returns an endpoint with id {@code host:port}, weight 1, priority 0 and no limit of its own.
     *
     * @param host a name or an IP address; an IPv6 address with or without brackets
     * @param port 1 to 65535
     * @return the endpoint
     */
    public static Endpoint of(String host, int port) {
        return new Endpoint(new Draft(EndpointText.host(host), Checks.range("port", port, 1, 65_535)));
    }

    /**
     * Parses {@code 10.0.0.1:8080}, {@code [::1]:80}, {@code api-1.example:443} or {@code https://api-1.example:8443}.
     *
     * <p>With a scheme of {@code http} or {@code https} the port may be left out; then it is 80 or 443.
     *
     * @param hostPortOrUrl the text; no path, query or user info
     * @return the endpoint; its scheme is null if the text has none
     */
    public static Endpoint parse(String hostPortOrUrl) {
        EndpointText text = EndpointText.parse(hostPortOrUrl);
        Draft draft = new Draft(text.host(), text.port());
        draft.scheme = text.scheme();
        return new Endpoint(draft);
    }

    /**
     * Returns the identity: same id, same server.
     *
     * @return the id, {@code host:port} unless set
     */
    public String id() {
        return id;
    }

    /**
     * Returns the host.
     *
     * @return a name in lower case or an IP address, IPv6 without brackets
     */
    public String host() {
        return host;
    }

    /**
     * Returns the port.
     *
     * @return 1 to 65535
     */
    public int port() {
        return port;
    }

    /**
     * Returns the scheme to speak.
     *
     * @return {@code http}, {@code https} or another name in lower case; null = that of the request
     */
    public @Nullable String scheme() {
        return scheme;
    }

    /**
     * Returns the weight, relative to the other endpoints.
     *
     * @return finite and at least 0; 0 = no new requests, bound sessions stay
     */
    public double weight() {
        return weight;
    }

    /**
     * Returns the priority.
     *
     * @return 0 serves first; higher numbers are backups
     */
    public int priority() {
        return priority;
    }

    /**
     * Returns the zone, data centre or region.
     *
     * @return the name, empty if not known
     */
    public String zone() {
        return zone;
    }

    /**
     * Returns what a session cookie names.
     *
     * @return the route; the id unless set
     */
    public String route() {
        return route;
    }

    /**
     * Returns how many requests may be in flight at once from this client.
     *
     * @return 1 to {@link #MOST_IN_FLIGHT}, which is the default
     */
    public int maxInFlight() {
        return maxInFlight;
    }

    /**
     * Tells whether the source of this endpoint wants it drained.
     *
     * @return true = no new requests, bound sessions stay
     */
    public boolean draining() {
        return draining;
    }

    /**
     * Returns what else the source knows, for policies of the user's own.
     *
     * @return an unmodifiable map, sorted by name
     */
    public Map<String, String> attributes() {
        return attributes;
    }

    /**
     * Returns this endpoint with another id.
     *
     * @param value not blank
     * @return a copy
     */
    public Endpoint withId(String value) {
        Draft draft = new Draft(this);
        draft.id = value;
        return new Endpoint(draft);
    }

    /**
     * Returns this endpoint with another scheme.
     *
     * @param value for instance {@code https}; null = that of the request
     * @return a copy
     */
    public Endpoint withScheme(@Nullable String value) {
        Draft draft = new Draft(this);
        draft.scheme = value;
        return new Endpoint(draft);
    }

    /**
     * Returns this endpoint with another weight.
     *
     * @param value finite, at least 0
     * @return a copy
     */
    public Endpoint withWeight(double value) {
        Draft draft = new Draft(this);
        draft.weight = value;
        return new Endpoint(draft);
    }

    /**
     * Returns this endpoint with another priority.
     *
     * @param value at least 0
     * @return a copy
     */
    public Endpoint withPriority(int value) {
        Draft draft = new Draft(this);
        draft.priority = value;
        return new Endpoint(draft);
    }

    /**
     * Returns this endpoint with another zone.
     *
     * @param value the name; empty if not known
     * @return a copy
     */
    public Endpoint withZone(String value) {
        Draft draft = new Draft(this);
        draft.zone = value;
        return new Endpoint(draft);
    }

    /**
     * Returns this endpoint with another route.
     *
     * @param value not blank
     * @return a copy
     */
    public Endpoint withRoute(String value) {
        Draft draft = new Draft(this);
        draft.route = Checks.notNull("route", value);
        return new Endpoint(draft);
    }

    /**
     * Returns this endpoint with another limit of requests in flight.
     *
     * @param value 1 to {@link #MOST_IN_FLIGHT}
     * @return a copy
     */
    public Endpoint withMaxInFlight(int value) {
        Draft draft = new Draft(this);
        draft.maxInFlight = value;
        return new Endpoint(draft);
    }

    /**
     * Returns this endpoint, to be drained or not.
     *
     * @param value true = no new requests
     * @return a copy
     */
    public Endpoint withDraining(boolean value) {
        Draft draft = new Draft(this);
        draft.draining = value;
        return new Endpoint(draft);
    }

    /**
     * Returns this endpoint with one attribute more, or another value for it.
     *
     * @param name not blank
     * @param value the value
     * @return a copy
     */
    public Endpoint withAttribute(String name, String value) {
        Draft draft = new Draft(this);
        TreeMap<String, String> copy = new TreeMap<>(attributes);
        copy.put(Checks.notBlank("attribute name", name), Checks.notNull("attribute value", value));
        draft.attributes = Collections.unmodifiableMap(copy);
        return new Endpoint(draft);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Endpoint that
                && id.equals(that.id)
                && host.equals(that.host)
                && port == that.port
                && Objects.equals(scheme, that.scheme)
                && Double.compare(weight, that.weight) == 0
                && priority == that.priority
                && zone.equals(that.zone)
                && route.equals(that.route)
                && maxInFlight == that.maxInFlight
                && draining == that.draining
                && attributes.equals(that.attributes);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    /** Returns the id, followed by what differs from the defaults. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(id);
        String address = EndpointText.format(host, port);
        if (!id.equals(address)) {
            text.append('@').append(address);
        }
        if (weight != 1) {
            text.append(" weight=").append(weight);
        }
        if (priority != 0) {
            text.append(" priority=").append(priority);
        }
        if (!zone.isEmpty()) {
            text.append(" zone=").append(zone);
        }
        return text.append(draining ? " draining" : "").toString();
    }

    /** The components on their way into a new endpoint; confined to the method that makes it. */
    private static final class Draft {
        private String id;
        private String host;
        private int port;
        private @Nullable String scheme;
        private double weight = 1;
        private int priority;
        private String zone = "";
        private @Nullable String route;
        private int maxInFlight = MOST_IN_FLIGHT;
        private boolean draining;
        private Map<String, String> attributes = Map.of();

        Draft(String host, int port) {
            this.id = EndpointText.format(host, port).toLowerCase(Locale.ROOT);
            this.host = host;
            this.port = port;
        }

        Draft(Endpoint from) {
            id = from.id;
            host = from.host;
            port = from.port;
            scheme = from.scheme;
            weight = from.weight;
            priority = from.priority;
            zone = from.zone;
            route = from.route.equals(from.id) ? null : from.route;
            maxInFlight = from.maxInFlight;
            draining = from.draining;
            attributes = from.attributes;
        }
    }
}
