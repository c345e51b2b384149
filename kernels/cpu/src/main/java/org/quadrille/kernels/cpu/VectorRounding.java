package org.quadrille.kernels.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Quantization and dequantization in one pass, eight weights at a time, with the bits of {@link
 * ScalarBlocks#round}: the squared error has one partial sum per lane.
 */
final class VectorRounding {
  private static final VectorSpecies<Float> FLOATS = VectorBlocks.FLOATS;
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_256;
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
    CodeSearch search = new CodeSearch(boundaries, levels);
    for (int first = 0, block = 0; first < n; first += blockSize, block++) {
      int length = Math.min(n - first, blockSize);
      int end = FLOATS.loopBound(length);
      float scale = scales[scalesOffset + block];
      int from = aOffset + first;
      switch (buckets == null ? levels.length : 0) {
        case 0 -> buckets.round(end, a, from, scale, levels, rounded);
        case 4 -> round4(end, a, from, scale, search, rounded);
        case 8 -> round8(end, a, from, scale, search, rounded);
        default -> round16(end, a, from, scale, search, rounded);
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

  private static void round4(
      int n, float[] a, int from, float scale, CodeSearch search, float[] out) {
    float divisor = ScalarBlocks.divisor(scale);
    IntVector levels = CodeSearch.load(search.lowLevels());
    float b0 = search.low();
    float b1 = search.middle();
    float b2 = search.high();
    for (int i = 0; i < n; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, a, from + i).div(divisor);
      IntVector code = CodeSearch.quarter(x, b1, b0, b2);
      code.selectFrom(levels).reinterpretAsFloats().mul(scale).intoArray(out, i);
    }
  }

  private static void round8(
      int n, float[] a, int from, float scale, CodeSearch search, float[] out) {
    float divisor = ScalarBlocks.divisor(scale);
    IntVector levels = CodeSearch.load(search.lowLevels());
    IntVector last = CodeSearch.load(search.last());
    float b0 = search.low();
    float b1 = search.middle();
    float b2 = search.high();
    for (int i = 0; i < n; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, a, from + i).div(divisor);
      IntVector code = CodeSearch.refine(x, CodeSearch.quarter(x, b1, b0, b2), last);
      code.selectFrom(levels).reinterpretAsFloats().mul(scale).intoArray(out, i);
    }
  }

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

  /** Adds squared differences: weight i of a block to partial sum i mod 8. */
  private static void addErrors(int n, float[] a, int from, float[] rounded, double[] partial) {
    DoubleVector low = DoubleVector.fromArray(DOUBLES, partial, 0);
    DoubleVector high = DoubleVector.fromArray(DOUBLES, partial, LANES / 2);
    int end = FLOATS.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      FloatVector value = FloatVector.fromArray(FLOATS, a, from + i);
      FloatVector other = FloatVector.fromArray(FLOATS, rounded, i);
      DoubleVector lowError = half(value, 0).sub(half(other, 0));
      DoubleVector highError = half(value, 1).sub(half(other, 1));
      low = low.add(lowError.mul(lowError));
      high = high.add(highError.mul(highError));
    }
    low.intoArray(partial, 0);
    high.intoArray(partial, LANES / 2);
    for (int i = end; i < n; i++) {
      double error = (double) a[from + i] - rounded[i];
      partial[i - end] += error * error;
    }
  }

  private static DoubleVector half(FloatVector values, int part) {
    return (DoubleVector) values.convertShape(VectorOperators.F2D, DOUBLES, part);
  }
}
