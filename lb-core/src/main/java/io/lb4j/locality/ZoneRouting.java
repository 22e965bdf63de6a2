package io.lb4j.locality;

import io.lb4j.Availability;
import io.lb4j.LocalityPolicy;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Envoy's zone-aware routing: requests stay in the zone as far as every server then gets the same load; the rest goes to
 * zones that have more servers than clients.
 *
 * @param zone the zone of this client
 * @param clients how many clients there are in each zone
 */
record ZoneRouting(String zone, Map<String, Integer> clients) implements LocalityPolicy {
    private static final long WHOLE = 10_000;
    /** With fewer nodes the parts of the zones say little. */
    private static final int LEAST_NODES = 6;

    @Override
    public List<Tier> arrange(Availability nodes) {
        NodeSet serving = nodes.serving();
        TreeSet<String> zones = new TreeSet<>();
        serving.forEach(node -> zones.add(node.endpoint().zone()));
        if (nodes.inPanic() || serving.size() < LEAST_NODES || zones.size() < 2) {
            return LocalityPolicy.none().arrange(nodes);
        }
        Map<String, Long> servers = serverParts(serving);
        long mine = part(clients.getOrDefault(zone, 0), clientCount());
        long here = servers.getOrDefault(zone, 0L);
        List<Tier> tiers = new ArrayList<>();
        if (here > 0) {
            tiers.add(new Tier(in(serving, zone), here >= mine ? WHOLE : here * WHOLE / mine));
        }
        zones.remove(zone);
        double away = tiers.isEmpty() ? WHOLE : WHOLE - tiers.get(0).share();
        tiers.addAll(elsewhere(serving, zones, servers, away));
        tiers.add(new Tier(nodes.reserve(), 0));
        return tiers;
    }

    private List<Tier> elsewhere(NodeSet serving, Iterable<String> zones, Map<String, Long> servers, double away) {
        Map<String, Long> room = new HashMap<>();
        for (String other : zones) {
            long taken = part(clients.getOrDefault(other, 0), clientCount());
            room.put(other, Math.max(0, servers.getOrDefault(other, 0L) - taken));
        }
        long sum = room.values().stream().mapToLong(Long::longValue).sum();
        Map<String, Long> parts = sum == 0 ? servers : room; // rounding may leave no room anywhere
        double whole = 0;
        for (String other : zones) {
            whole += parts.getOrDefault(other, 0L);
        }
        List<Tier> tiers = new ArrayList<>();
        for (String other : zones) {
            tiers.add(new Tier(in(serving, other), away * parts.getOrDefault(other, 0L) / whole));
        }
        return tiers;
    }

    private static NodeSet in(NodeSet nodes, String zone) {
        return nodes.filter(node -> node.endpoint().zone().equals(zone));
    }

    /** At least 1 for a zone that has servers, since none may be left out. */
    private static Map<String, Long> serverParts(NodeSet serving) {
        Map<String, Integer> counts = new HashMap<>();
        for (Node node : serving) {
            counts.merge(node.endpoint().zone(), 1, Integer::sum);
        }
        Map<String, Long> parts = new HashMap<>();
        counts.forEach((name, count) -> parts.put(name, Math.max(1, part(count, serving.size()))));
        return parts;
    }

    private static long part(long count, long all) {
        return count * WHOLE / all;
    }

    private long clientCount() {
        return clients.values().stream().mapToLong(Integer::longValue).sum();
    }
}
