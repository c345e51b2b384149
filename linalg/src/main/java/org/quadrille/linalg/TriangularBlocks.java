package org.quadrille.linalg;

import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;

/**
 * Solves and products with triangular matrices in place, by recursion on halves: two triangles of
 * half the size and one matrix product. Nothing is checked here; see {@link Triangular}.
 */
final class TriangularBlocks {

  /** Triangles up to this size are not cut further. */
  private static final int SMALL = 64;

  private TriangularBlocks() {}

  /** {@code X := T^-1 X}; x of shape [n, k], any strides; the other triangle is not read. */
  static void solve(Tensor t, boolean lower, boolean unitDiagonal, Tensor x) {
    int n = t.size(0);
    if (x.length() == 0) {
      return;
    }
    if (n <= SMALL) {
      substitute(t, lower, unitDiagonal, x);
      return;
    }
    int half = half(n);
    Tensor t11 = block(t, 0, half, 0, half);
    Tensor t22 = block(t, half, n, half, n);
    Tensor x1 = x.slice(0, 0, half);
    Tensor x2 = x.slice(0, half, n);
    if (lower) {
      solve(t11, true, unitDiagonal, x1);
      MatrixProduct.multiply(-1, block(t, half, n, 0, half), x1, 1, x2);
      solve(t22, true, unitDiagonal, x2);
    } else {
      solve(t22, false, unitDiagonal, x2);
      MatrixProduct.multiply(-1, block(t, 0, half, half, n), x2, 1, x1);
      solve(t11, false, unitDiagonal, x1);
    }
  }

  /** {@code X := T X}; x of shape [n, k], any strides; the other triangle is not read. */
  static void multiply(Tensor t, boolean lower, boolean unitDiagonal, Tensor x) {
    int n = t.size(0);
    if (x.length() == 0) {
      return;
    }
    if (n <= SMALL) {
      MatrixProduct.multiply(1, explicit(t, lower, unitDiagonal), x.copy(), 0, x);
      return;
    }
    int half = half(n);
    Tensor t11 = block(t, 0, half, 0, half);
    Tensor t22 = block(t, half, n, half, n);
    Tensor x1 = x.slice(0, 0, half);
    Tensor x2 = x.slice(0, half, n);
    if (lower) {
      multiply(t22, true, unitDiagonal, x2);
      MatrixProduct.multiply(1, block(t, half, n, 0, half), x1, 1, x2);
      multiply(t11, true, unitDiagonal, x1);
    } else {
      multiply(t11, false, unitDiagonal, x1);
      MatrixProduct.multiply(1, block(t, 0, half, half, n), x2, 1, x1);
      multiply(t22, false, unitDiagonal, x2);
    }
  }

  /** Replaces a triangle by its inverse; t of shape [n, n], its other triangle is not touched. */
  static void invert(Tensor t, boolean lower, boolean unitDiagonal) {
    int n = t.size(0);
    if (n <= SMALL) {
      Tensor inverse = Tensor.zeros(t.dtype(), n, n);
      for (int i = 0; i < n; i++) {
        inverse.set(1, i, i);
      }
      substitute(t, lower, unitDiagonal, inverse);
      copyTriangle(inverse, lower, unitDiagonal, t);
      return;
    }
    int half = half(n);
    Tensor t11 = block(t, 0, half, 0, half);
    Tensor t22 = block(t, half, n, half, n);
    invert(t11, lower, unitDiagonal);
    invert(t22, lower, unitDiagonal);
    // lower: X_21 = -X_22 T_21 X_11; upper: X_12 = -X_11 T_12 X_22
    Tensor corner = lower ? block(t, half, n, 0, half) : block(t, 0, half, half, n);
    multiply(lower ? t22 : t11, lower, unitDiagonal, corner);
    multiply((lower ? t11 : t22).transpose(), !lower, unitDiagonal, corner.transpose());
    Arithmetic.scale(-1, corner);
  }

  /** Copies one triangle, with its diagonal unless that is 1 and implied. */
  static void copyTriangle(Tensor from, boolean lower, boolean unitDiagonal, Tensor to) {
    int n = from.size(0);
    int skip = unitDiagonal ? 1 : 0;
    for (int i = 0; i < n; i++) {
      int start = lower ? 0 : Math.min(n, i + skip);
      int end = lower ? Math.max(0, i + 1 - skip) : n;
      to.row(i).slice(0, start, end).assign(from.row(i).slice(0, start, end));
    }
  }

  /** Sets the elements below the diagonal to zero. */
  static void clearBelowDiagonal(Tensor t) {
    for (int i = 1; i < t.size(0); i++) {
      t.row(i).slice(0, 0, Math.min(i, t.size(1))).fill(0);
    }
  }

  /** A copy of one triangle with zeros in the other. */
  private static Tensor explicit(Tensor t, boolean lower, boolean unitDiagonal) {
    int n = t.size(0);
    Tensor copy = Tensor.zeros(t.dtype(), n, n);
    copyTriangle(t, lower, unitDiagonal, copy);
    for (int i = 0; unitDiagonal && i < n; i++) {
      copy.set(1, i, i);
    }
    return copy;
  }

  private static void substitute(Tensor t, boolean lower, boolean unitDiagonal, Tensor x) {
    Kernels kernels = KernelProvider.active();
    int n = t.size(0);
    // An upper triangle read from its last element is a lower one.
    int sign = lower ? 1 : -1;
    int tAt = t.offset() + (lower ? 0 : (n - 1) * (t.stride(0) + t.stride(1)));
    int xAt = x.offset() + (lower ? 0 : (n - 1) * x.stride(0));
    if (t.dtype() == DType.F32) {
      kernels.solveLower(
          n,
          x.size(1),
          t.floats(),
          tAt,
          sign * t.stride(0),
          sign * t.stride(1),
          unitDiagonal,
          x.floats(),
          xAt,
          sign * x.stride(0),
          x.stride(1));
    } else {
      kernels.solveLower(
          n,
          x.size(1),
          t.doubles(),
          tAt,
          sign * t.stride(0),
          sign * t.stride(1),
          unitDiagonal,
          x.doubles(),
          xAt,
          sign * x.stride(0),
          x.stride(1));
    }
  }

  /** About half of n, in whole small triangles. */
  static int half(int n) {
    return Math.ceilDiv(n, 2 * SMALL) * SMALL;
  }

  /** The elements in rows {@code from} to {@code to} and columns {@code left} to {@code right}. */
  static Tensor block(Tensor t, int from, int to, int left, int right) {
    return t.slice(0, from, to).slice(1, left, right);
  }
}
