package io.lb4j.hash;

import io.lb4j.Balancer;
import io.lb4j.testkit.BalancerContract;
import org.junit.jupiter.api.Nested;

/** The rules for every algorithm, applied to those that place requests by key. */
class ContractTest {
    private abstract static class Keyed extends BalancerContract {
        @Override
        protected boolean isKeyed() {
            return true;
        }

        @Override
        protected boolean honoursWeights() {
            return true;
        }
    }

    @Nested
    class OfMaglev extends Keyed {
        @Override
        protected Balancer balancer() {
            return ConsistentHash.maglev();
        }

        @Override
        protected double unevenness() {
            return 0.01;
        }
    }

    @Nested
    class OfRingHash extends Keyed {
        @Override
        protected Balancer balancer() {
            return ConsistentHash.ringHash(65_536, 65_536);
        }

        @Override
        protected double unevenness() {
            return 0.15;
        }
    }

    @Nested
    class OfKetama extends Keyed {
        @Override
        protected Balancer balancer() {
            return ConsistentHash.ketama();
        }

        @Override
        protected double unevenness() {
            return 0.3;
        }
    }

    @Nested
    class OfNginxHash extends Keyed {
        @Override
        protected Balancer balancer() {
            return ConsistentHash.nginxHash();
        }

        @Override
        protected double unevenness() {
            return 0.4;
        }
    }

    @Nested
    class OfRendezvous extends Keyed {
        @Override
        protected Balancer balancer() {
            return ConsistentHash.rendezvous();
        }
    }

    @Nested
    class OfJump extends Keyed {
        @Override
        protected Balancer balancer() {
            return ConsistentHash.jump();
        }

        @Override
        protected boolean honoursWeights() {
            return false;
        }
    }

    @Nested
    class OfBoundedMaglev extends Keyed {
        @Override
        protected Balancer balancer() {
            return ConsistentHash.bounded(ConsistentHash.maglev());
        }

        @Override
        protected double unevenness() {
            return 0.01;
        }
    }
}
