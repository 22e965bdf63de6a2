package io.lb4j.simulation;

import io.lb4j.Endpoint;
import io.lb4j.MutableEndpointSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The servers of one run, and which of them clients know of. */
final class Fleet {
    private static final int FIRST_PORT = 1;

    private final List<Server> servers;
    private final TreeSet<Integer> members = new TreeSet<>();
    private final MutableEndpointSource source;
    private final List<Consumer<int[]>> followers = new ArrayList<>();

    Fleet(List<Server> servers, List<Integer> members) {
        this.servers = List.copyOf(servers);
        this.members.addAll(members);
        this.source = MutableEndpointSource.of(endpoints().toArray(Endpoint[]::new));
    }

    Server server(int index) {
        return servers.get(index);
    }

    /** Which server an endpoint stands for. */
    static int indexOf(Endpoint endpoint) {
        return endpoint.port() - FIRST_PORT;
    }

    /** For clients that use the product. */
    MutableEndpointSource source() {
        return source;
    }

    /** For other clients: tells the servers now and after each change. */
    void follow(Consumer<int[]> follower) {
        followers.add(follower);
        follower.accept(indexes());
    }

    void join(int index) {
        members.add(index);
        tell();
    }

    void leave(int index) {
        members.remove(index);
        tell();
    }

    private void tell() {
        source.set(endpoints());
        followers.forEach(follower -> follower.accept(indexes()));
    }

    private int[] indexes() {
        return members.stream().mapToInt(index -> index).toArray();
    }

    private List<Endpoint> endpoints() {
        return members.stream()
                .map(index -> Endpoint.of("server", FIRST_PORT + index))
                .toList();
    }
}
