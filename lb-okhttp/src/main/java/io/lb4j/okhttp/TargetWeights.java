package io.lb4j.okhttp;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a weight from the text of a header. */
final class TargetWeights {
    /** No sign, no exponent, no hexadecimal, no "NaN": what {@link Double#parseDouble} takes is more than a header may say. */
    private static final Pattern NUMBER = Pattern.compile("\\d{1,7}(\\.\\d{1,9})?");

    private static final double MOST = 1_000_000;

    private TargetWeights() {}

    /** The weight, null if the text is none. */
    static @Nullable Double parse(@Nullable String text) {
        if (text == null || !NUMBER.matcher(text.strip()).matches()) {
            return null;
        }
        double weight = Double.parseDouble(text.strip());
        return weight <= MOST ? weight : null;
    }
}
