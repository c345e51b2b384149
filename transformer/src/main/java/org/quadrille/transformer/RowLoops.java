package org.quadrille.transformer;

import org.quadrille.kernels.cpu.DropoutMask;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Loops over the rows of row-major matrices: biases, gathered and scattered rows, dropout. Rows (or
 * columns, where rows are added up) are shared out in pieces of a fixed size.
 */
final class RowLoops {
  private static final int PIECE = 64;

  private RowLoops() {}

  private interface Piece {
    void run(int from, int to);
  }

  private static void eachPiece(int n, Piece piece) {
    WorkerPool.shared()
        .forEach(Math.ceilDiv(n, PIECE), i -> piece.run(i * PIECE, Math.min(n, (i + 1) * PIECE)));
  }

  /** {@code y[i, :] := row}. */
  static void fill(Tensor row, Tensor y) {
    eachPiece(
        y.size(0),
        (from, to) -> {
          int n = y.size(1);
          for (int i = from; i < to; i++) {
            copy(row, row.offset(), y, y.offset() + i * y.stride(0), n);
          }
        });
  }

  /** {@code y[i, :] := x[i, :] + row}. */
  static void addRow(Tensor x, Tensor row, Tensor y) {
    int n = y.size(1);
    int at = row.offset();
    eachPiece(
        y.size(0),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int xAt = x.offset() + i * x.stride(0);
            int yAt = y.offset() + i * y.stride(0);
            if (x.dtype() == DType.F32) {
              float[] a = x.floats();
              float[] b = row.floats();
              float[] c = y.floats();
              for (int j = 0; j < n; j++) {
                c[yAt + j] = a[xAt + j] + b[at + j];
              }
            } else {
              double[] a = x.doubles();
              double[] b = row.doubles();
              double[] c = y.doubles();
              for (int j = 0; j < n; j++) {
                c[yAt + j] = a[xAt + j] + b[at + j];
              }
            }
          }
        });
  }

  /** {@code y[i, :] := x[ids[i], :]} for {@code ids[i] >= 0}; other rows stay. */
  static void gather(Tensor x, int[] ids, int count, Tensor y) {
    int n = y.size(1);
    eachPiece(
        count,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            copy(x, x.offset() + ids[i] * x.stride(0), y, y.offset() + i * y.stride(0), n);
          }
        });
  }

  /** {@code y[ids[i], :] := x[i, :]}; ids are distinct. */
  static void scatter(Tensor x, int[] ids, int count, Tensor y) {
    int n = y.size(1);
    eachPiece(
        count,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            copy(x, x.offset() + i * x.stride(0), y, y.offset() + ids[i] * y.stride(0), n);
          }
        });
  }

  /**
   * {@code y[ids[i], :] += x[i, :]}, i ascending; split over columns, so that rows with the same id
   * are added in one order.
   */
  static void scatterAdd(Tensor x, int[] ids, int count, Tensor y) {
    eachPiece(
        y.size(1),
        (from, to) -> {
          for (int i = 0; i < count; i++) {
            int xAt = x.offset() + i * x.stride(0);
            int yAt = y.offset() + ids[i] * y.stride(0);
            add(x, xAt, y, yAt, from, to);
          }
        });
  }

  /** {@code y[i mod period, :] += x[i, :]}, i ascending: gradients of positions. */
  static void addPeriodic(Tensor x, int period, Tensor y) {
    eachPiece(
        y.size(1),
        (from, to) -> {
          for (int i = 0; i < x.size(0); i++) {
            int xAt = x.offset() + i * x.stride(0);
            int yAt = y.offset() + i % period * y.stride(0);
            add(x, xAt, y, yAt, from, to);
          }
        });
  }

  /** {@code y[i, :] += x[i mod period + first, :]}. */
  static void spreadPeriodic(Tensor x, int first, int period, Tensor y) {
    eachPiece(
        y.size(0),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int xAt = x.offset() + (first + i % period) * x.stride(0);
            add(x, xAt, y, y.offset() + i * y.stride(0), 0, y.size(1));
          }
        });
  }

  /** {@code y[i, :] += x[ids[i], :]}. */
  static void gatherAdd(Tensor x, int[] ids, int count, Tensor y) {
    eachPiece(
        count,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int xAt = x.offset() + ids[i] * x.stride(0);
            add(x, xAt, y, y.offset() + i * y.stride(0), 0, y.size(1));
          }
        });
  }

  /** {@code y := x * mask / (1 - rate)} by the row-major index; y may be x. */
  static void drop(DropoutMask mask, Tensor x, Tensor y) {
    int n = y.size(1);
    eachPiece(
        y.size(0),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int xAt = x.offset() + i * x.stride(0);
            int yAt = y.offset() + i * y.stride(0);
            for (int j = 0; j < n; j++) {
              boolean kept = mask.keeps((long) i * n + j);
              if (x.dtype() == DType.F32) {
                y.floats()[yAt + j] = kept ? x.floats()[xAt + j] * mask.factorFloat() : 0;
              } else {
                y.doubles()[yAt + j] = kept ? x.doubles()[xAt + j] * mask.factorDouble() : 0;
              }
            }
          }
        });
  }

  private static void copy(Tensor x, int xAt, Tensor y, int yAt, int n) {
    if (x.dtype() == DType.F32) {
      System.arraycopy(x.floats(), xAt, y.floats(), yAt, n);
    } else {
      System.arraycopy(x.doubles(), xAt, y.doubles(), yAt, n);
    }
  }

  private static void add(Tensor x, int xAt, Tensor y, int yAt, int from, int to) {
    if (x.dtype() == DType.F32) {
      float[] a = x.floats();
      float[] b = y.floats();
      for (int j = from; j < to; j++) {
        b[yAt + j] += a[xAt + j];
      }
    } else {
      double[] a = x.doubles();
      double[] b = y.doubles();
      for (int j = from; j < to; j++) {
        b[yAt + j] += a[xAt + j];
      }
    }
  }
}
