package org.quadrille.quant;

import java.util.Arrays;

/**
 * The 256 levels of bitsandbytes' signed "dynamic" 8-bit type, which quantizes block scales: a
 * sign, a unary decimal exponent of up to seven places, and the remaining bits as equispaced
 * fraction (T. Dettmers, "8-Bit Approximations for Parallelism in Deep Learning", 2016).
 *
 * <p>All in single precision with fused multiply-add, as the stored maps were computed.
 */
final class DynamicMap {
  private static final int EXPONENTS = 7;

  private DynamicMap() {}

  static Codebook codebook() {
    double[] levels = new double[256];
    int count = 0;
    for (int i = 0; i < EXPONENTS; i++) {
      float[] edges = linearSpace((1 << i) + 1);
      float power = (float) Math.pow(10, i - (EXPONENTS - 1));
      for (int j = 0; j + 1 < edges.length; j++) {
        float level = power * ((edges[j] + edges[j + 1]) / 2);
        levels[count++] = level;
        levels[count++] = -level;
      }
    }
    levels[count++] = 0;
    levels[count++] = 1;
    if (count != levels.length) {
      throw new IllegalStateException(count + " levels, expected " + levels.length);
    }
    Arrays.sort(levels);
    return Codebook.named("dynamic8", levels);
  }

  /** Numbers from 0.1 to 1, the upper half counted back from the end as torch.linspace does. */
  private static float[] linearSpace(int count) {
    float first = 0.1f;
    float last = 1f;
    float step = (last - first) / (count - 1);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i < count / 2 ? Math.fma(step, i, first) : Math.fma(-step, count - 1 - i, last);
    }
    return values;
  }
}
