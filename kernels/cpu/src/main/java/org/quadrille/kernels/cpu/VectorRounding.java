package org.quadrille.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Quantization and dequantization in one pass, eight weights at a time, with the bits of {@link
 * ScalarBlocks#round}: the squared error has one partial sum per lane.
 */
final class VectorRounding {
  private static final VectorSpecies<Float> FLOATS = VectorBlocks.FLOATS;
  private static final int LANES = VectorBlocks.LANES;

  private VectorRounding() {}

  static double round(
      int n,
      int blockSize,
      float[] a,
      int aOffset,
      float[] scales,
      int scalesOffset,
      float[] boundaries,
      float[] levels,
      float[] out,
      int outOffset) {
    BucketSearch buckets = VectorBlocks.buckets(blockSize, boundaries);
    if (!VectorBlocks.fits(blockSize, levels.length) && buckets == null) {
      return ScalarBlocks.round(
          n, blockSize, a, aOffset, scales, scalesOffset, boundaries, levels, out, outOffset);
    }
    double[] partial = new double[ScalarBlocks.ERROR_PARTIALS];
    float[] rounded = new float[blockSize];
    CodeSearch search = buckets == null ? CodeSearch.ofSixteen(boundaries, levels) : null;
    for (int first = 0, block = 0; first < n; first += blockSize, block++) {
      int length = Math.min(n - first, blockSize);
      int end = FLOATS.loopBound(length);
      float scale = scales[scalesOffset + block];
      int from = aOffset + first;
      if (buckets == null) {
        round16(end, a, from, scale, search, rounded);
      } else {
        buckets.round(end, a, from, scale, levels, rounded);
      }
      for (int i = end; i < length; i++) {
        float x = a[from + i] / ScalarBlocks.divisor(scale);
        rounded[i] = levels[ScalarBlocks.code(x, boundaries)] * scale;
      }
      addErrors(length, a, from, rounded, partial);
      System.arraycopy(rounded, 0, out, outOffset + first, length);
    }
    return SumOrder.tree(partial, ScalarBlocks.ERROR_PARTIALS);
  }

  /** Smaller tables come padded: one loop is compiled sooner than three. */
  private static void round16(
      int n, float[] a, int from, float scale, CodeSearch search, float[] out) {
    float divisor = ScalarBlocks.divisor(scale);
    IntVector low = CodeSearch.load(search.lowLevels());
    IntVector high = CodeSearch.load(search.highLevels());
    IntVector third = CodeSearch.load(search.third());
    IntVector last = CodeSearch.load(search.last());
    float b0 = search.low();
    float b1 = search.middle();
    float b2 = search.high();
    for (int i = 0; i < n; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, a, from + i).div(divisor);
      IntVector eighth = CodeSearch.refine(x, CodeSearch.quarter(x, b1, b0, b2), third);
      IntVector code = CodeSearch.refine(x, eighth, last);
      CodeSearch.level(code, low, high).mul(scale).intoArray(out, i);
    }
  }

  /**
   * Adds squared differences: weight i of a block to partial sum i mod 8. In plain Java: beside the
   * loops above, more vector code would pass the size at which the compiler stops to inline, and
   * vectors that go to a method that is not inlined become objects.
   */
  private static void addErrors(int n, float[] a, int from, float[] rounded, double[] partial) {
    double p0 = partial[0];
    double p1 = partial[1];
    double p2 = partial[2];
    double p3 = partial[3];
    double p4 = partial[4];
    double p5 = partial[5];
    double p6 = partial[6];
    double p7 = partial[7];
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      double e0 = (double) a[from + i] - rounded[i];
      double e1 = (double) a[from + i + 1] - rounded[i + 1];
      double e2 = (double) a[from + i + 2] - rounded[i + 2];
      double e3 = (double) a[from + i + 3] - rounded[i + 3];
      double e4 = (double) a[from + i + 4] - rounded[i + 4];
      double e5 = (double) a[from + i + 5] - rounded[i + 5];
      double e6 = (double) a[from + i + 6] - rounded[i + 6];
      double e7 = (double) a[from + i + 7] - rounded[i + 7];
      p0 += e0 * e0;
      p1 += e1 * e1;
      p2 += e2 * e2;
      p3 += e3 * e3;
      p4 += e4 * e4;
      p5 += e5 * e5;
      p6 += e6 * e6;
      p7 += e7 * e7;
    }
    partial[0] = p0;
    partial[1] = p1;
    partial[2] = p2;
    partial[3] = p3;
    partial[4] = p4;
    partial[5] = p5;
    partial[6] = p6;
    partial[7] = p7;
    for (int lane = 0; i < n; i++, lane++) {
      double error = (double) a[from + i] - rounded[i];
      partial[lane] += error * error;
    }
  }
}
