package org.quadrille.kernels.cpu;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Decodes packed codes of 2, 3 and 4 bits in registers, eight weights at a time: a word of codes in
 * every lane, shifted by another amount in each, selects from tables of levels that were multiplied
 * by the scale of the block. So a weight is exactly what {@link ScalarPacked#decode} gives.
 *
 * <p>Other widths, blocks that are no multiple of 16, pieces that do not start with a byte, and
 * hardware of less than 256 bits take the way over unpacked codes.
 */
final class VectorPacked {
  /** Weights per step of the loops. */
  static final int STEP = 16;

  /** Whether one instruction selects from two tables. */
  static final boolean TWO_TABLES = VectorWidth.BITS >= 512;

  private static final boolean WIDE_ENOUGH = VectorWidth.BITS >= 256;

  /** Where the codes of 4 bits lie in a word, and their highest bits. */
  static final int[] NIBBLES = {0, 4, 8, 12, 16, 20, 24, 28};

  static final int[] HIGH_BITS = {
    1 << 3, 1 << 7, 1 << 11, 1 << 15, 1 << 19, 1 << 23, 1 << 27, 1 << 31
  };

  /** Where the first and the last eight codes of 2 bits lie in a word. */
  static final int[] FIRST_PAIRS = {0, 2, 4, 6, 8, 10, 12, 14};

  static final int[] LAST_PAIRS = {16, 18, 20, 22, 24, 26, 28, 30};

  private VectorPacked() {}

  /** Whether the loops here handle such codes and blocks at all. */
  static boolean fits(PackedMatrix a) {
    return WIDE_ENOUGH && a.bits() >= 2 && a.bits() <= 4 && a.blockSize() % STEP == 0;
  }

  /** Whether a code begins with a byte, or with one half of a group of bit planes. */
  static boolean isAligned(int bits, long first) {
    return first % (bits == 3 ? STEP : 8 / bits) == 0;
  }

  /** Weights {@code col <= j < col + count} of a row, as {@link Kernels#decodePacked}. */
  static void decode(PackedMatrix a, int row, int col, int count, float[] out, int at) {
    long first = (long) row * a.cols() + col;
    int skipped = PackedBlocks.inBlock(a, row, col);
    int blockSize = a.blockSize();
    if (!fits(a) || skipped % STEP != 0 || !isAligned(a.bits(), first)) {
      byUnpacking(a, row, col, count, out, at);
      return;
    }
    PackedSpace space = PackedSpace.ofThisThread();
    PackedBlocks.scales(
        a, PackedBlocks.block(a, row, col), Math.ceilDiv(skipped + count, blockSize), space);
    int block = 0;
    int done = 0;
    if (skipped > 0) {
      // the rest of a block that has begun before
      done = Math.min(count, blockSize - skipped) / STEP * STEP;
      blocks(a, first, 1, done, space, 0, out, at);
      block = done == blockSize - skipped ? 1 : 0;
    }
    if (skipped == 0 || block == 1) {
      int whole = (count - done) / blockSize;
      blocks(a, first + done, whole, blockSize, space, block, out, at + done);
      block += whole;
      done += whole * blockSize;
      int rest = (count - done) / STEP * STEP;
      if (rest > 0) {
        blocks(a, first + done, 1, rest, space, block, out, at + done);
        done += rest;
      }
    }
    if (done < count) {
      tail(a, first + done, count - done, space, block, out, at + done);
    }
  }

  /** Fewer weights of one block than a step has. */
  static void tail(
      PackedMatrix a, long first, int count, PackedSpace space, int block, float[] out, int at) {
    space.ofCodes(count);
    PackedCodes.unpack(a.bits(), a.codes(), first, count, space.bytes, 0);
    float zero = a.zeroCodes() == null ? 0 : space.zeros[block];
    for (int i = 0; i < count; i++) {
      out[at + i] = (a.levels()[space.bytes[i] & 0xff] - zero) * space.scales[block];
    }
  }

  private static void byUnpacking(
      PackedMatrix a, int row, int col, int count, float[] out, int at) {
    int skipped = PackedBlocks.inBlock(a, row, col);
    int blockSize = a.blockSize();
    if (a.zeroCodes() != null) {
      ScalarPacked.decode(a, row, col, count, out, at);
      return;
    }
    PackedSpace space = PackedSpace.ofThisThread();
    PackedBlocks.scales(
        a, PackedBlocks.block(a, row, col), Math.ceilDiv(skipped + count, blockSize), space);
    space.ofCodes(count);
    byte[] codes = space.bytes;
    PackedCodes.unpack(a.bits(), a.codes(), (long) row * a.cols() + col, count, codes, 0);
    // a piece may begin inside a block: that remainder is a block of its own
    int head = skipped == 0 ? 0 : Math.min(count, blockSize - skipped);
    float[] levels = a.levels();
    float[] scales = space.scales;
    VectorBlocks.dequantize(head, blockSize, codes, 0, scales, 0, levels, out, at);
    int rest = head == 0 ? 0 : 1;
    VectorBlocks.dequantize(
        count - head, blockSize, codes, head, scales, rest, levels, out, at + head);
  }

  /** Whole blocks, or pieces of them that are a multiple of the step. */
  private static void blocks(
      PackedMatrix a,
      long first,
      int blocks,
      int size,
      PackedSpace space,
      int block,
      float[] out,
      int at) {
    float[] zeros = a.zeroCodes() == null ? null : space.zeros;
    float[] scales = space.scales;
    switch (a.bits()) {
      case 2 -> two(a.codes(), first, blocks, size, scales, zeros, block, a.levels(), out, at);
      case 3 -> three(a.codes(), first, blocks, size, scales, zeros, block, a.levels(), out, at);
      default -> four(a.codes(), first, blocks, size, scales, zeros, block, a.levels(), out, at);
    }
  }

  private static void four(
      MemorySegment codes,
      long first,
      int blocks,
      int size,
      float[] scales,
      float[] zeros,
      int block,
      float[] levels,
      float[] out,
      int at) {
    IntVector shifts = IntVector.fromArray(VectorBlocks.INTS, NIBBLES, 0);
    IntVector highBits = IntVector.fromArray(VectorBlocks.INTS, HIGH_BITS, 0);
    FloatVector lowLevels = FloatVector.fromArray(VectorBlocks.FLOATS, levels, 0);
    FloatVector highLevels = FloatVector.fromArray(VectorBlocks.FLOATS, levels, 8);
    for (int b = 0; b < blocks; b++) {
      float zero = zeros == null ? 0 : zeros[block + b];
      float scale = scales[block + b];
      IntVector low = lowLevels.sub(zero).mul(scale).reinterpretAsInts();
      IntVector high = highLevels.sub(zero).mul(scale).reinterpretAsInts();
      for (int i = b * size; i < b * size + size; i += STEP) {
        long byteAt = (first + i) >> 1;
        IntVector u = IntVector.broadcast(VectorBlocks.INTS, codes.get(PackedCodes.INT, byteAt));
        select(u, shifts, highBits, low, high).intoArray(out, at + i);
        IntVector v =
            IntVector.broadcast(VectorBlocks.INTS, codes.get(PackedCodes.INT, byteAt + 4));
        select(v, shifts, highBits, low, high).intoArray(out, at + i + 8);
      }
    }
  }

  /** What eight codes of 4 bits select from sixteen levels. A lane uses the lowest bits only. */
  static FloatVector select(
      IntVector word, IntVector shifts, IntVector highBits, IntVector low, IntVector high) {
    IntVector index = word.lanewise(VectorOperators.LSHR, shifts);
    if (TWO_TABLES) {
      return index.selectFrom(low, high).reinterpretAsFloats();
    }
    return index
        .selectFrom(high)
        .blend(index.selectFrom(low), word.and(highBits).compare(VectorOperators.EQ, 0))
        .reinterpretAsFloats();
  }

  private static void three(
      MemorySegment codes,
      long first,
      int blocks,
      int size,
      float[] scales,
      float[] zeros,
      int block,
      float[] levels,
      float[] out,
      int at) {
    IntVector shifts = IntVector.fromArray(VectorBlocks.INTS, NIBBLES, 0);
    FloatVector table = FloatVector.fromArray(VectorBlocks.FLOATS, levels, 0);
    for (int b = 0; b < blocks; b++) {
      float zero = zeros == null ? 0 : zeros[block + b];
      IntVector scaled = table.sub(zero).mul(scales[block + b]).reinterpretAsInts();
      for (int i = b * size; i < b * size + size; i += STEP) {
        long nibbles = nibbles(codes, first + i);
        select(IntVector.broadcast(VectorBlocks.INTS, (int) nibbles), shifts, scaled)
            .intoArray(out, at + i);
        select(IntVector.broadcast(VectorBlocks.INTS, (int) (nibbles >>> 32)), shifts, scaled)
            .intoArray(out, at + i + 8);
      }
    }
  }

  /** Sixteen codes of 3 bits, from bit planes to 4 bits each. */
  static long nibbles(MemorySegment codes, long first) {
    long at = (first >> 5) * 12 + ((first >> 3) & 2);
    return Long.expand(codes.get(PackedCodes.SHORT, at), 0x1111111111111111L)
        | Long.expand(codes.get(PackedCodes.SHORT, at + 4), 0x2222222222222222L)
        | Long.expand(codes.get(PackedCodes.SHORT, at + 8), 0x4444444444444444L);
  }

  private static void two(
      MemorySegment codes,
      long first,
      int blocks,
      int size,
      float[] scales,
      float[] zeros,
      int block,
      float[] levels,
      float[] out,
      int at) {
    IntVector firstPairs = IntVector.fromArray(VectorBlocks.INTS, FIRST_PAIRS, 0);
    IntVector lastPairs = IntVector.fromArray(VectorBlocks.INTS, LAST_PAIRS, 0);
    FloatVector table = FloatVector.fromArray(VectorBlocks.FLOATS, twice(levels), 0);
    for (int b = 0; b < blocks; b++) {
      float zero = zeros == null ? 0 : zeros[block + b];
      IntVector scaled = table.sub(zero).mul(scales[block + b]).reinterpretAsInts();
      for (int i = b * size; i < b * size + size; i += STEP) {
        int word = codes.get(PackedCodes.INT, (first + i) >> 2);
        IntVector w = IntVector.broadcast(VectorBlocks.INTS, word);
        select(w, firstPairs, scaled).intoArray(out, at + i);
        select(w, lastPairs, scaled).intoArray(out, at + i + 8);
      }
    }
  }

  /** Four levels twice, so that the bit above a code of 2 bits does not matter. */
  static float[] twice(float[] levels) {
    return new float[] {
      levels[0], levels[1], levels[2], levels[3], levels[0], levels[1], levels[2], levels[3]
    };
  }

  /** What eight codes select from eight levels. */
  static FloatVector select(IntVector word, IntVector shifts, IntVector table) {
    return word.lanewise(VectorOperators.LSHR, shifts).selectFrom(table).reinterpretAsFloats();
  }
}
