package org.quadrille.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Squared error of blockwise rounding eight weights at a time, with the bits of {@link
 * BlockErrors}: one partial sum per lane. Blocks that do not fill vectors go through the plain
 * loops.
 */
final class VectorBlockErrors {
  private static final VectorSpecies<Float> FLOATS = VectorBlocks.FLOATS;
  private static final int LANES = VectorBlocks.LANES;

  /**
   * Weights of one call of the inner loops: many calls are compiled sooner than one long one. Two
   * short loops stay below the size at which the compiler stops to inline.
   */
  private static final int CHUNK = 1 << 11;

  private VectorBlockErrors() {}

  /** Whether whole vectors fill every block. */
  static boolean fits(int n, int blockSize, int levels) {
    return VectorBlocks.fits(blockSize, levels) && blockSize % LANES == 0 && n % LANES == 0;
  }

  static double sum(
      int n,
      int blockSize,
      float[] a,
      int aOffset,
      float[] scales,
      int scalesOffset,
      float[] boundaries,
      float[] levels) {
    CodeSearch search = CodeSearch.ofSixteen(boundaries, levels);
    double[] partial = new double[ScalarBlocks.ERROR_PARTIALS];
    int blocksPerChunk = Math.max(1, CHUNK / blockSize);
    float[] errors = new float[Math.min(n, blocksPerChunk * blockSize)];
    for (int first = 0, block = scalesOffset; first < n; first += errors.length) {
      int length = Math.min(n - first, errors.length);
      differences(length, blockSize, a, aOffset + first, scales, block, search, errors);
      addSquares(length, errors, partial);
      block += blocksPerChunk;
    }
    return SumOrder.tree(partial, ScalarBlocks.ERROR_PARTIALS);
  }

  /** Weights minus their levels. */
  private static void differences(
      int n,
      int blockSize,
      float[] a,
      int aOffset,
      float[] scales,
      int scalesOffset,
      CodeSearch search,
      float[] out) {
    FloatVector lowLevels = floats(search.lowLevels());
    FloatVector highLevels = floats(search.highLevels());
    FloatVector thirds = floats(search.third());
    FloatVector lasts = floats(search.last());
    for (int first = 0, block = scalesOffset; first < n; first += blockSize, block++) {
      float scale = scales[block];
      IntVector low = lowLevels.mul(scale).reinterpretAsInts();
      IntVector high = highLevels.mul(scale).reinterpretAsInts();
      IntVector third = thirds.mul(scale).reinterpretAsInts();
      IntVector last = lasts.mul(scale).reinterpretAsInts();
      float b0 = search.low() * scale;
      float b1 = search.middle() * scale;
      float b2 = search.high() * scale;
      int end = Math.min(n, first + blockSize);
      for (int i = first; i < end; i += LANES) {
        FloatVector x = FloatVector.fromArray(FLOATS, a, aOffset + i);
        IntVector eighth = CodeSearch.refine(x, CodeSearch.quarter(x, b1, b0, b2), third);
        FloatVector level = CodeSearch.level(CodeSearch.refine(x, eighth, last), low, high);
        x.sub(level).intoArray(out, i);
      }
    }
  }

  private static FloatVector floats(int[] lanes) {
    return CodeSearch.load(lanes).reinterpretAsFloats();
  }

  /**
   * Squares in double: element i goes to partial sum i mod 8. In plain Java, for the reason given
   * at {@link VectorRounding}.
   */
  private static void addSquares(int n, float[] errors, double[] partial) {
    double p0 = partial[0];
    double p1 = partial[1];
    double p2 = partial[2];
    double p3 = partial[3];
    double p4 = partial[4];
    double p5 = partial[5];
    double p6 = partial[6];
    double p7 = partial[7];
    for (int i = 0; i < n; i += LANES) {
      double e0 = errors[i];
      double e1 = errors[i + 1];
      double e2 = errors[i + 2];
      double e3 = errors[i + 3];
      double e4 = errors[i + 4];
      double e5 = errors[i + 5];
      double e6 = errors[i + 6];
      double e7 = errors[i + 7];
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
  }
}
