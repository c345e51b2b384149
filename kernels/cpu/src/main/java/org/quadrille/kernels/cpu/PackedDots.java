package org.quadrille.kernels.cpu;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The inner loops of {@link PackedGemv}: one row of packed codes times a vector, decoded as {@link
 * VectorPacked} does and never written to memory. Written out, since the compiler inlines only so
 * much.
 */
final class PackedDots {
  /** Weights per step of the loops, all of one block. */
  static final int STEP = 32;

  private PackedDots() {}

  /**
   * Partial sums of a row: column j belongs to number {@code j mod 16}.
   *
   * @param first number of the first code, aligned
   * @param n columns, a multiple of the step
   * @param scales one per block
   * @param scalesAt index of that of the first block
   * @param sums written
   */
  static void row(
      PackedMatrix a, long first, int n, float[] scales, int scalesAt, float[] x, float[] sums) {
    int shift = Integer.numberOfTrailingZeros(a.blockSize());
    switch (a.bits()) {
      case 2 ->
          two(
              a.codes(),
              first,
              n,
              scales,
              scalesAt,
              shift,
              VectorPacked.twice(a.levels()),
              x,
              sums);
      case 3 -> three(a.codes(), first, n, scales, scalesAt, shift, a.levels(), x, sums);
      default -> four(a.codes(), first, n, a.blockSize(), scales, scalesAt, a.levels(), x, sums);
    }
  }

  private static void store(FloatVector even, FloatVector odd, float[] sums) {
    // times one: a receiver of known class keeps the stores intrinsic
    FloatVector one = FloatVector.broadcast(VectorBlocks.FLOATS, 1);
    one.lanewise(VectorOperators.MUL, even).intoArray(sums, 0);
    one.lanewise(VectorOperators.MUL, odd).intoArray(sums, VectorBlocks.LANES);
  }

  private static void four(
      MemorySegment codes,
      long first,
      int n,
      int size,
      float[] scales,
      int scalesAt,
      float[] levels,
      float[] x,
      float[] sums) {
    IntVector shifts = IntVector.fromArray(VectorBlocks.INTS, VectorPacked.NIBBLES, 0);
    IntVector highBits = IntVector.fromArray(VectorBlocks.INTS, VectorPacked.HIGH_BITS, 0);
    FloatVector lowLevels = FloatVector.fromArray(VectorBlocks.FLOATS, levels, 0);
    FloatVector highLevels = FloatVector.fromArray(VectorBlocks.FLOATS, levels, 8);
    FloatVector even = FloatVector.zero(VectorBlocks.FLOATS);
    FloatVector odd = even;
    long from = first >> 1;
    for (int start = 0; start < n; start += size) {
      float scale = scales[scalesAt++];
      IntVector low = lowLevels.mul(scale).reinterpretAsInts();
      IntVector high = highLevels.mul(scale).reinterpretAsInts();
      int end = Math.min(n, start + size);
      for (int j = start; j < end; j += 16) {
        long at = from + (j >> 1);
        IntVector w0 = IntVector.broadcast(VectorBlocks.INTS, codes.get(PackedCodes.INT, at));
        IntVector i0 = w0.lanewise(VectorOperators.LSHR, shifts);
        even =
            i0.selectFrom(high)
                .blend(i0.selectFrom(low), w0.and(highBits).compare(VectorOperators.EQ, 0))
                .reinterpretAsFloats()
                .lanewise(
                    VectorOperators.FMA, FloatVector.fromArray(VectorBlocks.FLOATS, x, j), even);
        IntVector w1 = IntVector.broadcast(VectorBlocks.INTS, codes.get(PackedCodes.INT, at + 4));
        IntVector i1 = w1.lanewise(VectorOperators.LSHR, shifts);
        odd =
            i1.selectFrom(high)
                .blend(i1.selectFrom(low), w1.and(highBits).compare(VectorOperators.EQ, 0))
                .reinterpretAsFloats()
                .lanewise(
                    VectorOperators.FMA, FloatVector.fromArray(VectorBlocks.FLOATS, x, j + 8), odd);
      }
    }
    store(even, odd, sums);
  }

  private static void three(
      MemorySegment codes,
      long first,
      int n,
      float[] scales,
      int scalesAt,
      int shift,
      float[] levels,
      float[] x,
      float[] sums) {
    IntVector shifts = IntVector.fromArray(VectorBlocks.INTS, VectorPacked.NIBBLES, 0);
    FloatVector table = FloatVector.fromArray(VectorBlocks.FLOATS, levels, 0);
    FloatVector even = FloatVector.zero(VectorBlocks.FLOATS);
    FloatVector odd = even;
    for (int j = 0; j < n; j += STEP) {
      int block = scalesAt + (j >> shift);
      IntVector scaled = table.mul(scales[block]).reinterpretAsInts();
      long u = VectorPacked.nibbles(codes, first + j);
      long v = VectorPacked.nibbles(codes, first + j + 16);
      IntVector w0 = IntVector.broadcast(VectorBlocks.INTS, (int) u);
      even =
          w0.lanewise(VectorOperators.LSHR, shifts)
              .selectFrom(scaled)
              .reinterpretAsFloats()
              .lanewise(
                  VectorOperators.FMA, FloatVector.fromArray(VectorBlocks.FLOATS, x, j), even);
      IntVector w1 = IntVector.broadcast(VectorBlocks.INTS, (int) (u >>> 32));
      odd =
          w1.lanewise(VectorOperators.LSHR, shifts)
              .selectFrom(scaled)
              .reinterpretAsFloats()
              .lanewise(
                  VectorOperators.FMA, FloatVector.fromArray(VectorBlocks.FLOATS, x, j + 8), odd);
      IntVector w2 = IntVector.broadcast(VectorBlocks.INTS, (int) v);
      even =
          w2.lanewise(VectorOperators.LSHR, shifts)
              .selectFrom(scaled)
              .reinterpretAsFloats()
              .lanewise(
                  VectorOperators.FMA, FloatVector.fromArray(VectorBlocks.FLOATS, x, j + 16), even);
      IntVector w3 = IntVector.broadcast(VectorBlocks.INTS, (int) (v >>> 32));
      odd =
          w3.lanewise(VectorOperators.LSHR, shifts)
              .selectFrom(scaled)
              .reinterpretAsFloats()
              .lanewise(
                  VectorOperators.FMA, FloatVector.fromArray(VectorBlocks.FLOATS, x, j + 24), odd);
    }
    store(even, odd, sums);
  }

  private static void two(
      MemorySegment codes,
      long first,
      int n,
      float[] scales,
      int scalesAt,
      int shift,
      float[] levels,
      float[] x,
      float[] sums) {
    IntVector firstPairs = IntVector.fromArray(VectorBlocks.INTS, VectorPacked.FIRST_PAIRS, 0);
    IntVector lastPairs = IntVector.fromArray(VectorBlocks.INTS, VectorPacked.LAST_PAIRS, 0);
    FloatVector table = FloatVector.fromArray(VectorBlocks.FLOATS, levels, 0);
    FloatVector even = FloatVector.zero(VectorBlocks.FLOATS);
    FloatVector odd = even;
    long from = first >> 2;
    for (int j = 0; j < n; j += STEP) {
      int block = scalesAt + (j >> shift);
      IntVector scaled = table.mul(scales[block]).reinterpretAsInts();
      long at = from + (j >> 2);
      IntVector u = IntVector.broadcast(VectorBlocks.INTS, codes.get(PackedCodes.INT, at));
      IntVector v = IntVector.broadcast(VectorBlocks.INTS, codes.get(PackedCodes.INT, at + 4));
      even =
          u.lanewise(VectorOperators.LSHR, firstPairs)
              .selectFrom(scaled)
              .reinterpretAsFloats()
              .lanewise(
                  VectorOperators.FMA, FloatVector.fromArray(VectorBlocks.FLOATS, x, j), even);
      odd =
          u.lanewise(VectorOperators.LSHR, lastPairs)
              .selectFrom(scaled)
              .reinterpretAsFloats()
              .lanewise(
                  VectorOperators.FMA, FloatVector.fromArray(VectorBlocks.FLOATS, x, j + 8), odd);
      even =
          v.lanewise(VectorOperators.LSHR, firstPairs)
              .selectFrom(scaled)
              .reinterpretAsFloats()
              .lanewise(
                  VectorOperators.FMA, FloatVector.fromArray(VectorBlocks.FLOATS, x, j + 16), even);
      odd =
          v.lanewise(VectorOperators.LSHR, lastPairs)
              .selectFrom(scaled)
              .reinterpretAsFloats()
              .lanewise(
                  VectorOperators.FMA, FloatVector.fromArray(VectorBlocks.FLOATS, x, j + 24), odd);
    }
    store(even, odd, sums);
  }
}
