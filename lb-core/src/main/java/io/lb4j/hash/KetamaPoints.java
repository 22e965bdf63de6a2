package io.lb4j.hash;

import io.lb4j.Endpoint;
import io.lb4j.RequestContext;

/**
 * The ring of libketama (Richard Jones, 2007) and spymemcached: four points from the MD5 of each name, keys by the
 * first four bytes of theirs, little-endian.
 */
record KetamaPoints(Ketama ketama) implements RingRule {
    private static final int NAMES_PER_WEIGHT = 40;
    private static final int POINTS_PER_NAME = 4;

    @Override
    public String name(Endpoint endpoint) {
        return ketama.pointName().of(endpoint, 0);
    }

    @Override
    public void place(Members members, Ring.Builder ring) {
        double total = members.totalWeight();
        double scale = PointCounts.scale(total * NAMES_PER_WEIGHT * POINTS_PER_NAME);
        for (int i = 0; i < members.size(); i++) {
            int names = ketama.isRescaled()
                    ? rescaled(members.weight(i) / total, members.size())
                    : (int) Math.max(1, Math.round(members.weight(i) * NAMES_PER_WEIGHT * scale));
            for (int name = 0; name < names; name++) {
                place(Octets.of(ketama.pointName().of(members.endpoint(i), name)), i, ring);
            }
        }
    }

    /** In single precision, as libketama has it. */
    private static int rescaled(double share, int nodes) {
        return (int) (float) ((float) share * (double) NAMES_PER_WEIGHT * nodes);
    }

    private static void place(CharSequence name, int owner, Ring.Builder ring) {
        long low = Md5.low(name);
        long high = Md5.high(name);
        ring.add(low << 32, owner);
        ring.add(low & 0xFFFFFFFF_00000000L, owner);
        ring.add(high << 32, owner);
        ring.add(high & 0xFFFFFFFF_00000000L, owner);
    }

    @Override
    public long position(RequestContext request) {
        CharSequence key = request.key();
        return key == null ? request.hashKey() : Md5.low(Octets.of(key)) << 32;
    }
}
