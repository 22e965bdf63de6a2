package io.lb4j.hash;

import io.lb4j.Endpoint;
import io.lb4j.HashKey;
import io.lb4j.RequestContext;

/** The ring of Envoy's {@code ring_hash} and of gRPC's (gRFC A42): xxHash64 of {@code id_0}, {@code id_1}... */
record EnvoyPoints(int minRingSize, int maxRingSize) implements RingRule {
    @Override
    public String name(Endpoint endpoint) {
        return endpoint.id();
    }

    @Override
    public void place(Members members, Ring.Builder ring) {
        double total = members.totalWeight();
        double least = 1;
        for (int i = 0; i < members.size(); i++) {
            least = Math.min(least, members.weight(i) / total);
        }
        double scale = Math.min(Math.ceil(least * minRingSize) / least, maxRingSize);
        double placed = 0;
        double target = 0;
        for (int i = 0; i < members.size(); i++) {
            target += scale * (members.weight(i) / total);
            for (int point = 0; placed < target; placed++, point++) {
                ring.add(HashKey.of(members.name(i) + "_" + point), i);
            }
        }
    }

    @Override
    public long position(RequestContext request) {
        return request.hashKey();
    }
}
