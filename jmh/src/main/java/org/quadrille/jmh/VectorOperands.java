package org.quadrille.jmh;

import java.util.Random;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;

/** Two vectors in both precisions, and the kernels to run on them. */
@State(Scope.Benchmark)
public class VectorOperands {

  /** scalar or simd. */
  @Param({"scalar", "simd"})
  public String backend;

  /** Elements: first-level cache, second-level cache, memory. */
  @Param({"1000", "4096", "50000", "10000000"})
  public int n;

  Kernels kernels;
  float[] xFloat;
  float[] yFloat;
  double[] xDouble;
  double[] yDouble;

  /** Draws the vectors and checks that both backends agree on them. */
  @Setup
  public void prepare() {
    Kernels scalar = KernelProvider.scalar();
    Kernels simd =
        KernelProvider.simd()
            .orElseThrow(() -> new IllegalStateException(KernelProvider.simdUnavailableReason()));
    kernels = backend.equals("simd") ? simd : scalar;
    Random random = new Random(n);
    xDouble = random.doubles(n, -1, 1).toArray();
    yDouble = random.doubles(n, -1, 1).toArray();
    xFloat = new float[n];
    yFloat = new float[n];
    for (int i = 0; i < n; i++) {
      xFloat[i] = (float) xDouble[i];
      yFloat[i] = (float) yDouble[i];
    }
    if (simd.dot(n, xFloat, 0, 1, yFloat, 0, 1) != scalar.dot(n, xFloat, 0, 1, yFloat, 0, 1)
        || simd.dot(n, xDouble, 0, 1, yDouble, 0, 1)
            != scalar.dot(n, xDouble, 0, 1, yDouble, 0, 1)) {
      throw new IllegalStateException("the backends disagree on a dot product of " + n);
    }
  }
}
