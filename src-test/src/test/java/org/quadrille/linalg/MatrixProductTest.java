package org.quadrille.linalg;

import static org.quadrille.linalg.Messages.assertRejected;
import static org.quadrille.linalg.SlowAlgebra.assertClose;
import static org.quadrille.linalg.SlowAlgebra.product;
import static org.quadrille.linalg.SlowAlgebra.random;
import static org.quadrille.linalg.SlowAlgebra.strided;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MatrixProductTest {

  @Property(tries = 60)
  void agreesWithTheDefinitionForAllShapesAndStrides(
      @ForAll @IntRange(max = 19) int m,
      @ForAll @IntRange(max = 19) int n,
      @ForAll @IntRange(max = 19) int k,
      @ForAll DType dtype,
      @ForAll boolean gaps,
      @ForAll boolean turned) {
    Tensor a = random(1, m, k).to(dtype);
    Tensor b = random(2, k, n).to(dtype);
    Tensor c = random(3, m, n).to(dtype);
    Tensor expected = Arithmetic.axpy(2, product(a, b), Arithmetic.scaled(-0.5, c.to(DType.F64)));
    Tensor left = turned ? a.transpose().copy().transpose() : a;
    Tensor right = gaps ? strided(b) : b;
    Tensor out = gaps ? strided(c) : c.copy();
    double tolerance = 64 * (k + 1) * dtype.unitRoundoff();
    assertClose(expected, MatrixProduct.multiply(2, left, right, -0.5, out), tolerance);
    assertClose(product(a, b), MatrixProduct.multiply(left, right), tolerance);
  }

  @Test
  void matrixTimesVectorIsAVector() {
    Tensor a = random(1, 7, 5);
    Tensor x = random(2, 5, 1);
    Tensor y = MatrixProduct.multiply(a, x.reshape(5));
    assertClose(product(a, x).reshape(7), y, 1e-14);
  }

  @Test
  void betaZeroIgnoresOldContents() {
    Tensor out = Tensor.zeros(DType.F64, 3, 3).fill(Double.NaN);
    Tensor a = random(1, 3, 3);
    assertClose(product(a, a), MatrixProduct.multiply(1, a, a, 0, out), 1e-13);
    Tensor none = Tensor.zeros(DType.F64, 3, 0);
    out.fill(Double.NaN);
    assertClose(
        Tensor.zeros(DType.F64, 3, 3),
        MatrixProduct.multiply(1, none, none.transpose(), 0, out),
        0);
  }

  @Test
  void columnBlocksOfOneMatrixMayBeFactorAndResult() {
    Tensor all = random(1, 6, 6);
    Tensor left = all.slice(1, 0, 3);
    Tensor right = all.slice(1, 3, 6);
    Tensor expected = product(left.copy(), random(2, 3, 3));
    assertClose(expected, MatrixProduct.multiply(1, left, random(2, 3, 3), 0, right), 1e-13);
  }

  @Test
  void mistakesAreExplained() {
    Tensor a = random(1, 2, 3);
    assertRejected(() -> MatrixProduct.multiply(a, a), "F64[2, 3]", "3 rows", "a.transpose()");
    assertRejected(() -> MatrixProduct.multiply(a, random(1, 4, 3)), "b.transpose()");
    assertRejected(
        () -> MatrixProduct.multiply(a, random(1, 3, 2).to(DType.F32)), "one dtype", "F32[3, 2]");
    assertRejected(
        () -> MatrixProduct.multiply(1, a, random(1, 3, 2), 0, random(1, 3, 2)),
        "expected F64[2, 2]");
    Tensor square = random(1, 3, 3);
    assertRejected(
        () -> MatrixProduct.multiply(1, square, random(2, 3, 3), 0, square), "shares elements");
    assertRejected(
        () -> MatrixProduct.multiply(1, random(2, 3, 3), square.transpose(), 0, square),
        "shares elements");
    assertRejected(() -> MatrixProduct.multiply(random(1, 3), square), "expected a matrix");
  }
}
