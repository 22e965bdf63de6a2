package io.lb4j.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.vectors.Vectors;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AliasTableTest {
    /** Thresholds have 32 bits. */
    private static final double RESOLUTION = 0x1p-32;

    /** The probability of each index. */
    private static double[] masses(AliasTable table) {
        double[] masses = new double[table.size()];
        for (int i = 0; i < masses.length; i++) {
            masses[i] += table.threshold(i) / masses.length;
            masses[table.alias(i)] += (1 - table.threshold(i)) / masses.length;
        }
        return masses;
    }

    static List<Object> cases() {
        return Vectors.list(Vectors.json("alias.json").get("cases"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void tableIsTheOneOfVose(Map<String, Object> vector) {
        AliasTable table = AliasTable.of(Vectors.decimals(vector.get("weights")));
        double[] thresholds = Vectors.decimals(vector.get("prob_vose_lifo"));
        int[] aliases = Vectors.ints(vector.get("alias_vose_lifo"));
        for (int i = 0; i < thresholds.length; i++) {
            double own = table.alias(i) == i ? 1 : table.threshold(i);
            assertEquals(thresholds[i], own, RESOLUTION);
            assertEquals(thresholds[i] > 1 - RESOLUTION ? i : aliases[i], table.alias(i));
        }
        assertArrayEquals(Vectors.decimals(vector.get("share")), masses(table), RESOLUTION);
    }

    @Test
    void massesAreTheWeights() {
        SplittableRandom random = new SplittableRandom(6);
        for (int round = 0; round < 200; round++) {
            double[] weights = random.doubles(1 + random.nextInt(50))
                    .map(x -> x < 0.2 ? 0 : Math.exp(30 * x))
                    .toArray();
            weights[random.nextInt(weights.length)] = 1;
            double sum = DoubleStream.of(weights).sum();
            double[] shares =
                    DoubleStream.of(weights).map(weight -> weight / sum).toArray();
            assertArrayEquals(shares, masses(AliasTable.of(weights)), RESOLUTION);
        }
    }

    @Test
    void bitsChooseTheCellAndThenBetweenIndexAndAlias() {
        AliasTable table = AliasTable.of(new double[] {1, 2, 3, 4}); // cell 0: itself below 0.4, then 3
        long cell1 = 1L << 62;
        assertEquals(0, table.draw(0));
        assertEquals(0, table.draw((long) (0.4 * 0x1p32) - 1));
        assertEquals(3, table.draw((long) (0.4 * 0x1p32) + 1));
        assertEquals(3, table.draw(0xFFFF_FFFFL));
        assertEquals(1, table.draw(cell1));
        assertEquals(3, table.draw(cell1 | 0xFFFF_FFFFL));
        assertEquals(2, table.draw(-1L), "the last cell, above its threshold");
    }

    @Test
    void weightOfZeroIsNeverDrawn() {
        AliasTable table = AliasTable.of(new double[] {0, 1, 0, 1e-9, 0});
        SplittableRandom random = new SplittableRandom(7);
        IntStream.range(0, 100_000).forEach(i -> assertTrue(table.draw(random.nextLong()) % 2 == 1));
        assertEquals(1, table.draw(0));
        assertEquals(1, table.draw(-1));
    }
}
