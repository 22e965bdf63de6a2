package io.lb4j.testkit;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lb4j.Balancer;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Faulty algorithms, each found by the check that is there for it. */
class BalancerContractTest {
    private static void assertRefused(Executable check) {
        assertThrows(AssertionError.class, check);
    }

    private static BalancerContract contract(Balancer balancer) {
        return new BalancerContract() {
            @Override
            protected Balancer balancer() {
                return balancer;
            }

            @Override
            protected List<Balancer> balancersBeforeOverflow() {
                return List.of(balancer);
            }

            @Override
            protected boolean honoursWeights() {
                return true;
            }

            @Override
            protected boolean isKeyed() {
                return true;
            }
        };
    }

    private static final Balancer FIRST = (nodes, request, now) -> nodes.get(0);

    private static Balancer uniform() {
        SplittableRandom random = new SplittableRandom(1);
        return (nodes, request, now) -> nodes.get(random.nextInt(nodes.size()));
    }

    @Test
    void strangersAreNoticed() {
        NodeSet others = new SequentialClient().equalNodes(1);
        BalancerContract contract = contract((nodes, request, now) -> others.get(0));
        assertRefused(contract::onlyCandidatesArePicked);
        assertRefused(contract::onlyNodeIsAlwaysPicked);
        assertRefused(contract::instanceInUseSurvivesThePreparationOfItsSuccessor);
        assertRefused(contract::threadsPickCandidatesWhileOthersPrepare);
    }

    @Test
    void nothingPickedIsNoticed() {
        BalancerContract contract = contract((nodes, request, now) -> null);
        assertRefused(contract::onlyCandidatesArePicked);
        assertRefused(contract::excludedNodeIsNotPicked);
        assertRefused(contract::lastNodeThatIsNotExcludedIsFoundAmongMany);
    }

    @Test
    void ignoredWeightsAndExclusionsAreNoticed() {
        BalancerContract contract = contract(uniform());
        assertRefused(contract::nodeOfWeightZeroIsNeverPicked);
        assertRefused(contract::sharesAreInProportionToWeights);
        assertRefused(contract::excludedNodeIsNotPicked);
        assertRefused(contract::lastNodeThatIsNotExcludedIsFoundAmongMany);
        assertRefused(contract::nothingIsPickedIfTheOnlyNodeIsExcluded);
    }

    @Test
    void biasTowardsTheFirstIsNoticed() {
        BalancerContract contract = contract(FIRST);
        assertRefused(contract::equalNodesHaveEqualShares);
        assertRefused(contract::updatesBetweenPicksDoNotSkewTheShares);
        assertRefused(contract::oneObjectServesTwoLoadBalancers);
        assertRefused(contract::overflowingCounterGoesOnWithTheCandidates);
    }

    @Test
    void slightBiasIsNoticed() {
        SplittableRandom random = new SplittableRandom(2);
        assertRefused(
                contract((nodes, request, now) -> nodes.get(random.nextInt(5) == 0 ? 0 : random.nextInt(nodes.size())))
                        ::equalNodesHaveEqualShares);
    }

    @Test
    void pickThatDoesNotDependOnTheKeyIsNoticed() {
        assertRefused(contract(uniform())::equalKeysGetTheSameNode);
    }

    @Test
    void cursorThatStartsAgainIsNoticed() {
        assertRefused(contract(new Counting(0))::updatesBetweenPicksDoNotSkewTheShares);
    }

    @Test
    void cursorThatOverflowsIsNoticed() {
        assertThrows(
                IndexOutOfBoundsException.class,
                contract(new Counting(Integer.MAX_VALUE - 5))::overflowingCounterGoesOnWithTheCandidates);
    }

    @Test
    void tablesSharedByTwoLoadBalancersAreNoticed() {
        assertRefused(contract(new Balancer() {
            private NodeSet table = new SequentialClient().equalNodes(1);

            @Override
            public Balancer prepare(NodeSet candidates) {
                table = candidates;
                return this;
            }

            @Override
            public Node pick(NodeSet candidates, RequestContext request, long now) {
                return table.get(0);
            }
        })::oneObjectServesTwoLoadBalancers);
    }

    @Test
    @Tag("allocation")
    void allocationIsNoticed() {
        assertRefused(contract((nodes, request, now) ->
                List.of(nodes.get(0), nodes.get(0), nodes.get(0)).get((int) now & 1))::picksAllocateNothing);
    }

    /** Round robin as it is often written: the count starts again with each set, and runs below 0. */
    private record Counting(AtomicInteger count, int start) implements Balancer {
        Counting(int start) {
            this(new AtomicInteger(start), start);
        }

        @Override
        public Balancer prepare(NodeSet candidates) {
            return new Counting(start);
        }

        @Override
        public Node pick(NodeSet candidates, RequestContext request, long now) {
            return candidates.get(count.getAndIncrement() % candidates.size());
        }
    }
}
