package org.quadrille.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

/** Obvious definitions of what the library computes fast, and the comparisons tests share. */
final class SlowAlgebra {
  private SlowAlgebra() {}

  static Tensor random(long seed, int... shape) {
    int n = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    return GaussianMatrix.of(DType.F64, seed, 1, n).reshape(n).reshape(shape);
  }

  /** The same numbers at an offset and with gaps between rows and between columns. */
  static Tensor strided(Tensor a) {
    int rows = a.size(0);
    int cols = a.size(1);
    int[] strides = {2 * cols + 3, 2};
    Tensor view =
        a.dtype() == DType.F32
            ? Tensor.view(new float[5 + rows * strides[0] + 2], 5, new int[] {rows, cols}, strides)
            : Tensor.view(
                new double[5 + rows * strides[0] + 2], 5, new int[] {rows, cols}, strides);
    return view.assign(a);
  }

  static Tensor product(Tensor a, Tensor b) {
    Tensor c = Tensor.zeros(DType.F64, a.size(0), b.size(1));
    for (int i = 0; i < a.size(0); i++) {
      for (int j = 0; j < b.size(1); j++) {
        double sum = 0;
        for (int k = 0; k < a.size(1); k++) {
          sum += a.get(i, k) * b.get(k, j);
        }
        c.set(sum, i, j);
      }
    }
    return c;
  }

  static Tensor kronecker(Tensor a, Tensor b) {
    int r = b.size(0);
    int s = b.size(1);
    Tensor c = Tensor.zeros(DType.F64, a.size(0) * r, a.size(1) * s);
    for (int i = 0; i < c.size(0); i++) {
      for (int j = 0; j < c.size(1); j++) {
        c.set(a.get(i / r, j / s) * b.get(i % r, j % s), i, j);
      }
    }
    return c;
  }

  static Tensor identity(int n) {
    Tensor identity = Tensor.zeros(DType.F64, n, n);
    for (int i = 0; i < n; i++) {
      identity.set(1, i, i);
    }
    return identity;
  }

  /** U diag(sigma) V^T with random orthonormal U [m, r] and V [n, r]. */
  static Tensor withSpectrum(long seed, int m, int n, double... sigma) {
    Tensor u = Qr.decompose(random(2 * seed, m, sigma.length)).q();
    Tensor v = Qr.decompose(random(2 * seed + 1, n, sigma.length)).q();
    return new Svd(u, Tensor.of(sigma.clone(), sigma.length), v).reconstruct();
  }

  static void assertClose(Tensor expected, Tensor actual, double tolerance) {
    assertEquals(
        Arrays.toString(expected.shape()), Arrays.toString(actual.shape()), "shapes differ");
    double[] e = expected.toDoubles();
    double[] a = actual.toDoubles();
    for (int i = 0; i < e.length; i++) {
      assertTrue(
          Math.abs(e[i] - a[i]) <= tolerance,
          "element " + i + ": expected " + e[i] + ", got " + a[i] + ", tolerance " + tolerance);
    }
  }

  static void assertOrthonormalColumns(Tensor q, double tolerance) {
    Tensor wide = q.to(DType.F64);
    assertClose(identity(q.size(1)), product(wide.transpose(), wide), tolerance);
  }

  static void assertSameBits(Tensor expected, Tensor actual) {
    assertEquals(expected.dtype(), actual.dtype());
    double[] e = expected.toDoubles();
    double[] a = actual.toDoubles();
    assertEquals(e.length, a.length);
    for (int i = 0; i < e.length; i++) {
      assertEquals(
          Double.doubleToRawLongBits(e[i]), Double.doubleToRawLongBits(a[i]), "element " + i);
    }
  }
}
