package org.quadrille.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;

/** Batches of products have the bits of the products one by one. */
class BatchProductTest {

  private static Tensor random(DType dtype, int seed, int... shape) {
    Random random = new Random(seed);
    int length = IntStream.of(shape).reduce(1, (x, y) -> x * y);
    double[] values = random.doubles(length, -1, 1).toArray();
    return Tensor.of(values, shape).to(dtype);
  }

  private static Tensor oneByOne(double alpha, Tensor a, Tensor b, double beta, Tensor c) {
    for (int i = 0; i < c.size(0); i++) {
      Tensor ai = a.rank() == 3 ? a.row(i) : a;
      Tensor bi = b.rank() == 3 ? b.row(i) : b;
      MatrixProduct.multiply(alpha, ai, bi, beta, c.row(i));
    }
    return c;
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void batchesHaveTheBitsOfSingleProducts(DType dtype) {
    int[][] shapes = {
      {7, 8, 8, 8}, {5, 16, 9, 33}, {300, 12, 17, 5}, {40, 1, 6, 4}, {3, 90, 70, 64}
    };
    for (int[] s : shapes) {
      Tensor a = random(dtype, 1, s[0], s[1], s[3]);
      Tensor b = random(dtype, 2, s[0], s[3], s[2]);
      Tensor c = random(dtype, 3, s[0], s[1], s[2]);
      Tensor expected = oneByOne(0.5, a, b, -1, c.copy());
      for (int threads : new int[] {1, 3}) {
        Tensor actual =
            WorkerPool.of(threads).call(() -> MatrixProduct.multiplyBatch(0.5, a, b, -1, c.copy()));
        assertArrayEquals(expected.toDoubles(), actual.toDoubles());
      }
      KernelProvider.with(
          KernelProvider.scalar(),
          () ->
              assertArrayEquals(
                  expected.toDoubles(),
                  MatrixProduct.multiplyBatch(0.5, a, b, -1, c.copy()).toDoubles()));
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void aFactorMayBeTheSameInEveryProduct(DType dtype) {
    Tensor many = random(dtype, 1, 20, 6, 6);
    Tensor one = random(dtype, 2, 6, 6).transpose();
    Tensor zeros = Tensor.zeros(dtype, 20, 6, 6);
    assertArrayEquals(
        oneByOne(1, one, many, 0, zeros.copy()).toDoubles(),
        MatrixProduct.multiplyBatch(one, many).toDoubles());
    assertArrayEquals(
        oneByOne(1, many, one, 0, zeros.copy()).toDoubles(),
        MatrixProduct.multiplyBatch(many, one).toDoubles());
  }

  @Test
  void emptyBatchesAndEmptySumsAreAllowed() {
    assertEquals(
        0,
        MatrixProduct.multiplyBatch(Tensor.zeros(DType.F32, 0, 3, 2), random(DType.F32, 1, 2, 4))
            .length());
    Tensor c = random(DType.F64, 1, 2, 3, 4);
    Tensor doubled =
        MatrixProduct.multiplyBatch(
            1, Tensor.zeros(DType.F64, 2, 3, 0), Tensor.zeros(DType.F64, 2, 0, 4), 2, c.copy());
    assertEquals(2 * c.toDoubles()[5], doubled.toDoubles()[5]);
  }

  @Test
  void refusesWhatDoesNotFit() {
    Tensor a = random(DType.F32, 1, 2, 3, 4);
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> MatrixProduct.multiplyBatch(a, a))
            .getMessage()
            .contains("[count, k, n]"));
    Tensor b = random(DType.F32, 1, 2, 4, 5);
    assertThrows(
        IllegalArgumentException.class, () -> MatrixProduct.multiplyBatch(a, b.to(DType.F64)));
    assertThrows(
        IllegalArgumentException.class,
        () -> MatrixProduct.multiplyBatch(1, a, b, 0, Tensor.zeros(DType.F32, 2, 3, 4)));
    Tensor square = random(DType.F32, 1, 2, 4, 4);
    assertThrows(
        IllegalArgumentException.class,
        () -> MatrixProduct.multiplyBatch(1, square, b.slice(2, 0, 4), 0, square));
  }
}
