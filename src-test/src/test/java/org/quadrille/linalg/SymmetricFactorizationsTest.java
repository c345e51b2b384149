package org.quadrille.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.linalg.Messages.assertRejected;
import static org.quadrille.linalg.SlowAlgebra.assertClose;
import static org.quadrille.linalg.SlowAlgebra.assertOrthonormalColumns;
import static org.quadrille.linalg.SlowAlgebra.identity;
import static org.quadrille.linalg.SlowAlgebra.product;
import static org.quadrille.linalg.SlowAlgebra.random;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.ejml.Ejml;

/** {@link Cholesky} and {@link SymmetricEigen}. */
class SymmetricFactorizationsTest {

  @Property(tries = 30)
  void choleskyFactorReproducesTheMatrix(@ForAll @IntRange(max = 200) int n) {
    Tensor a = positiveDefinite(n);
    Tensor l = Cholesky.decompose(a).lower();
    for (int i = 0; i < n; i++) {
      assertTrue(l.get(i, i) > 0);
      for (int j = i + 1; j < n; j++) {
        assertEquals(0, l.get(i, j));
      }
    }
    Tensor again = MatrixProduct.multiply(l, l.transpose());
    assertClose(a, again, 4 * (n + 1) * 0x1p-53 * (n + 50));
  }

  @Test
  void choleskyAgreesWithEjml() {
    Tensor a = positiveDefinite(90);
    var ejml = DecompositionFactory_DDRM.chol(90, true);
    assertTrue(ejml.decompose(Ejml.copyToMatrix(a)));
    assertClose(Ejml.view(ejml.getT(null)), Cholesky.decompose(a).lower(), 1e-12);
  }

  @Test
  void choleskySolvesAndGivesTheDeterminant() {
    Tensor a = positiveDefinite(70);
    Tensor x = random(5, 70, 3);
    Cholesky cholesky = Cholesky.decompose(a);
    assertClose(x, cholesky.solve(product(a, x)), 1e-12);
    assertClose(
        x.transpose().copy().row(1),
        cholesky.solve(product(a, x).transpose().copy().row(1)),
        1e-12);
    Tensor small = positiveDefinite(6);
    double determinant = CommonOps_DDRM.det(Ejml.copyToMatrix(small));
    assertEquals(Math.log(determinant), Cholesky.decompose(small).logDeterminant(), 1e-13);
  }

  @Test
  void choleskyRefusesWhatIsNotPositiveDefinite() {
    Tensor a = identity(70);
    a.set(-1, 68, 68);
    assertRejected(() -> Cholesky.decompose(a), "pivot 68 is -1.0", "SymmetricEigen");
    assertRejected(() -> Cholesky.decompose(random(1, 2, 3)), "square");
    a.set(Double.NaN, 0, 1);
    assertRejected(() -> Cholesky.decompose(a), "NaN at [0, 1]");
    assertRejected(() -> Cholesky.decompose(identity(3)).solve(random(1, 4)), "[3, k]");
  }

  @Property(tries = 30)
  void eigenvectorsAreOrthonormalAndDiagonalize(
      @ForAll @IntRange(max = 25) int n, @ForAll DType dtype, @ForAll boolean jacobi) {
    Tensor g = random(1, n, n);
    Tensor a = Arithmetic.add(g, g.transpose()).to(dtype);
    SymmetricEigen eigen =
        jacobi ? SymmetricEigen.byJacobi(a.to(DType.F64)) : SymmetricEigen.decompose(a);
    double tolerance = 64 * (n + 1) * dtype.unitRoundoff();
    assertOrthonormalColumns(eigen.vectors(), tolerance);
    Tensor v = eigen.vectors().to(DType.F64);
    Tensor diagonal = product(product(v.transpose(), a.to(DType.F64)), v);
    for (int i = 0; i < n; i++) {
      diagonal.set(diagonal.get(i, i) - eigen.values().get(i), i, i);
      assertTrue(i == 0 || eigen.values().get(i) >= eigen.values().get(i - 1));
    }
    assertClose(Tensor.zeros(DType.F64, n, n), diagonal, tolerance * 4 * Math.sqrt(n + 1));
  }

  @Test
  void eigenvaluesOfTheSecondDifferenceAreKnown() {
    int n = 20;
    Tensor a = Tensor.zeros(DType.F64, n, n);
    for (int i = 0; i < n; i++) {
      a.set(2, i, i);
      if (i > 0) {
        a.set(-1, i, i - 1);
        a.set(-1, i - 1, i);
      }
    }
    for (double scale : new double[] {1, 1e-160, 1e150}) {
      Tensor values = SymmetricEigen.decompose(Arithmetic.scaled(scale, a)).values();
      for (int k = 0; k < n; k++) {
        // 4 sin^2(pi (k + 1) / (2 (n + 1)))
        double sine = Math.sin(Math.PI * (k + 1) / (2 * (n + 1)));
        assertEquals(4 * sine * sine, values.get(k) / scale, 1e-14);
      }
    }
  }

  @Test
  void eigenRefusesAsymmetricMatrices() {
    assertRejected(() -> SymmetricEigen.decompose(random(1, 3, 3)), "differs from its transpose");
    assertRejected(() -> SymmetricEigen.decompose(random(1, 3, 2)), "square");
  }

  private static Tensor positiveDefinite(int n) {
    Tensor g = random(4, n, n + 3);
    return Arithmetic.add(MatrixProduct.multiply(g, g.transpose()), identity(n));
  }
}
