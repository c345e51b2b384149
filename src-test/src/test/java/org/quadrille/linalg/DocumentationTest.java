package org.quadrille.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.ejml.Ejml;

/** The examples of the documentation compile, run and do what they say. */
class DocumentationTest {

  @Test
  void packageExample() {
    Tensor weight = GaussianMatrix.of(DType.F32, 1, 512, 384);
    Svd svd = RandomizedSvd.decompose(weight, RandomizedSvd.Options.rank(16));
    LinearOperator adapted = Sum.of(Dense.of(weight), Scaled.of(-1, svd.toLowRank()));
    Tensor y = adapted.apply(GaussianMatrix.of(DType.F32, 2, 384, 8)); // [512, 8]
    assertArrayEquals(new int[] {512, 8}, y.shape());
    double remaining = Math.pow(Norms.frobenius(adapted.toDense()), 2);
    double taken = Math.pow(Norms.frobenius(svd.singularValues()), 2);
    double all = Math.pow(Norms.frobenius(weight), 2);
    assertEquals(all, remaining + taken, 1e-4 * all);
  }

  @Test
  void ejmlExample() {
    Tensor a = GaussianMatrix.of(DType.F64, 1, 100, 100);
    double determinant = CommonOps_DDRM.det(Ejml.toMatrix(a)); // no copy
    Qr qr = Qr.decompose(a);
    double product = 1;
    for (int i = 0; i < 100; i++) {
      product *= qr.r().get(i, i);
    }
    assertEquals(Math.abs(determinant), product, 1e-10 * product);
  }

  @Test
  void tensorExample() {
    Tensor a = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    Tensor column = a.transpose().row(1); // 2, 5: a view
    assertArrayEquals(new double[] {2, 5}, column.toDoubles());
  }

  @Test
  void matrixProductExample() {
    Tensor a = GaussianMatrix.of(DType.F64, 1, 6, 4);
    Tensor gram = MatrixProduct.multiply(a.transpose(), a);
    assertEquals(Math.pow(Norms.frobenius(a), 2), trace(gram), 1e-13);
    Qr qr = Qr.decompose(a);
    MatrixProduct.multiply(-1, qr.q(), qr.r(), 1, a); // a := a - q r
    assertTrue(Norms.max(a) <= 1e-14);
  }

  @Test
  void symmetricRankUpdateExample() {
    Tensor a = GaussianMatrix.of(DType.F64, 1, 4, 4);
    Tensor c = Tensor.zeros(DType.F64, 4, 4);
    Tensor gram = SymmetricRankUpdate.gram(a); // A^T A
    SymmetricRankUpdate.updateLower(-1, a, 1, c); // lower triangle of C - A A^T
    assertEquals(-Math.pow(Norms.frobenius(a), 2), trace(c), 1e-13);
    SymmetricRankUpdate.updateUpper(1, a.transpose(), 0, c); // upper triangle of A^T A
    assertEquals(gram.get(0, 3), c.get(0, 3));
  }

  @Test
  void triangularExample() {
    Tensor a = GaussianMatrix.of(DType.F64, 1, 5, 5);
    Tensor b = GaussianMatrix.of(DType.F64, 2, 5, 2);
    Tensor gram = Arithmetic.add(SymmetricRankUpdate.gram(a), Arithmetic.scaled(1e-3, gramOf(a)));
    Cholesky cholesky = Cholesky.decompose(gram);
    Tensor l = cholesky.lower();
    Tensor x = Triangular.lower(l).solve(b); // L x = b
    Tensor y = Triangular.upper(l.transpose()).solve(x); // R y = x
    assertEquals(0, Norms.max(Arithmetic.subtract(y, cholesky.solve(b))), 1e-9 * Norms.max(y));
    Tensor q = a.copy();
    Triangular.upper(l.transpose()).solveRightInPlace(q); // A := A R^-1
    assertEquals(5 / 1.001, Math.pow(Norms.frobenius(q), 2), 1e-9);
    Tensor z = Triangular.lower(l).withUnitDiagonal().multiply(b); // diagonal of L taken as 1
    assertEquals(b.get(0, 1), z.get(0, 1));
  }

  private static Tensor gramOf(Tensor a) {
    return MatrixProduct.multiply(a.transpose(), a);
  }

  @Test
  void sumExample() {
    LinearOperator frozen = Selection.of(DType.F64, 3, 0, 1, 2);
    Tensor left = GaussianMatrix.of(DType.F64, 1, 3, 1);
    Tensor right = GaussianMatrix.of(DType.F64, 2, 1, 3);
    Sum adapted = Sum.of(frozen, LowRank.of(left, right, 2)); // 0: frozen, 1.left, 1.right
    assertEquals(List.of("1.left", "1.right"), List.copyOf(adapted.parameters().names()));
  }

  private static double trace(Tensor a) {
    double sum = 0;
    for (int i = 0; i < a.size(0); i++) {
      sum += a.get(i, i);
    }
    return sum;
  }
}
