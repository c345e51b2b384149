package org.quadrille.linalg;

import org.quadrille.kernels.cpu.WorkerPool;

/**
 * Cuts tensors of any strides into lines of constant stride, so that element-wise operations are
 * written once against the vector kernels.
 */
final class Lines {
  /** Elements of one parallel piece; large enough to hide the cost of handing it out. */
  private static final int PIECE = 1 << 16;

  private Lines() {}

  /** Receives a line of one tensor. */
  interface One {
    /** Handles n elements from {@code at} in steps of {@code stride}. */
    void line(int n, int at, int stride);
  }

  /** Receives corresponding lines of two tensors. */
  interface Two {
    /** Handles n pairs of elements. */
    void line(int n, int xAt, int xStride, int yAt, int yStride);
  }

  /** Visits all lines of {@code x} one after the other in row-major order. */
  static void each(Tensor x, One action) {
    each(x, x, (n, at, stride, sameAt, sameStride) -> action.line(n, at, stride));
  }

  /** Visits all pairs of lines one after the other in row-major order. */
  static void each(Tensor x, Tensor y, Two action) {
    if (x.length() == 0) {
      return;
    }
    if (x.isContiguous() && y.isContiguous()) {
      action.line(x.length(), x.offset(), 1, y.offset(), 1);
    } else {
      axis(x, x.offset(), y, y.offset(), 0, action);
    }
  }

  /**
   * As {@link #each(Tensor, Tensor, Two)}, but pieces may run at the same time; for actions that
   * handle every element on its own.
   */
  static void eachInParallel(Tensor x, Tensor y, Two action) {
    int n = x.length();
    if (n <= PIECE || !x.isContiguous() || !y.isContiguous()) {
      each(x, y, action);
      return;
    }
    int pieces = Math.ceilDiv(n, PIECE);
    WorkerPool.shared()
        .forEach(
            pieces,
            piece -> {
              int from = piece * PIECE;
              action.line(Math.min(PIECE, n - from), x.offset() + from, 1, y.offset() + from, 1);
            });
  }

  private static void axis(Tensor x, int xAt, Tensor y, int yAt, int axis, Two action) {
    if (x.rank() == 0) {
      action.line(1, xAt, 1, yAt, 1);
    } else if (axis == x.rank() - 1) {
      action.line(x.size(axis), xAt, x.stride(axis), yAt, y.stride(axis));
    } else {
      for (int i = 0; i < x.size(axis); i++) {
        axis(x, xAt + i * x.stride(axis), y, yAt + i * y.stride(axis), axis + 1, action);
      }
    }
  }
}
