package org.quadrille.lowrank.adapter;

import org.quadrille.kernels.cpu.DropoutMask;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Loops over batches of shape [features, samples], as operators take them: usually transposed views
 * whose features lie side by side. Work is shared out in pieces of a fixed size.
 */
final class FeatureLoops {
  private static final int PIECE = 64;

  private FeatureLoops() {}

  private interface Piece {
    void run(int from, int to);
  }

  private static void eachPiece(int n, Piece piece) {
    WorkerPool.shared()
        .forEach(Math.ceilDiv(n, PIECE), i -> piece.run(i * PIECE, Math.min(n, (i + 1) * PIECE)));
  }

  /** {@code out_ij := alpha f_i x_ij + beta out_ij}; x may be out. */
  static void scale(double alpha, double[] f, Tensor x, double beta, Tensor out) {
    int features = x.size(0);
    eachPiece(
        x.size(1),
        (from, to) -> {
          for (int j = from; j < to; j++) {
            int xAt = x.offset() + j * x.stride(1);
            int outAt = out.offset() + j * out.stride(1);
            if (x.dtype() == DType.F32) {
              scale(
                  features,
                  alpha,
                  f,
                  x.floats(),
                  xAt,
                  x.stride(0),
                  (float) beta,
                  out.floats(),
                  outAt,
                  out.stride(0));
            } else {
              scale(
                  features,
                  alpha,
                  f,
                  x.doubles(),
                  xAt,
                  x.stride(0),
                  beta,
                  out.doubles(),
                  outAt,
                  out.stride(0));
            }
          }
        });
  }

  private static void scale(
      int n,
      double alpha,
      double[] f,
      float[] x,
      int xAt,
      int xStride,
      float beta,
      float[] out,
      int outAt,
      int outStride) {
    for (int i = 0; i < n; i++) {
      float value = (float) (alpha * f[i]) * x[xAt + i * xStride];
      int at = outAt + i * outStride;
      out[at] = beta == 0 ? value : beta * out[at] + value;
    }
  }

  private static void scale(
      int n,
      double alpha,
      double[] f,
      double[] x,
      int xAt,
      int xStride,
      double beta,
      double[] out,
      int outAt,
      int outStride) {
    for (int i = 0; i < n; i++) {
      double value = alpha * f[i] * x[xAt + i * xStride];
      int at = outAt + i * outStride;
      out[at] = beta == 0 ? value : beta * out[at] + value;
    }
  }

  /** {@code out_i := sum_j x_ij y_ij}, j ascending, in double. */
  static void dots(Tensor x, Tensor y, double[] out) {
    eachPiece(
        x.size(0),
        (from, to) -> {
          java.util.Arrays.fill(out, from, to, 0);
          for (int j = 0; j < x.size(1); j++) {
            int xAt = x.offset() + j * x.stride(1);
            int yAt = y.offset() + j * y.stride(1);
            for (int i = from; i < to; i++) {
              out[i] += element(x, xAt + i * x.stride(0)) * element(y, yAt + i * y.stride(0));
            }
          }
        });
  }

  private static double element(Tensor x, int at) {
    return x.dtype() == DType.F32 ? x.floats()[at] : x.doubles()[at];
  }

  /** {@code out := x * mask / (1 - rate)}; element (i, j) has index {@code j features + i}. */
  static void drop(DropoutMask mask, Tensor x, Tensor out) {
    drop(mask, x, 0, out);
  }

  /** {@code out := x * mask / (1 - rate) + beta out}. */
  static void drop(DropoutMask mask, Tensor x, double beta, Tensor out) {
    int features = x.size(0);
    eachPiece(
        x.size(1),
        (from, to) -> {
          for (int j = from; j < to; j++) {
            int xAt = x.offset() + j * x.stride(1);
            int outAt = out.offset() + j * out.stride(1);
            for (int i = 0; i < features; i++) {
              boolean kept = mask.keeps((long) j * features + i);
              int at = outAt + i * out.stride(0);
              if (x.dtype() == DType.F32) {
                float value = kept ? x.floats()[xAt + i * x.stride(0)] * mask.factorFloat() : 0;
                out.floats()[at] = beta == 0 ? value : (float) beta * out.floats()[at] + value;
              } else {
                double value = kept ? x.doubles()[xAt + i * x.stride(0)] * mask.factorDouble() : 0;
                out.doubles()[at] = beta == 0 ? value : beta * out.doubles()[at] + value;
              }
            }
          }
        });
  }
}
