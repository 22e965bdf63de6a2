package io.lb4j.okhttp;

import java.io.EOFException;
import java.text.ParseException;
import java.util.Map;
import okio.Buffer;
import okio.ByteString;

/**
 * Reads the one message of ORCA from the wire form of protocol buffers: numbers, and maps of numbers. Fields it does not
 * know are skipped. Source: {@code xds/data/orca/v3/orca_load_report.proto}.
 */
final class OrcaMessage {
    private static final Map<Integer, String> NUMBERS = Map.of(
            1, "cpu_utilization",
            2, "mem_utilization",
            6, "rps_fractional",
            7, "eps",
            9, "application_utilization");
    private static final Map<Integer, String> MAPS = Map.of(4, "request_cost", 5, "utilization", 8, "named_metrics");
    private static final int RPS = 3;

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;
    private static final int LONGEST_VARINT = 10;

    private OrcaMessage() {}

    static Map<String, Double> read(ByteString message) throws ParseException {
        OrcaMetrics metrics = new OrcaMetrics();
        Buffer in = new Buffer().write(message);
        try {
            while (!in.exhausted()) {
                readField(in, metrics);
            }
        } catch (EOFException e) {
            throw new ParseException("cut short", message.size());
        }
        return metrics.all();
    }

    private static void readField(Buffer in, OrcaMetrics metrics) throws EOFException, ParseException {
        long tag = varint(in);
        int field = (int) (tag >>> 3);
        int type = (int) tag & 7;
        String number = NUMBERS.get(field);
        String map = MAPS.get(field);
        if (number != null && type == FIXED64) {
            metrics.add(number, Double.longBitsToDouble(in.readLongLe()));
        } else if (field == RPS && type == VARINT) {
            metrics.add("rps", (double) varint(in));
        } else if (map != null && type == BYTES) {
            readEntry(bytes(in), map, metrics);
        } else {
            skip(in, type);
        }
    }

    private static void readEntry(Buffer in, String map, OrcaMetrics metrics) throws EOFException, ParseException {
        String key = "";
        double value = 0;
        while (!in.exhausted()) {
            long tag = varint(in);
            if (tag == (1 << 3 | BYTES)) {
                key = bytes(in).readUtf8();
            } else if (tag == (2 << 3 | FIXED64)) {
                value = Double.longBitsToDouble(in.readLongLe());
            } else {
                skip(in, (int) tag & 7);
            }
        }
        metrics.add(map + '.' + key, value);
    }

    private static void skip(Buffer in, int type) throws EOFException, ParseException {
        switch (type) {
            case VARINT -> {
                long ignored = varint(in);
            }
            case FIXED64 -> in.skip(8);
            case BYTES -> {
                Buffer ignored = bytes(in);
            }
            case FIXED32 -> in.skip(4);
            default -> throw new ParseException("wire type " + type, 0);
        }
    }

    private static Buffer bytes(Buffer in) throws EOFException, ParseException {
        long length = varint(in);
        if (length < 0 || length > in.size()) {
            throw new ParseException("length " + length, 0);
        }
        Buffer bytes = new Buffer();
        bytes.write(in, length);
        return bytes;
    }

    private static long varint(Buffer in) throws EOFException, ParseException {
        long value = 0;
        for (int i = 0; i < LONGEST_VARINT; i++) {
            byte next = in.readByte();
            value |= (long) (next & 0x7f) << (7 * i);
            if (next >= 0) {
                return value;
            }
        }
        throw new ParseException("varint longer than " + LONGEST_VARINT + " bytes", 0);
    }
}
