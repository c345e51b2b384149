package org.quadrille.kernels.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Binary search among 3, 7 or 15 ascending boundaries in eight lanes at once, without branches: two
 * comparisons against blended boundaries, then one per step against boundaries looked up in a
 * register.
 *
 * @param low boundary of the second step, left half
 * @param middle boundary of the first step
 * @param high boundary of the second step, right half
 * @param third bits of the boundaries of the third of four steps
 * @param last bits of the boundaries of the last of three or four steps
 * @param lowLevels bits of the first eight levels
 * @param highLevels bits of the others
 */
record CodeSearch(
    float low,
    float middle,
    float high,
    int[] third,
    int[] last,
    int[] lowLevels,
    int[] highLevels) {

  CodeSearch(float[] boundaries, float[] levels) {
    this(
        boundaries[boundaries.length / 4],
        boundaries[boundaries.length / 2],
        boundaries[boundaries.length - 1 - boundaries.length / 4],
        lanes(boundaries, 1, 4),
        lanes(boundaries, 0, 2),
        lanes(levels, 0, 1),
        lanes(levels, VectorBlocks.LANES, 1));
  }

  /**
   * A search whose tables of 4, 8 or 16 levels are padded to 16, for loops that serve all three.
   */
  static CodeSearch ofSixteen(float[] boundaries, float[] levels) {
    return new CodeSearch(
        padded(boundaries, 15, Float.POSITIVE_INFINITY),
        padded(levels, 16, levels[levels.length - 1]));
  }

  private static float[] padded(float[] values, int length, float filler) {
    float[] padded = Arrays.copyOf(values, length);
    Arrays.fill(padded, values.length, length, filler);
    return padded;
  }

  /** Bits of {@code values[first + stride i]}, as many as there are up to eight, then zeros. */
  private static int[] lanes(float[] values, int first, int stride) {
    int[] bits = new int[VectorBlocks.LANES];
    for (int i = 0; i < bits.length && first + stride * i < values.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[first + stride * i]);
    }
    return bits;
  }

  static IntVector load(int[] lanes) {
    return IntVector.fromArray(VectorBlocks.INTS, lanes, 0);
  }

  /** Which of four ranges x lies in: how many of {@code low < middle < high} are below x. */
  static IntVector quarter(FloatVector x, float middle, float low, float high) {
    VectorMask<Float> upper = x.compare(VectorOperators.GT, middle);
    FloatVector next = FloatVector.broadcast(VectorBlocks.FLOATS, low).blend(high, upper);
    VectorMask<Float> right = x.compare(VectorOperators.GT, next);
    return IntVector.zero(VectorBlocks.INTS)
        .blend(2, upper.cast(VectorBlocks.INTS))
        .add(1, right.cast(VectorBlocks.INTS));
  }

  /** Twice the index, plus one where x exceeds the boundary that splits its range. */
  static IntVector refine(FloatVector x, IntVector index, IntVector boundaries) {
    FloatVector boundary = index.selectFrom(boundaries).reinterpretAsFloats();
    VectorMask<Float> right = x.compare(VectorOperators.GT, boundary);
    return index.add(index).add(1, right.cast(VectorBlocks.INTS));
  }

  /** Levels of codes below 16: {@code low} those of codes 0 to 7, {@code high} of the others. */
  static FloatVector level(IntVector code, IntVector low, IntVector high) {
    IntVector below = code.selectFrom(low);
    IntVector above = code.selectFrom(high);
    return below.blend(above, code.compare(VectorOperators.GT, 7)).reinterpretAsFloats();
  }
}
