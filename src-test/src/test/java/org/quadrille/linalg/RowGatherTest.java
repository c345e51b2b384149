package org.quadrille.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.quadrille.kernels.cpu.WorkerPool;

/** Copied rows and their transpose, against loops over elements, in any layout. */
class RowGatherTest {

  @Test
  void equalsElementLoopsInAnyLayout() {
    SplittableRandom random = new SplittableRandom(1);
    for (int trial = 0; trial < 60; trial++) {
      DType dtype = trial % 2 == 0 ? DType.F32 : DType.F64;
      int rows = 1 + random.nextInt(9);
      int copies = 1 + random.nextInt(14);
      int k = trial < 4 ? 20_000 : random.nextInt(8);
      int[] source = random.ints(copies, 0, rows).toArray();
      Tensor scale =
          trial % 3 == 0 ? null : GaussianMatrix.of(dtype, trial, 1, copies).reshape(copies);
      Tensor x = GaussianMatrix.of(dtype, trial + 1, rows, k);
      Tensor y = GaussianMatrix.of(dtype, trial + 2, copies, k);
      RowGather gather = new RowGather(source, rows);
      double[] gathered = gathered(source, scale, x).toDoubles();
      double[] scattered = scattered(source, scale, y, rows).toDoubles();
      for (int layout = 0; layout < 4; layout++) {
        Tensor from = (layout & 1) == 0 ? x : turned(x);
        Tensor to = place(dtype, copies, k, layout);
        assertArrayEquals(gathered, gather.gather(scale, from, to).toDoubles());
        Tensor back = (layout & 1) == 0 ? y : turned(y);
        Tensor sum = place(dtype, rows, k, layout);
        int threads = 1 + layout;
        WorkerPool.of(threads).run(() -> gather.scatter(scale, back, sum));
        assertArrayEquals(scattered, sum.toDoubles());
      }
    }
  }

  @Test
  void badInput() {
    assertThrows(IllegalArgumentException.class, () -> new RowGather(new int[] {0, 3}, 3));
    assertThrows(IllegalArgumentException.class, () -> new RowGather(new int[] {-1}, 3));
    RowGather gather = new RowGather(new int[] {0, 1, 1}, 2);
    Tensor x = Tensor.zeros(DType.F64, 2, 4);
    assertThrows(
        IllegalArgumentException.class,
        () -> gather.gather(null, x, Tensor.zeros(DType.F64, 2, 4)));
    assertThrows(
        IllegalArgumentException.class,
        () -> gather.gather(Tensor.zeros(DType.F32, 3), x, Tensor.zeros(DType.F64, 3, 4)));
    assertThrows(
        IllegalArgumentException.class,
        () -> gather.scatter(Tensor.zeros(DType.F64, 2), Tensor.zeros(DType.F64, 3, 4), x));
    assertThrows(
        IllegalArgumentException.class,
        () -> gather.gather(null, Tensor.zeros(DType.F64, 5, 4), Tensor.zeros(DType.F64, 3, 4)));
    assertThrows(
        IllegalArgumentException.class,
        () -> gather.gather(null, x, Tensor.zeros(DType.F32, 3, 4)));
  }

  private static Tensor turned(Tensor x) {
    return Tensor.zeros(x.dtype(), x.size(1), x.size(0)).assign(x.transpose()).transpose();
  }

  /** Filled, so that what is not overwritten shows. */
  private static Tensor place(DType dtype, int rows, int k, int layout) {
    return (layout & 2) == 0
        ? Tensor.zeros(dtype, rows, k).fill(7)
        : Tensor.zeros(dtype, k, rows + 2).transpose().slice(0, 1, rows + 1).fill(7);
  }

  private static Tensor gathered(int[] source, Tensor scale, Tensor x) {
    Tensor out = Tensor.zeros(x.dtype(), source.length, x.size(1));
    for (int j = 0; j < source.length; j++) {
      for (int c = 0; c < x.size(1); c++) {
        double s = scale == null ? 1 : scale.get(j);
        out.set(x.get(source[j], c) * s, j, c);
      }
    }
    return out;
  }

  private static Tensor scattered(int[] source, Tensor scale, Tensor y, int rows) {
    Tensor out = Tensor.zeros(y.dtype(), rows, y.size(1));
    for (int j = 0; j < source.length; j++) {
      for (int c = 0; c < y.size(1); c++) {
        double s = scale == null ? 1 : scale.get(j);
        double before = out.get(source[j], c);
        double next =
            y.dtype() == DType.F32
                ? Math.fma((float) s, (float) y.get(j, c), (float) before)
                : Math.fma(s, y.get(j, c), before);
        out.set(next, source[j], c);
      }
    }
    return out;
  }
}
