package org.quadrille.linalg;

import java.util.ArrayList;
import java.util.List;

/**
 * QR factorization by blocked Householder reflections in compact WY form.
 *
 * <p>A panel of columns is factored by {@link HouseholderPanel}; its reflections then reach the
 * rest of the matrix as matrix products ({@link BlockReflector}). The matrix is kept transposed, so
 * that its columns are contiguous.
 */
final class HouseholderQr {

  private final int m;
  private final int n;
  private final int p;
  private final DType dtype;

  /** The matrix, transposed: [n, m]. Holds R on and left of its diagonal in the end. */
  private final Tensor work;

  private final ReflectorSequence reflectors;

  /** Power of two that the matrix was divided by, so that no square overflows or vanishes. */
  private final double scale;

  /** Factors a copy of {@code a}, which must be a finite matrix. */
  HouseholderQr(Tensor a) {
    m = a.size(0);
    n = a.size(1);
    p = Math.min(m, n);
    dtype = a.dtype();
    work = Tensor.zeros(dtype, n, m).assign(a.transpose());
    scale = PowerOfTwo.near(Norms.max(work));
    PowerOfTwo.divide(work, scale);
    List<ReflectorSequence.Part> parts = new ArrayList<>();
    for (int start = 0; start < p; start += ReflectorSequence.BLOCK) {
      int end = Math.min(p, start + ReflectorSequence.BLOCK);
      BlockReflector block = HouseholderPanel.factor(work.slice(0, start, end).slice(1, start, m));
      block.applyLeftTransposed(work.slice(0, end, n).slice(1, start, m).transpose());
      parts.add(new ReflectorSequence.Part(start, block));
    }
    reflectors = new ReflectorSequence(m, p, dtype, parts);
  }

  /** The orthogonal factor of shape [m, m] as the product of its reflections. */
  ReflectorSequence reflectors() {
    return reflectors;
  }

  /** The first min(m, n) columns of Q, transposed: contiguous of shape [min(m, n), m]. */
  Tensor thinTransposed() {
    return reflectors.firstColumns(p).transpose();
  }

  /** The upper triangular (or trapezoidal) factor, shape [min(m, n), n]. */
  Tensor triangle() {
    Tensor r = Tensor.zeros(dtype, p, n).assign(work.slice(1, 0, p).transpose());
    TriangularBlocks.clearBelowDiagonal(r);
    return PowerOfTwo.multiply(r, scale);
  }
}
