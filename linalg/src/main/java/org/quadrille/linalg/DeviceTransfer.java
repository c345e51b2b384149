package org.quadrille.linalg;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Copies matrices into row-major memory of a given width, and back. */
final class DeviceTransfer {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE;

  private DeviceTransfer() {}

  /** Copies x, shape [n, k], k at most width; columns that x does not have become 0. */
  static void upload(Tensor x, MemorySegment to, int width) {
    Tensor rows = rowsContiguous(x) ? x : x.copy();
    int k = x.size(1);
    if (k == width && rows.isContiguous()) {
      to.copyFrom(memory(rows));
      return;
    }
    for (int i = 0; i < x.size(0); i++) {
      int from = rows.offset() + i * rows.stride(0);
      long at = (long) i * width;
      if (x.dtype() == DType.F32) {
        MemorySegment.copy(rows.floats(), from, to, FLOAT, 4 * at, k);
      } else {
        MemorySegment.copy(rows.doubles(), from, to, DOUBLE, 8 * at, k);
      }
      if (k < width) {
        int bytes = x.dtype().bits() / 8;
        to.asSlice((at + k) * bytes, (long) (width - k) * bytes).fill((byte) 0);
      }
    }
  }

  /** Copies the first k columns to out, shape [n, k]. */
  static void download(MemorySegment from, int width, Tensor out) {
    int k = out.size(1);
    if (k == width && out.isContiguous()) {
      memory(out).copyFrom(from);
      return;
    }
    Tensor rows = rowsContiguous(out) ? out : Tensor.zeros(out.dtype(), out.size(0), k);
    for (int i = 0; i < out.size(0); i++) {
      int to = rows.offset() + i * rows.stride(0);
      long at = (long) i * width;
      if (out.dtype() == DType.F32) {
        MemorySegment.copy(from, FLOAT, 4 * at, rows.floats(), to, k);
      } else {
        MemorySegment.copy(from, DOUBLE, 8 * at, rows.doubles(), to, k);
      }
    }
    if (rows != out) {
      out.assign(rows);
    }
  }

  /** The elements of a tensor without gaps. */
  private static MemorySegment memory(Tensor x) {
    return x.dtype() == DType.F32
        ? MemorySegment.ofArray(x.floats()).asSlice(4L * x.offset(), 4L * x.length())
        : MemorySegment.ofArray(x.doubles()).asSlice(8L * x.offset(), 8L * x.length());
  }

  /** Whether every row lies in one piece. */
  private static boolean rowsContiguous(Tensor x) {
    return x.size(1) == 1 || x.stride(1) == 1;
  }
}
