package io.lb4j.benchmarks.report;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A limit for one measurement.
 *
 * @param name what is limited, in words
 * @param measured which measurement
 * @param base what it is compared with; not looked at where only bytes count
 * @param figure how the two are compared
 * @param limit the highest value that will do
 */
public record Target(String name, Key measured, Key base, Figure figure, double limit) {
    /** How a measurement is compared with its base. */
    public enum Figure {
        /** Time divided by that of the base. */
        RATIO(" x") {
            @Override
            double of(Measurement measured, Measurement base) {
                return measured.nanos() / base.nanos();
            }
        },
        /** Nanoseconds more than the base. */
        MORE_NANOS(" ns more") {
            @Override
            double of(Measurement measured, Measurement base) {
                return measured.nanos() - base.nanos();
            }
        },
        /** Bytes per operation. */
        BYTES(" B") {
            @Override
            double of(Measurement measured, Measurement base) {
                return measured.bytesPerOperation();
            }
        },
        /** Bytes per operation more than the base. */
        MORE_BYTES(" B more") {
            @Override
            double of(Measurement measured, Measurement base) {
                return measured.bytesPerOperation() - base.bytesPerOperation();
            }
        };

        private final String unit;

        Figure(String unit) {
            this.unit = unit;
        }

        abstract double of(Measurement measured, Measurement base);

        String shown(double value) {
            return String.format(Locale.ROOT, this == RATIO ? "%.2f%s" : "%,.0f%s", value, unit);
        }
    }

    /** The value, null if it was not measured. */
    @Nullable
    Double value(Measurements all) {
        Measurement one = all.find(measured);
        Measurement other = all.find(base);
        return one == null || other == null ? null : (Double) figure.of(one, other);
    }

    /** A row of the table: name, limit, value, verdict. */
    String row(Measurements all) {
        Double value = value(all);
        String shown = value == null || value.isNaN() ? "-" : figure.shown(value);
        return "| " + name + " | " + figure.shown(limit) + " | " + shown + " | " + verdict(value) + " |";
    }

    private String verdict(@Nullable Double value) {
        if (value == null || value.isNaN()) {
            return "not measured";
        }
        return value <= limit ? "met" : "**not met**";
    }
}
