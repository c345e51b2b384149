package org.quadrille.quant;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.Tensor;

/** Searched scales and learned tables against exhaustive searches. */
class ScaleSearchTest {

  /** One block, so that its scale is stored exactly. */
  private static QuantizationConfig oneBlock(int bits, int size) {
    return new QuantizationConfig(bits, size, 8, GroupType.FP32, 1);
  }

  private static float[] heavyTailed(int n, long seed) {
    Random random = new Random(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      double gaussian = random.nextGaussian();
      values[i] = (float) (gaussian * Math.exp(0.5 * random.nextGaussian()));
    }
    return values;
  }

  private static double error(Quantizer quantizer, float[] values) {
    return quantizer.rounding(1, values.length).apply(values, new float[values.length]);
  }

  /** Least squared error over 4000 scales up to 1.2 times the largest magnitude. */
  private static double exhaustive(Codebook codebook, float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    double best = Double.POSITIVE_INFINITY;
    for (int step = 1; step <= 4000; step++) {
      double scale = largest * 1.2 * step / 4000;
      double error = 0;
      for (float value : values) {
        double nearest = Double.POSITIVE_INFINITY;
        for (float level : codebook.levels()) {
          nearest = Math.min(nearest, Math.abs(value - level * scale));
        }
        error += nearest * nearest;
      }
      best = Math.min(best, error);
    }
    return best;
  }

  @Property(tries = 25)
  void searchIsNearTheBestScale(
      @ForAll @IntRange(min = 2, max = 5) int bits,
      @ForAll @IntRange(min = 8, max = 64) int size,
      @ForAll long seed) {
    float[] values = heavyTailed(size, seed);
    BlockQuantizer plain = BlockQuantizer.of(oneBlock(bits, size));
    double found = error(plain.withScaleRule(ScaleRule.LEAST_SQUARES), values);
    assertTrue(found <= error(plain, values) * (1 + 1e-6));
    double norm = 0;
    for (float value : values) {
      norm += (double) value * value;
    }
    assertTrue(found <= 1.15 * exhaustive(plain.codebook(), values) + 1e-3 * norm, found + "");
  }

  @Property(tries = 100)
  void zeroCodesKeepZeroAndBoundTheError(
      @ForAll @IntRange(min = 2, max = 8) int bits,
      @ForAll @IntRange(min = 1, max = 40) int size,
      @ForAll @IntRange(min = -3, max = 3) int shift,
      @ForAll long seed) {
    float[] values = heavyTailed(3 * size, seed);
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 5 == 0 ? 0 : values[i] + shift;
    }
    AsymmetricQuantizer quantizer =
        AsymmetricQuantizer.of(new QuantizationConfig(bits, size, 8, GroupType.FP32, 16));
    QuantizedMatrix q = quantizer.quantize(Tensor.of(values, 3, size));
    float[] out = q.dequantize().floats();
    float[] scales = q.blockScales();
    for (int block = 0; block < 3; block++) {
      float least = 0;
      float most = 0;
      for (int i = block * size; i < (block + 1) * size; i++) {
        least = Math.min(least, values[i]);
        most = Math.max(most, values[i]);
      }
      double step = scales[block] / ((1 << bits) - 1.0);
      double cut = Math.max(0, (double) most - least - scales[block]);
      for (int i = block * size; i < (block + 1) * size; i++) {
        if (values[i] == 0) {
          assertTrue(out[i] == 0, "zero became " + out[i]);
        }
        double bound = step / 2 + cut + 8 * Math.ulp(Math.max(most, -least));
        assertTrue(Math.abs(values[i] - out[i]) <= bound, values[i] + " became " + out[i]);
      }
    }
  }

  @Test
  void zeroCodesGainWhereWeightsLieToOneSide() {
    float[] values = heavyTailed(640, 3);
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.abs(values[i]);
    }
    QuantizationConfig config = new QuantizationConfig(4, 32, 8, GroupType.FP32, 16);
    double symmetric = error(new BlockQuantizer(config, Codebook.uniform(4), false), values);
    double asymmetric = error(AsymmetricQuantizer.of(config), values);
    // half the step, and one level more: a fourth of the error or less
    assertTrue(asymmetric < 0.26 * symmetric, asymmetric + " " + symmetric);
    double searched =
        error(AsymmetricQuantizer.of(config).withScaleRule(ScaleRule.LEAST_SQUARES), values);
    assertTrue(searched < 0.97 * asymmetric, searched + " " + asymmetric);
  }

  @Property(tries = 30)
  void learnedTableIsBetweenTheStartAndTheOptimum(
      @ForAll @IntRange(min = 4, max = 90) int size, @ForAll long seed) {
    float[] values = heavyTailed(size, seed);
    BlockQuantizer start = BlockQuantizer.of(oneBlock(2, size));
    double plain = error(start, values);
    double one = error(new LearnedTableQuantizer(start, 1), values);
    double many = error(new LearnedTableQuantizer(start, 40), values);
    assertTrue(one <= plain * (1 + 1e-6));
    assertTrue(many <= one * (1 + 1e-6));
    double optimum = bestClusters(values.clone(), 4);
    assertTrue(many >= optimum * (1 - 1e-6) - 1e-9, many + " " + optimum);
  }

  /** Exact clustering of numbers on a line by dynamic programming over sorted prefixes. */
  private static double bestClusters(float[] values, int clusters) {
    Arrays.sort(values);
    int n = values.length;
    double[] best = new double[n + 1];
    Arrays.fill(best, 1, n + 1, Double.POSITIVE_INFINITY);
    for (int k = 0; k < clusters; k++) {
      double[] next = new double[n + 1];
      for (int end = 1; end <= n; end++) {
        next[end] = Double.POSITIVE_INFINITY;
        double sum = 0;
        double squares = 0;
        for (int first = end - 1; first >= 0; first--) {
          sum += values[first];
          squares += (double) values[first] * values[first];
          double spread = Math.max(0, squares - sum * sum / (end - first));
          next[end] = Math.min(next[end], best[first] + spread);
        }
      }
      best = next;
    }
    return best[n];
  }

  @Test
  void searchedScalesAndLearnedTablesAddUp() {
    float[] values = heavyTailed(64 * 200, 5);
    BlockQuantizer plain = BlockQuantizer.of(QuantizationConfig.DEFAULT.withBits(2));
    BlockQuantizer searching = plain.withScaleRule(ScaleRule.LEAST_SQUARES);
    double searched = error(searching, values);
    double learned = error(LearnedTableQuantizer.of(plain), values);
    double both = error(LearnedTableQuantizer.of(searching), values);
    double least = Math.min(searched, learned);
    assertTrue(least < 0.6 * error(plain, values));
    assertTrue(both < 0.97 * least, both + " " + least);
  }
}
