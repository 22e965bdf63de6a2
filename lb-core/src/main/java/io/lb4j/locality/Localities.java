package io.lb4j.locality;

import io.lb4j.Endpoint;
import io.lb4j.HashKey;
import io.lb4j.LocalityPolicy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Locality policies: by priority, zone or region, with spares, or with a part of a large fleet.
 *
 * <p>Where an endpoint is, is its {@linkplain Endpoint#zone() zone}, or what a function of the user's finds, for
 * instance {@link #attribute attribute("region")}. An endpoint's {@linkplain Endpoint#priority() priority} always holds:
 * backups stay backups. What the methods return is immutable, and one object may serve several LoadBalancers.
 */
public final class Localities {
    private Localities() {}

    /**
     * Returns priorities that spill over: what a priority cannot carry goes to the next (Envoy).
     *
     * <p>Without spilling, as NGINX and HAProxy do it, is {@link LocalityPolicy#byPriority()}, the default.
     *
     * @return the policy, with the factor 1.4
     */
    public static Priorities priorities() {
        return new Priorities(Endpoint::priority);
    }

    /**
     * Returns the policy that prefers the zone of this client. What the nodes there cannot carry goes to the others, by
     * the rule of {@link #priorities()}.
     *
     * @param zone the zone of this client
     * @return the policy, with the factor 1.4
     */
    public static Priorities zoneAware(String zone) {
        Checks.given("zone", zone);
        return new Priorities(
                endpoint -> 2L * endpoint.priority() + (endpoint.zone().equals(zone) ? 0 : 1));
    }

    /**
     * Returns Envoy's zone-aware routing: requests stay in the zone of this client as far as all servers then get the
     * same load; what is too much goes to zones that have more servers than clients.
     *
     * <p>With fewer than 6 healthy nodes, in panic, and without a second zone it does not look at zones.
     *
     * @param zone the zone of this client
     * @param clients how many clients there are in each zone, all of them and this one included; numbers of at least 0
     * @return the policy
     */
    public static LocalityPolicy zoneAware(String zone, Map<String, Integer> clients) {
        Map<String, Integer> copy = Map.copyOf(Checks.given("clients", clients));
        copy.forEach((name, count) -> Checks.range("clients in " + name, count, 0, Integer.MAX_VALUE));
        if (copy.getOrDefault(Checks.given("zone", zone), 0) == 0) {
            throw Checks.bad("clients", copy, "at least 1 in " + zone);
        }
        return LocalityPolicy.byPriority(new ZoneRouting(zone, copy));
    }

    /**
     * Returns active-passive: the first zone or region serves, the next ones take over what it cannot carry, in this
     * order, by the rule of {@link #priorities()}. In each, priorities hold.
     *
     * @param order names of zones, the best first; all others come after them
     * @return the policy, with the factor 1.4
     */
    public static Priorities failover(String... order) {
        return failover(Endpoint::zone, order);
    }

    /**
     * Returns active-passive by something else than the zone.
     *
     * @param locality tells where an endpoint is; null counts as an empty text
     * @param order names of localities, the best first; all others come after them
     * @return the policy, with the factor 1.4
     */
    public static Priorities failover(
            Function<? super Endpoint, ? extends @Nullable String> locality, String... order) {
        Function<Endpoint, String> known = knownOrEmpty(locality);
        List<String> places = Checks.distinct("order", List.of(order));
        return new Priorities(endpoint -> {
            int place = places.indexOf(known.apply(endpoint));
            return ((long) (place < 0 ? places.size() : place) << 32) + endpoint.priority();
        });
    }

    /**
     * Returns active-active: each zone or region gets its share, and less when fewer than 72 % of its nodes are healthy
     * (Envoy's locality weights).
     *
     * @param shares the share of each zone, relative to the others; 0, or not to be named = a fallback
     * @return the policy
     */
    public static LocalityPolicy weighted(Map<String, Double> shares) {
        return weighted(Endpoint::zone, shares);
    }

    /**
     * Returns active-active by something else than the zone.
     *
     * @param locality tells where an endpoint is; null counts as an empty text
     * @param shares the share of each locality, relative to the others; 0, or not to be named = a fallback
     * @return the policy
     */
    public static LocalityPolicy weighted(
            Function<? super Endpoint, ? extends @Nullable String> locality, Map<String, Double> shares) {
        Function<Endpoint, String> known = knownOrEmpty(locality);
        LinkedHashMap<String, Double> copy = new LinkedHashMap<>(Checks.given("shares", shares));
        Checks.distinct("shares", copy.keySet());
        copy.forEach((name, share) -> Checks.range("share of " + name, share, 0, 1e9));
        return LocalityPolicy.byPriority(new WeightedLocalities(known, copy));
    }

    /**
     * Returns the policy that uses some zones and never another, not even in panic: for data that must not leave.
     *
     * @param allowed the zones
     * @param within arranges the nodes there
     * @return the policy
     */
    public static LocalityPolicy only(Set<String> allowed, LocalityPolicy within) {
        return only(Endpoint::zone, allowed, within);
    }

    /**
     * Returns the policy that uses some localities and never another.
     *
     * @param locality tells where an endpoint is; null counts as an empty text
     * @param allowed the localities
     * @param within arranges the nodes there
     * @return the policy
     */
    public static LocalityPolicy only(
            Function<? super Endpoint, ? extends @Nullable String> locality,
            Set<String> allowed,
            LocalityPolicy within) {
        Set<String> copy = Set.copyOf(Checks.distinct("allowed", allowed));
        return new Restricted(knownOrEmpty(locality), copy, Checks.given("within", within));
    }

    /**
     * Returns Apache's hot spares and hot standbys: as many {@linkplain #spare spares} serve as workers of their set are
     * unusable, and {@linkplain #standby standbys} if all workers and spares are. A set is a priority ({@code lbset}).
     *
     * @return the policy
     */
    public static LocalityPolicy spares() {
        return new Spares();
    }

    /**
     * Returns an endpoint as a hot spare ({@code status=+R}): attribute {@code lb4j.role}, value {@code spare}.
     *
     * @param endpoint the endpoint
     * @return a copy
     */
    public static Endpoint spare(Endpoint endpoint) {
        return Spares.as(Spares.SPARE, endpoint);
    }

    /**
     * Returns an endpoint as a hot standby ({@code status=+H}): attribute {@code lb4j.role}, value {@code standby}.
     *
     * @param endpoint the endpoint
     * @return a copy
     */
    public static Endpoint standby(Endpoint endpoint) {
        return Spares.as(Spares.STANDBY, endpoint);
    }

    /**
     * Returns random subsetting: each client uses a few nodes of a large fleet, so that not every client has a connection
     * to every node. The others are a fallback.
     *
     * <p>When a node fails or leaves, the next in this client's order takes its place; nothing else changes. Chance makes
     * some nodes belong to more clients than others: with 300 clients and 300 nodes, 30 each, the busiest gets about 1.5
     * times the mean. Source: gRFC A68.
     *
     * @param size how many nodes to use, of each priority; 20 or more are advisable
     * @param client tells this client from others and stays when it is started again, such as its host name
     * @return the policy
     */
    public static LocalityPolicy subset(int size, String client) {
        long seed = HashKey.of(Checks.given("client", client));
        return LocalityPolicy.byPriority(new Subset(Checks.range("size", size, 1, Integer.MAX_VALUE), seed));
    }

    /**
     * Returns the deterministic aperture of Finagle: as {@link #subset}, but all nodes get exactly the same load, if all
     * clients send as much, know the same nodes, and the algorithm looks at weights. For clients that are numbered, such
     * as the pods of a StatefulSet.
     *
     * <p>When nodes or clients come or go, more of the connections change than with {@link #subset}.
     *
     * @param size how many nodes to use at least, of each priority; 12 in Finagle
     * @param client the number of this client, 0 to {@code clients - 1}
     * @param clients how many clients there are
     * @return the policy
     */
    public static LocalityPolicy aperture(int size, int client, int clients) {
        Checks.range("size", size, 1, Integer.MAX_VALUE);
        Checks.range("clients", clients, 1, Integer.MAX_VALUE);
        Checks.range("client", client, 0, clients - 1);
        return LocalityPolicy.byPriority(new Aperture(size, client, clients));
    }

    /**
     * Returns the function that finds where an endpoint is in one of its attributes.
     *
     * @param name the name of the attribute, for instance {@code region}
     * @return gives the value, or an empty text
     */
    public static Function<Endpoint, String> attribute(String name) {
        Checks.given("name", name);
        return endpoint -> endpoint.attributes().getOrDefault(name, "");
    }

    private static Function<Endpoint, String> knownOrEmpty(
            Function<? super Endpoint, ? extends @Nullable String> locality) {
        Checks.given("locality", locality);
        return endpoint -> Objects.requireNonNullElse(locality.apply(endpoint), "");
    }
}
