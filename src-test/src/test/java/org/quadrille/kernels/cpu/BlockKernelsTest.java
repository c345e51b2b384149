package org.quadrille.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The SIMD block loops against the scalar ones: equal bits, nothing written outside. */
class BlockKernelsTest {
  private static final Kernels SCALAR = KernelProvider.scalar();
  private static final Kernels SIMD = KernelProvider.simd().orElseThrow();
  private static final float GUARD = 12345f;

  private static float[] boundaries(Random random, int bits) {
    int used = (1 << bits) - 1 - random.nextInt(2);
    float[] boundaries = new float[(1 << bits) - 1];
    Arrays.fill(boundaries, Float.POSITIVE_INFINITY);
    // sometimes so close together that several fall into one bucket of a table search
    float width = random.nextInt(3) == 0 ? 1e-3f : 2f;
    for (int i = 0; i < used; i++) {
      boundaries[i] = (random.nextFloat() - 0.5f) * width;
    }
    if (used > 1) {
      boundaries[0] = random.nextBoolean() ? 0f : -0f;
    }
    Arrays.sort(boundaries);
    return boundaries;
  }

  private static float[] values(Random random, int n, float[] boundaries, float[] scales, int b) {
    float[] a = new float[n];
    for (int i = 0; i < n; i++) {
      float scale = scales[i / b];
      a[i] =
          switch (random.nextInt(8)) {
            case 0 -> boundaries[random.nextInt(boundaries.length)] * scale; // ties
            case 1 -> random.nextBoolean() ? 0f : -0f;
            case 2 -> Float.MIN_VALUE * random.nextInt(100);
            case 3 -> (random.nextFloat() - 0.5f) * Float.MAX_VALUE; // quotients overflow
            default -> (float) random.nextGaussian() * scale;
          };
      a[i] = Float.isFinite(a[i]) ? a[i] : 1f;
    }
    return a;
  }

  @Property(tries = 400)
  void simdAndScalarGiveTheSameBits(
      @ForAll @IntRange(min = 1, max = 8) int bits,
      @ForAll @IntRange(min = 1, max = 70) int blockSize,
      @ForAll @IntRange(max = 300) int n,
      @ForAll @IntRange(max = 3) int offset,
      @ForAll long seed) {
    Random random = new Random(seed);
    float[] boundaries = boundaries(random, bits);
    float[] levels = new float[1 << bits];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = random.nextFloat() * 2 - 1;
    }
    int blocks = Math.ceilDiv(n, blockSize);
    float[] scales = new float[blocks + offset];
    float[] ofBlocks = new float[blocks + 1];
    for (int i = 0; i < blocks; i++) {
      float[] choices = {0f, Float.MIN_VALUE, 1e-30f, 0.02f, 1f, 1e30f};
      ofBlocks[i] = choices[random.nextInt(choices.length)];
      scales[offset + i] = ofBlocks[i];
    }
    float[] a = new float[n + offset];
    System.arraycopy(values(random, n, boundaries, ofBlocks, blockSize), 0, a, offset, n);

    float[] expectedMaxima = new float[blocks + 1];
    float[] maxima = new float[blocks + 1];
    SCALAR.blockMaxima(n, blockSize, a, offset, expectedMaxima, 1);
    SIMD.blockMaxima(n, blockSize, a, offset, maxima, 1);
    assertArrayEquals(expectedMaxima, maxima);

    byte[] expectedCodes = new byte[n + offset + 1];
    byte[] codes = new byte[n + offset + 1];
    SCALAR.quantizeBlocks(
        n, blockSize, a, offset, scales, offset, boundaries, expectedCodes, offset);
    SIMD.quantizeBlocks(n, blockSize, a, offset, scales, offset, boundaries, codes, offset);
    assertArrayEquals(expectedCodes, codes);

    float[] expected = guarded(n + offset + 1);
    float[] out = guarded(n + offset + 1);
    SCALAR.dequantizeBlocks(n, blockSize, codes, offset, scales, offset, levels, expected, offset);
    SIMD.dequantizeBlocks(n, blockSize, codes, offset, scales, offset, levels, out, offset);
    assertArrayEquals(expected, out);

    float[] rounded = guarded(n + offset + 1);
    double expectedError =
        SCALAR.roundBlocks(
            n, blockSize, a, offset, scales, offset, boundaries, levels, rounded, offset);
    assertArrayEquals(expected, rounded);
    Arrays.fill(out, GUARD);
    double error =
        SIMD.roundBlocks(n, blockSize, a, offset, scales, offset, boundaries, levels, out, offset);
    assertArrayEquals(expected, out);
    assertEquals(expectedError, error);

    if (levels.length >= 4 && levels.length <= 16) {
      double sum = SCALAR.blockErrors(n, blockSize, a, offset, scales, offset, boundaries, levels);
      assertEquals(
          sum, SIMD.blockErrors(n, blockSize, a, offset, scales, offset, boundaries, levels));
    }
  }

  private static float[] guarded(int length) {
    float[] array = new float[length];
    Arrays.fill(array, GUARD);
    return array;
  }

  @Test
  void codesCountBoundariesStrictlyBelow() {
    Random random = new Random(5);
    for (int bits = 1; bits <= 8; bits++) {
      float[] boundaries = boundaries(random, bits);
      float[] scales = {1f};
      float[] a = values(random, 500, boundaries, scales, 500);
      byte[] codes = new byte[500];
      for (Kernels kernels : new Kernels[] {SCALAR, SIMD}) {
        kernels.quantizeBlocks(500, 500, a, 0, scales, 0, boundaries, codes, 0);
        for (int i = 0; i < a.length; i++) {
          int below = 0;
          for (float boundary : boundaries) {
            below += a[i] > boundary ? 1 : 0;
          }
          assertEquals(below, codes[i] & 0xff, kernels.name() + " " + a[i]);
        }
      }
    }
  }

  @Test
  void maximaShowWhatIsNotFinite() {
    float[] a = new float[40];
    a[3] = Float.NEGATIVE_INFINITY;
    a[17] = Float.NaN;
    a[18] = Float.POSITIVE_INFINITY;
    a[35] = -2;
    for (Kernels kernels : new Kernels[] {SCALAR, SIMD}) {
      float[] maxima = new float[3];
      kernels.blockMaxima(40, 16, a, 0, maxima, 0);
      assertArrayEquals(new float[] {Float.POSITIVE_INFINITY, Float.NaN, 2f}, maxima);
    }
  }

  @Test
  void roundingInPlaceGivesTheSameBits() {
    Random random = new Random(6);
    float[] boundaries = {-0.5f, 0.1f, 0.6f};
    float[] levels = {-1f, 0f, 0.3f, 1f};
    float[] scales = {1f, 0.5f, 2f};
    float[] a = values(random, 50, boundaries, scales, 20);
    float[] out = new float[50];
    for (Kernels kernels : new Kernels[] {SCALAR, SIMD}) {
      double error = kernels.roundBlocks(50, 20, a, 0, scales, 0, boundaries, levels, out, 0);
      float[] inPlace = a.clone();
      double same =
          kernels.roundBlocks(50, 20, inPlace, 0, scales, 0, boundaries, levels, inPlace, 0);
      assertEquals(error, same);
      assertArrayEquals(out, inPlace);
    }
  }

  @Test
  void errorsAreThoseOfRoundingWhereBoundariesLieBetweenLevels() {
    Random random = new Random(7);
    for (int bits = 2; bits <= 4; bits++) {
      float[] levels = new float[1 << bits];
      for (int i = 0; i < levels.length; i++) {
        levels[i] = random.nextFloat() * 2 - 1;
      }
      Arrays.sort(levels);
      float[] boundaries = new float[levels.length - 1];
      for (int i = 0; i < boundaries.length; i++) {
        boundaries[i] = (levels[i] + levels[i + 1]) / 2;
      }
      float[] scales = {1f, 0f, 0.03f, 1e-20f, 7f};
      float[] a = new float[300];
      double largest = 0;
      for (int i = 0; i < a.length; i++) {
        // some on boundaries: both levels are as near
        a[i] =
            i % 5 == 0
                ? boundaries[random.nextInt(boundaries.length)] * scales[i / 64]
                : (float) random.nextGaussian() * scales[i / 64];
        largest += (double) a[i] * a[i];
      }
      float[] out = new float[a.length];
      for (Kernels kernels : new Kernels[] {SCALAR, SIMD}) {
        double expected = kernels.roundBlocks(300, 64, a, 0, scales, 0, boundaries, levels, out, 0);
        double sum = kernels.blockErrors(300, 64, a, 0, scales, 0, boundaries, levels);
        assertEquals(expected, sum, 1e-6 * largest);
      }
    }
  }
}
