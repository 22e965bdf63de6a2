package io.lb4j.hash;

import io.lb4j.Endpoint;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Which members serve which shard; a shard may have several members, or none. Immutable. */
final class Shards {
    static final int MOST = 65_536;
    private static final System.Logger LOG = System.getLogger("io.lb4j");

    private final int[][] members;

    private Shards(int[][] members) {
        this.members = members;
    }

    /** By the numbers of the endpoints; if no endpoint has one, by their order: shorter ids first, then by alphabet. */
    static Shards of(Members members, Function<Endpoint, @Nullable Integer> numbering) {
        Integer[] numbers = new Integer[members.size()];
        Arrays.setAll(numbers, i -> inRange(members.endpoint(i), numbering.apply(members.endpoint(i))));
        boolean numbered = Arrays.stream(numbers).anyMatch(number -> number != null);
        return new Shards(numbered ? byNumber(numbers) : inOrder(members));
    }

    private static @Nullable Integer inRange(Endpoint endpoint, @Nullable Integer number) {
        if (number == null || (number >= 0 && number < MOST)) {
            return number;
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "shard of " + endpoint.id() + " is not a number from 0 to " + (MOST - 1) + ": it gets no keys");
        return null;
    }

    private static int[][] byNumber(@Nullable Integer[] numbers) {
        List<List<Integer>> shards = new ArrayList<>();
        for (int i = 0; i < numbers.length; i++) {
            Integer number = numbers[i];
            while (number != null && shards.size() <= number) {
                shards.add(new ArrayList<>());
            }
            if (number != null) {
                shards.get(number).add(i);
            }
        }
        return shards.stream()
                .map(shard -> shard.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
    }

    private static int[][] inOrder(Members members) {
        return IntStream.range(0, members.size())
                .boxed()
                .sorted(Comparator.comparingInt(
                                (Integer i) -> members.endpoint(i).id().length())
                        .thenComparing(i -> members.endpoint(i).id()))
                .map(i -> new int[] {i})
                .toArray(int[][]::new);
    }

    int count() {
        return members.length;
    }

    /** The first choice by rendezvous of the shard's members; null if none may be picked. */
    @Nullable
    Node pick(int shard, long hash, Members all, NodeSet candidates, @Nullable RequestContext restriction) {
        Node best = null;
        double least = 0;
        for (int member : members[shard]) {
            int at = all.at(member);
            if (at >= 0 && all.weight(member) > 0) {
                double score = Choices.score(hash, all.seed(member), all.weight(member));
                if ((best == null || score < least)
                        && (restriction == null || !restriction.excludes(candidates.get(at)))) {
                    best = candidates.get(at);
                    least = score;
                }
            }
        }
        return best;
    }
}
