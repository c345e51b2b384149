package org.quadrille.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TieredKernelsTest {
  private static final int N = 161;

  private final Kernels plain = KernelProvider.scalar();
  private final Random random = new Random(3);
  private final float[] a = floats();
  private final float[] b = floats();

  @BeforeEach
  void simdOnly() {
    assumeTrue(KernelProvider.simd().isPresent(), KernelProvider::simdUnavailableReason);
  }

  private float[] floats() {
    float[] values = new float[N * N];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  @Test
  void productsKeepTheirBitsAcrossTheChange() {
    Kernels tiered = new TieredKernels();
    float[] expected = new float[N * N];
    plain.gemm(N, N, N, 1, a, 0, N, 1, b, 0, N, 1, 0, expected, 0, N, 1);
    // Beyond the limit: plain loops first, SIMD at the end.
    long calls = TieredKernels.GEMM_LIMIT / ((long) N * N * N) + 3;
    for (int call = 0; call < calls; call++) {
      float[] c = new float[N * N];
      tiered.gemm(N, N, N, 1, a, 0, N, 1, b, 0, N, 1, 0, c, 0, N, 1);
      assertArrayEquals(expected, c);
    }
  }

  @Test
  void vectorProductsKeepTheirBitsAcrossTheChange() {
    Kernels tiered = new TieredKernels();
    float[] expected = new float[N];
    plain.gemv(N, N, 1, a, 0, N, 1, b, 0, 1, 0, expected, 0, 1);
    float dot = plain.dot(N * N, a, 0, 1, b, 0, 1);
    long calls = TieredKernels.VECTOR_LIMIT / ((long) N * N) + 3;
    for (int call = 0; call < calls; call++) {
      float[] y = new float[N];
      tiered.gemv(N, N, 1, a, 0, N, 1, b, 0, 1, 0, y, 0, 1);
      assertArrayEquals(expected, y);
      assertEquals(dot, tiered.dot(N * N, a, 0, 1, b, 0, 1));
    }
  }

  @Test
  void automaticChoiceIsTieredAndExplicitOneIsNot() {
    assumeTrue(System.getProperty(KernelProvider.BACKEND_PROPERTY) == null);
    assertInstanceOf(TieredKernels.class, KernelProvider.active());
    assertEquals(VectorKernels.class, KernelProvider.simd().orElseThrow().getClass());
    assertEquals("simd", KernelProvider.active().name());
  }
}
