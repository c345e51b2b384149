package org.quadrille.federated.model;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** Loops over contiguous rows [n, c], in a fixed order, in both precisions. */
final class RowLoops {
  private RowLoops() {}

  /** Sets every row to {@code row}, shape [c]. */
  static void setRows(Tensor out, Tensor row) {
    int c = out.size(1);
    Object from = row.dtype() == DType.F32 ? row.floats() : row.doubles();
    Object to = out.dtype() == DType.F32 ? out.floats() : out.doubles();
    for (int i = 0; i < out.size(0); i++) {
      System.arraycopy(from, row.offset(), to, out.offset() + i * c, c);
    }
  }

  /** {@code out := beta out + sum of the rows}, beta 0 or 1, first row first. */
  static void sumRows(Tensor rows, double beta, Tensor out) {
    if (beta == 0) {
      out.fill(0);
    }
    int c = rows.size(1);
    for (int i = 0; i < rows.size(0); i++) {
      int at = rows.offset() + i * c;
      if (rows.dtype() == DType.F32) {
        addTo(rows.floats(), at, out.floats(), out.offset(), c);
      } else {
        addTo(rows.doubles(), at, out.doubles(), out.offset(), c);
      }
    }
  }

  private static void addTo(float[] x, int at, float[] y, int to, int n) {
    for (int j = 0; j < n; j++) {
      y[to + j] += x[at + j];
    }
  }

  private static void addTo(double[] x, int at, double[] y, int to, int n) {
    for (int j = 0; j < n; j++) {
      y[to + j] += x[at + j];
    }
  }

  /** Multiplies row i by {@code weights[i]}. */
  static void scaleRows(Tensor rows, Tensor weights) {
    int c = rows.size(1);
    for (int i = 0; i < rows.size(0); i++) {
      int at = rows.offset() + i * c;
      if (rows.dtype() == DType.F32) {
        float w = weights.floats()[weights.offset() + i];
        for (int j = 0; j < c; j++) {
          rows.floats()[at + j] *= w;
        }
      } else {
        double w = weights.doubles()[weights.offset() + i];
        for (int j = 0; j < c; j++) {
          rows.doubles()[at + j] *= w;
        }
      }
    }
  }

  /** Copies the given rows of {@code from}, shape [n, c], into the first rows of {@code to}. */
  static void gather(Tensor from, int[] points, int first, int count, Tensor to) {
    int c = from.size(1);
    Object source = from.dtype() == DType.F32 ? from.floats() : from.doubles();
    Object target = to.dtype() == DType.F32 ? to.floats() : to.doubles();
    for (int i = 0; i < count; i++) {
      int at = from.offset() + points[first + i] * c;
      System.arraycopy(source, at, target, to.offset() + i * c, c);
    }
  }

  /** Element {@code at} of a contiguous tensor in row-major order. */
  static double get(Tensor x, int at) {
    return x.dtype() == DType.F32 ? x.floats()[x.offset() + at] : x.doubles()[x.offset() + at];
  }

  /** Sets element {@code at} of a contiguous tensor in row-major order. */
  static void set(Tensor x, int at, double value) {
    if (x.dtype() == DType.F32) {
      x.floats()[x.offset() + at] = (float) value;
    } else {
      x.doubles()[x.offset() + at] = value;
    }
  }
}
