package org.quadrille.kernels.gpu;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Arithmetic for its own sake, to measure what a device can do at most. */
final class PeakKernels {
  /** Multiplications and additions of one work item. */
  static final int FLOPS = 4096 * 8 * 2;

  private PeakKernels() {}

  /** Eight independent chains of multiply-adds that converge to 1. */
  static void multiplyAdds(KernelContext c, FloatArray out) {
    int i = c.globalIdx;
    float a = i * 1e-9f;
    float x0 = a;
    float x1 = a + 1f;
    float x2 = a + 2f;
    float x3 = a + 3f;
    float x4 = a + 4f;
    float x5 = a + 5f;
    float x6 = a + 6f;
    float x7 = a + 7f;
    for (int l = 0; l < 4096; l++) {
      x0 = x0 * 0.5f + 0.5f;
      x1 = x1 * 0.5f + 0.5f;
      x2 = x2 * 0.5f + 0.5f;
      x3 = x3 * 0.5f + 0.5f;
      x4 = x4 * 0.5f + 0.5f;
      x5 = x5 * 0.5f + 0.5f;
      x6 = x6 * 0.5f + 0.5f;
      x7 = x7 * 0.5f + 0.5f;
    }
    out.set(i, (x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7) / 8f);
  }
}
