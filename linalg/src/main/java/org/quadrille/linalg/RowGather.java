package org.quadrille.linalg;

import java.util.Arrays;
import org.quadrille.kernels.cpu.WorkerPool;

/**
 * Rows of a matrix copied to given places, with a factor each, and the transpose of that: what
 * selections are made of. Fast for matrices stored by rows and for transposed views of such; cost:
 * one pass over the copied elements, no flops without factors.
 *
 * <p>Each element is handled by itself, additions in the order of the copies: the same bits for any
 * layout and number of threads.
 */
public final class RowGather {
  /** Elements of one parallel piece. */
  private static final int PIECE = 1 << 15;

  private final int[] source;
  private final int rows;

  /**
   * Copies of rows.
   *
   * @param source row j of the result is row {@code source[j]}; copied
   * @param rows of what is copied from
   * @throws IllegalArgumentException if a source is out of range
   */
  public RowGather(int[] source, int rows) {
    for (int j = 0; j < source.length; j++) {
      if (source[j] < 0 || source[j] >= rows) {
        throw new IllegalArgumentException(
            "source[" + j + "]: given " + source[j] + ", expected 0 to " + (rows - 1));
      }
    }
    this.source = source.clone();
    this.rows = rows;
  }

  /**
   * {@code out_j := s_j x_source(j)}.
   *
   * @param scale s, contiguous of shape [copies], of the dtype of x; null for ones
   * @param x shape [rows, k], not modified
   * @param out shape [copies, k], overwritten; must not share elements with x
   * @return out
   */
  public Tensor gather(Tensor scale, Tensor x, Tensor out) {
    checkSizes(scale, out, x, "gather");
    if (!isTransposed(x) || !isTransposed(out)) {
      for (int j = 0; j < source.length; j++) {
        Tensor copy = out.row(j).assign(x.row(source[j]));
        if (scale != null) {
          Arithmetic.scale(scale.get(j), copy);
        }
      }
    } else if (x.dtype() == DType.F32) {
      lines(x, out, (from, to) -> gather(scale, x.floats(), from, out.floats(), to));
    } else {
      lines(x, out, (from, to) -> gather(scale, x.doubles(), from, out.doubles(), to));
    }
    return out;
  }

  /**
   * {@code out_i := sum of s_j y_j over j with source(j) = i}, added in ascending order of j by
   * fused multiply-adds.
   *
   * @param scale s, contiguous of shape [copies], of the dtype of y; null for ones
   * @param y shape [copies, k], not modified
   * @param out shape [rows, k], overwritten; must not share elements with y
   * @return out
   */
  public Tensor scatter(Tensor scale, Tensor y, Tensor out) {
    checkSizes(scale, y, out, "scatter");
    if (!isTransposed(y) || !isTransposed(out)) {
      out.fill(0);
      for (int j = 0; j < source.length; j++) {
        Arithmetic.axpy(scale == null ? 1 : scale.get(j), y.row(j), out.row(source[j]));
      }
    } else if (y.dtype() == DType.F32) {
      lines(y, out, (from, to) -> scatter(scale, y.floats(), from, out.floats(), to, out.size(0)));
    } else {
      lines(
          y, out, (from, to) -> scatter(scale, y.doubles(), from, out.doubles(), to, out.size(0)));
    }
    return out;
  }

  @FunctionalInterface
  private interface Line {
    void at(int from, int to);
  }

  /** Whether columns are contiguous and rows are not. */
  private static boolean isTransposed(Tensor x) {
    return x.rank() == 2 && x.stride(0) == 1 && x.size(1) > 1;
  }

  private static void lines(Tensor from, Tensor to, Line action) {
    int columns = from.size(1);
    int each = Math.max(1, PIECE / Math.max(1, Math.max(from.size(0), to.size(0))));
    WorkerPool.shared()
        .forEach(
            Math.ceilDiv(columns, each),
            piece -> {
              int end = Math.min(columns, (piece + 1) * each);
              for (int c = piece * each; c < end; c++) {
                action.at(from.offset() + c * from.stride(1), to.offset() + c * to.stride(1));
              }
            });
  }

  private void gather(Tensor scale, float[] x, int at, float[] out, int outAt) {
    if (scale == null) {
      for (int j = 0; j < source.length; j++) {
        out[outAt + j] = x[at + source[j]];
      }
      return;
    }
    float[] s = scale.floats();
    int first = scale.offset();
    for (int j = 0; j < source.length; j++) {
      out[outAt + j] = x[at + source[j]] * s[first + j];
    }
  }

  private void gather(Tensor scale, double[] x, int at, double[] out, int outAt) {
    if (scale == null) {
      for (int j = 0; j < source.length; j++) {
        out[outAt + j] = x[at + source[j]];
      }
      return;
    }
    double[] s = scale.doubles();
    int first = scale.offset();
    for (int j = 0; j < source.length; j++) {
      out[outAt + j] = x[at + source[j]] * s[first + j];
    }
  }

  private void scatter(Tensor scale, float[] y, int at, float[] out, int outAt, int rows) {
    Arrays.fill(out, outAt, outAt + rows, 0);
    float[] s = scale == null ? null : scale.floats();
    int first = scale == null ? 0 : scale.offset();
    for (int j = 0; j < source.length; j++) {
      int to = outAt + source[j];
      out[to] = Math.fma(s == null ? 1 : s[first + j], y[at + j], out[to]);
    }
  }

  private void scatter(Tensor scale, double[] y, int at, double[] out, int outAt, int rows) {
    Arrays.fill(out, outAt, outAt + rows, 0);
    double[] s = scale == null ? null : scale.doubles();
    int first = scale == null ? 0 : scale.offset();
    for (int j = 0; j < source.length; j++) {
      int to = outAt + source[j];
      out[to] = Math.fma(s == null ? 1 : s[first + j], y[at + j], out[to]);
    }
  }

  private void checkSizes(Tensor scale, Tensor copies, Tensor originals, String what) {
    boolean scaled =
        scale == null
            || (scale.length() == source.length
                && scale.isContiguous()
                && scale.dtype() == copies.dtype());
    boolean fit =
        copies.rank() >= 1
            && originals.rank() == copies.rank()
            && copies.size(0) == source.length
            && originals.size(0) == rows
            && originals.dtype() == copies.dtype();
    for (int axis = 1; fit && axis < copies.rank(); axis++) {
      fit = originals.size(axis) == copies.size(axis);
    }
    if (!fit || !scaled) {
      throw new IllegalArgumentException(
          what
              + ": given originals "
              + originals
              + ", copies "
              + copies
              + " and factors "
              + scale
              + ", expected "
              + rows
              + " and "
              + source.length
              + " rows, as many contiguous factors, and one dtype");
    }
  }
}
