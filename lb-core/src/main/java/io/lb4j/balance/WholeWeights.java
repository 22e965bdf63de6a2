package io.lb4j.balance;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The smallest whole numbers that are to each other as weights are. */
final class WholeWeights {
    /** How far, relatively, a multiple of a weight may be from a whole number: far above rounding, far below notice. */
    private static final double TOLERANCE = 1e-9;

    private WholeWeights() {}

    /** Null if their sum would be more than {@code most}; the weights are more than 0. */
    static int @Nullable [] of(double[] weights, int most) {
        double least = Arrays.stream(weights).min().orElse(1);
        double sum = Arrays.stream(weights).sum();
        for (int multiple = 1; multiple * sum <= (most + 0.5) * least; multiple++) {
            double factor = multiple / least;
            if (Arrays.stream(weights).allMatch(weight -> isWhole(weight * factor))) {
                return Arrays.stream(weights)
                        .mapToInt(weight -> (int) Math.rint(weight * factor))
                        .toArray();
            }
        }
        return null;
    }

    private static boolean isWhole(double value) {
        return Math.abs(value - Math.rint(value)) <= TOLERANCE * value;
    }
}
