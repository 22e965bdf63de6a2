package io.lb4j.hash;

import io.lb4j.Balancer;
import io.lb4j.Endpoint;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rendezvous hashing, or highest random weight (Thaler, Ravishankar 1998), weighted by logarithm (Schindelhauer,
 * Schomaker 2005): a key has a score with each node, {@code -ln(u) / weight}, and the lowest wins.
 *
 * <p>Scores of other nodes do not enter, so a node that comes or goes moves no keys but its own.
 */
final class Rendezvous extends Keyed {
    private final @Nullable Choices choices;

    Rendezvous(@Nullable Balancer withoutKey) {
        this(withoutKey, null);
    }

    private Rendezvous(@Nullable Balancer withoutKey, @Nullable Choices choices) {
        super(withoutKey);
        this.choices = choices;
    }

    @Override
    Keyed prepare(NodeSet candidates, @Nullable Balancer spare) {
        Members now = Members.weighted(candidates, Endpoint::id);
        Members kept = choices == null ? null : choices.members.follow(now, Members.Patience.NONE, 0);
        if (choices != null && kept == choices.members) {
            return spare == withoutKey ? this : new Rendezvous(spare, choices);
        }
        return new Rendezvous(spare, new Choices(kept == null ? now : kept));
    }

    @Override
    @Nullable
    Node owner(long hash, NodeSet candidates, RequestContext request, long nowNanos) {
        Choices ready = prepared(choices);
        RequestContext restriction = request.hasExclusions() ? request : null;
        int first = ready.next(hash, -1, candidates, restriction);
        int choice = first;
        while (choice >= 0 && !ramped(hash, ready.seed(choice), candidates, ready.at(choice), nowNanos)) {
            choice = ready.next(hash, ready.score(hash, choice), candidates, restriction);
        }
        return first < 0 ? null : candidates.get(ready.at(choice < 0 ? first : choice));
    }

    static List<Node> list(NodeSet candidates, long hash, int count) {
        Choices ready = new Choices(Members.weighted(candidates, Endpoint::id));
        List<Node> list = new ArrayList<>();
        int choice = ready.next(hash, -1, candidates, null);
        while (choice >= 0 && list.size() < count) {
            list.add(candidates.get(ready.at(choice)));
            choice = ready.next(hash, ready.score(hash, choice), candidates, null);
        }
        return List.copyOf(list);
    }
}
