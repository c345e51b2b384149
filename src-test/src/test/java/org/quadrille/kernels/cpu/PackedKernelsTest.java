package org.quadrille.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Products with packed codes have the bits of the dense products with the decoded weights. */
class PackedKernelsTest {
  private static final Kernels SCALAR = KernelProvider.scalar();
  private static final Kernels SIMD = KernelProvider.simd().orElseThrow();
  private static final float GUARD = 12345f;

  private static MemorySegment segment(Random random, long bytes) {
    MemorySegment memory = Arena.ofAuto().allocate(Math.max(1, bytes));
    byte[] codes = new byte[(int) bytes];
    random.nextBytes(codes);
    MemorySegment.copy(codes, 0, memory, ValueLayout.JAVA_BYTE, 0, codes.length);
    return memory;
  }

  private static PackedMatrix matrix(
      Random random, int rows, int cols, int bits, int block, boolean aligned, boolean zeros) {
    boolean runs = aligned && cols % block != 0;
    int blockSize = Math.min(block, runs ? cols : rows * cols);
    long blocks =
        runs
            ? (long) rows * Math.ceilDiv(cols, blockSize)
            : Math.ceilDiv((long) rows * cols, (long) blockSize);
    float[] levels = new float[1 << bits];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = random.nextInt(9) == 0 ? 0 : random.nextFloat() * 2 - 1;
    }
    int scaleBits = 1 + random.nextInt(8);
    int blocksPerGroup = 1 + random.nextInt(20);
    float[] groupScales = new float[(int) Math.ceilDiv(blocks, (long) blocksPerGroup)];
    for (int i = 0; i < groupScales.length; i++) {
      groupScales[i] = random.nextInt(5) == 0 ? 0 : random.nextFloat();
    }
    return new PackedMatrix(
        rows,
        cols,
        bits,
        segment(random, PackedCodes.length(bits, (long) rows * cols)),
        levels,
        blockSize,
        runs,
        zeros ? segment(random, PackedCodes.length(bits, blocks)) : null,
        scaleBits,
        segment(random, PackedCodes.length(scaleBits, blocks)),
        groupScales,
        blocksPerGroup,
        random.nextInt(3) == 0 ? 0f : 0.125f);
  }

  /** The definition, weight by weight. */
  private static float[] decoded(PackedMatrix a) {
    byte[] codes = new byte[a.rows() * a.cols()];
    PackedCodes.unpack(a.bits(), a.codes(), 0, codes.length, codes, 0);
    float[] weights = new float[codes.length];
    for (int i = 0; i < codes.length; i++) {
      int block = (int) PackedBlocks.block(a, i / a.cols(), i % a.cols());
      byte[] code = new byte[1];
      PackedCodes.unpack(a.scaleBits(), a.scaleCodes(), block, 1, code, 0);
      float step = a.groupScales()[block / a.blocksPerGroup()] / ((1 << a.scaleBits()) - 1);
      float scale = Math.fma((float) (code[0] & 0xff), step, a.offset());
      float level = a.levels()[codes[i] & 0xff];
      if (a.zeroCodes() != null) {
        PackedCodes.unpack(a.bits(), a.zeroCodes(), block, 1, code, 0);
        level -= a.levels()[code[0] & 0xff];
      }
      weights[i] = level * scale;
    }
    return weights;
  }

  private static float[] random(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static void assertLikeDense(Kernels kernels, PackedMatrix a, Random random, int n) {
    int rows = a.rows();
    int cols = a.cols();
    String name = kernels.name() + " " + kernels.lanesFloat() + " " + a;
    float[] w = decoded(a);
    float[] out = new float[rows * cols + 2];
    Arrays.fill(out, GUARD);
    for (int row = 0; row < rows; row++) {
      kernels.decodePacked(a, row, 0, cols, out, 1 + row * cols);
    }
    assertArrayEquals(w, Arrays.copyOfRange(out, 1, 1 + w.length), name);
    assertEquals(GUARD, out[0]);
    assertEquals(GUARD, out[w.length + 1]);
    int row = random.nextInt(rows);
    int col = random.nextInt(cols);
    int count = 1 + random.nextInt(cols - col);
    float[] piece = new float[count];
    kernels.decodePacked(a, row, col, count, piece, 0);
    int first = row * cols + col;
    assertArrayEquals(Arrays.copyOfRange(w, first, first + count), piece, name);

    float[] x = random(random, 2 * Math.max(rows, cols) * n + 1);
    int longer = Math.max(rows, cols);
    float[] expected = new float[2 * longer * n + 2];
    float[] given = new float[expected.length];
    SCALAR.gemv(rows, cols, 1, w, 0, cols, 1, x, 1, 2, 0, expected, 1, 2);
    kernels.gemvPacked(a, x, 1, 2, given, 1, 2);
    assertArrayEquals(expected, given, name);
    Arrays.fill(expected, GUARD);
    Arrays.fill(given, GUARD);
    SCALAR.gemv(cols, rows, 1, w, 0, 1, cols, x, 0, 1, 0, expected, 1, 1);
    kernels.gemvPackedTransposed(a, x, 0, 1, given, 1, 1);
    assertArrayEquals(expected, given, name);
    Arrays.fill(expected, GUARD);
    Arrays.fill(given, GUARD);
    SCALAR.gemm(rows, n, cols, 1, w, 0, cols, 1, x, 1, n, 1, 0, expected, 1, n, 1);
    kernels.gemmPacked(n, a, x, 1, n, 1, given, 1, n, 1);
    assertArrayEquals(expected, given, name);
    // operand and result in columns
    SCALAR.gemm(rows, n, cols, 1, w, 0, cols, 1, x, 1, 1, cols, 0, expected, 1, 1, rows);
    kernels.gemmPacked(n, a, x, 1, 1, cols, given, 1, 1, rows);
    assertArrayEquals(expected, given, name);
    Arrays.fill(expected, GUARD);
    Arrays.fill(given, GUARD);
    SCALAR.gemm(cols, n, rows, 1, w, 0, 1, cols, x, 0, n, 1, 0, expected, 0, n, 1);
    kernels.gemmPackedTransposed(n, a, x, 0, n, 1, given, 0, n, 1);
    assertArrayEquals(expected, given, name);
    SCALAR.gemm(cols, n, rows, 1, w, 0, 1, cols, x, 0, 1, rows, 0, expected, 0, 1, cols);
    kernels.gemmPackedTransposed(n, a, x, 0, 1, rows, given, 0, 1, cols);
    assertArrayEquals(expected, given, name);
  }

  @Property(tries = 150)
  void productsOfAnyShapeHaveTheBitsOfDenseOnes(
      @ForAll @IntRange(min = 1, max = 8) int bits,
      @ForAll @IntRange(min = 1, max = 40) int rows,
      @ForAll @IntRange(min = 1, max = 150) int cols,
      @ForAll @IntRange(min = 1, max = 70) int blockSize,
      @ForAll @IntRange(min = 1, max = 20) int n,
      @ForAll boolean aligned,
      @ForAll boolean zeros,
      @ForAll long seed) {
    Random random = new Random(seed);
    PackedMatrix a = matrix(random, rows, cols, bits, blockSize, aligned, zeros);
    assertLikeDense(SIMD, a, random, n);
    assertLikeDense(SCALAR, a, random, n);
  }

  @Property(tries = 60)
  void usualBlocksHaveTheBitsOfDenseOnes(
      @ForAll @IntRange(min = 2, max = 4) int bits,
      @ForAll @IntRange(min = 1, max = 50) int rows,
      @ForAll @IntRange(min = 1, max = 9) int units,
      @ForAll @IntRange(min = 4, max = 7) int blockLog2,
      @ForAll @IntRange(min = 1, max = 9) int n,
      @ForAll boolean zeros,
      @ForAll long seed) {
    Random random = new Random(seed);
    int cols = 32 * units + 4 * random.nextInt(2);
    PackedMatrix a = matrix(random, rows, cols, bits, 1 << blockLog2, random.nextBoolean(), zeros);
    for (Kernels kernels : NarrowKernels.all()) {
      if (kernels.lanesFloat() < 16 || rows * cols < 1000) {
        assertLikeDense(kernels, a, random, n);
      }
    }
  }

  @Test
  void anyNumberOfThreadsGivesTheSameBits() {
    Random random = new Random(7);
    for (int bits : new int[] {3, 4, 8}) {
      PackedMatrix a = matrix(random, 300, 640, bits, 64, false, false);
      float[] x = random(random, 640 * 7);
      float[][] y = new float[4][300 * 7];
      float[][] z = new float[4][640 * 7];
      for (int threads = 1; threads <= 4; threads++) {
        float[] yt = y[threads - 1];
        float[] zt = z[threads - 1];
        WorkerPool.of(threads)
            .run(
                () -> {
                  SIMD.gemvPacked(a, x, 0, 1, yt, 0, 7);
                  SIMD.gemmPacked(6, a, x, 0, 6, 1, yt, 1, 7, 1);
                  SIMD.gemvPackedTransposed(a, x, 0, 1, zt, 0, 7);
                  SIMD.gemmPackedTransposed(6, a, x, 0, 6, 1, zt, 1, 7, 1);
                });
        assertArrayEquals(y[0], yt);
        assertArrayEquals(z[0], zt);
      }
    }
  }

  @Property(tries = 200)
  void packingIsTheInverseOfUnpacking(
      @ForAll @IntRange(min = 1, max = 8) int bits,
      @ForAll @IntRange(max = 200) int count,
      @ForAll @IntRange(max = 3) int groups,
      @ForAll long seed) {
    Random random = new Random(seed);
    byte[] codes = new byte[count + 1];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) random.nextInt(1 << bits);
    }
    int first = groups * PackedCodes.ALIGNMENT;
    long length = PackedCodes.length(bits, first + count);
    MemorySegment memory = segment(random, length + 1);
    byte before = memory.get(ValueLayout.JAVA_BYTE, length);
    PackedCodes.pack(bits, codes, 1, count, memory, first);
    byte[] again = new byte[count + 1];
    again[0] = codes[0];
    PackedCodes.unpack(bits, memory, first, count, again, 1);
    assertArrayEquals(codes, again);
    assertEquals(before, memory.get(ValueLayout.JAVA_BYTE, length));
  }

  @Test
  void refusesMemoryOnTheHeapAndTooLittleOfIt() {
    Random random = new Random(8);
    PackedMatrix a = matrix(random, 3, 20, 4, 10, false, false);
    MemorySegment heap = MemorySegment.ofArray(new byte[30]);
    for (MemorySegment codes : new MemorySegment[] {heap, a.codes().asSlice(0, 29)}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> withCodes(a, codes)).getMessage();
      assertTrue(message.contains("expected 30 bytes of native memory"), message);
    }
  }

  private static PackedMatrix withCodes(PackedMatrix a, MemorySegment codes) {
    return new PackedMatrix(
        a.rows(),
        a.cols(),
        a.bits(),
        codes,
        a.levels(),
        a.blockSize(),
        a.alignedRows(),
        a.zeroCodes(),
        a.scaleBits(),
        a.scaleCodes(),
        a.groupScales(),
        a.blocksPerGroup(),
        a.offset());
  }
}
