package io.lb4j.hash;

import io.lb4j.Endpoint;
import io.lb4j.RequestContext;

/**
 * The ring of NGINX's {@code hash ... consistent}: 160 points per unit of weight, each the CRC-32 of host, 0, port and
 * the point before.
 */
enum NginxPoints implements RingRule {
    INSTANCE;

    private static final int PER_WEIGHT = 160;

    @Override
    public String name(Endpoint endpoint) {
        return endpoint.host() + '\0' + endpoint.port();
    }

    @Override
    public void place(Members members, Ring.Builder ring) {
        double unit = PER_WEIGHT * PointCounts.scale(PER_WEIGHT * members.totalWeight());
        for (int i = 0; i < members.size(); i++) {
            int start = Crc32.update(Crc32.begin(), Octets.of(members.name(i)));
            long count = Math.max(1, Math.round(unit * members.weight(i)));
            int point = 0;
            for (long n = 0; n < count; n++) {
                point = Crc32.finish(updateLittleEndian(start, point));
                ring.add((long) point << 32, i);
            }
        }
    }

    private static int updateLittleEndian(int crc, int word) {
        int updated = crc;
        for (int shift = 0; shift < 32; shift += 8) {
            updated = Crc32.update(updated, word >>> shift & 0xFF);
        }
        return updated;
    }

    @Override
    public long position(RequestContext request) {
        CharSequence key = request.key();
        return key == null ? request.hashKey() : (long) Crc32.of(Octets.of(key)) << 32;
    }
}
