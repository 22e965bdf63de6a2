package io.lb4j.okhttp;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the host of a URL leads to: a router, a service, or neither. A router goes before a service of the same name. Immutable. */
final class Destinations {
    private final Map<String, RunningService> services;
    private final Map<String, RequestRouter> routers;
    /** By the end of the host, with its dot. */
    private final Map<String, RequestRouter> wildcards;

    Destinations(Map<String, RunningService> services, Collection<RequestRouter> all) {
        Map<String, RequestRouter> exact = new HashMap<>();
        Map<String, RequestRouter> wild = new HashMap<>();
        for (RequestRouter router : all) {
            for (String host : router.hosts()) {
                if (host.startsWith("*.")) {
                    wild.put(host.substring(1), router);
                } else {
                    exact.put(host, router);
                }
            }
        }
        this.services = Map.copyOf(services);
        this.routers = Map.copyOf(exact);
        this.wildcards = Map.copyOf(wild);
    }

    @Nullable
    RunningService service(String name) {
        return services.get(name);
    }

    @Nullable
    RequestRouter router(String host) {
        if (routers.isEmpty() && wildcards.isEmpty()) {
            return null;
        }
        RequestRouter router = routers.get(host);
        return router != null || wildcards.isEmpty() || services.containsKey(host) ? router : wildcard(host);
    }

    /** The longest end counts. */
    private @Nullable RequestRouter wildcard(String host) {
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            RequestRouter router = wildcards.get(host.substring(dot));
            if (router != null) {
                return router;
            }
        }
        return null;
    }

    /** Whether any service wants its calls hedged. */
    boolean hedge() {
        return services.values().stream()
                .anyMatch(each -> each.settings().retries().hedging().maxHedges() > 0);
    }

    /** Whether requests for a host are balanced. */
    boolean areBalanced(String host) {
        return services.containsKey(host) || router(host) != null;
    }
}
