package org.quadrille.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.quadrille.linalg.SlowAlgebra.assertClose;
import static org.quadrille.linalg.SlowAlgebra.assertOrthonormalColumns;
import static org.quadrille.linalg.SlowAlgebra.random;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The steps of a decomposition one by one. */
class BidiagonalSvdTest {

  @Property(tries = 40)
  void reductionReproducesTheMatrix(
      @ForAll @IntRange(min = 1, max = 75) int n,
      @ForAll @IntRange(max = 30) int more,
      @ForAll DType dtype) {
    Tensor a = random(n, n + more, n).to(dtype);
    Bidiagonalization reduced = new Bidiagonalization(a.transpose().copy());
    // A = Q [B; 0] P^T, applied to the rows of [B; 0] and of the identity
    Tensor b = bidiagonal(reduced.diagonal(), reduced.superdiagonal()).to(dtype);
    Tensor rows = Tensor.zeros(dtype, n, n + more);
    rows.slice(1, 0, n).assign(b.transpose());
    reduced.applyLeft(rows);
    Tensor p = SlowAlgebra.identity(n).to(dtype);
    reduced.applyRight(p);
    Tensor product = MatrixProduct.multiply(rows.transpose(), p);
    double tolerance = 8 * (n + more + 4) * dtype.unitRoundoff();
    assertOrthonormalColumns(p, tolerance);
    assertClose(a.to(DType.F64), product.to(DType.F64), tolerance * Norms.max(a));
  }

  @Test
  void rowsThatVanishAreReducedToo() {
    int n = 40;
    for (DType dtype : DType.values()) {
      // Noise far below rounding, whose reciprocal is infinite.
      double noise = dtype == DType.F32 ? 1e-43 : 1e-320;
      Tensor a = Arithmetic.scaled(noise, random(3, n, n)).to(dtype);
      a.set(1, 0, 0);
      Bidiagonalization reduced = new Bidiagonalization(a.transpose().copy());
      assertEquals(1, Math.abs(reduced.diagonal()[0]));
      for (int i = 1; i < n; i++) {
        assertEquals(0, reduced.diagonal()[i], 100 * noise);
        assertEquals(0, reduced.superdiagonal()[i - 1], 100 * noise);
      }
      Tensor rows = Tensor.zeros(dtype, n, n).assign(SlowAlgebra.identity(n));
      reduced.applyLeft(rows);
      assertOrthonormalColumns(rows, 100 * dtype.unitRoundoff());
    }
  }

  @Property(tries = 100)
  void qrIterationAndDivideAndConquerDecomposeBidiagonalMatrices(
      @ForAll SvdSamples sample, @ForAll @IntRange(min = 1, max = 140) int n) {
    double[] d = new double[n];
    double[] e = new double[Math.max(0, n - 1)];
    // The bidiagonal part of any sample is a bidiagonal sample.
    Tensor a = sample.of(n, n);
    Arrays.setAll(d, i -> a.get(i, i));
    Arrays.setAll(e, i -> a.get(i, i + 1));
    Tensor b = bidiagonal(d, e);
    double tolerance = 4 * Math.max(n, 8) * 0x1p-53;
    BidiagonalDivideAndConquer divided = BidiagonalDivideAndConquer.decompose(d, e, DType.F64);
    checkParts(b, divided.left, divided.values, divided.right, tolerance);
    double[][] left = identity(n);
    double[][] right = identity(n);
    double[] values = d.clone();
    BidiagonalQr.diagonalize(values, e.clone(), left, right);
    checkParts(b, Tensor.of(flat(left), n, n), values, Tensor.of(flat(right), n, n), tolerance);
    double[] first = divided.values.clone();
    Arrays.sort(first);
    Arrays.sort(values);
    for (int i = 0; i < n; i++) {
      assertEquals(values[i], first[i], tolerance * Math.max(values[n - 1], Double.MIN_NORMAL));
    }
  }

  @Test
  void qrIterationKeepsTinyValuesOfGradedMatrices() {
    int n = 40;
    double[] d = new double[n];
    double[] e = new double[n - 1];
    Arrays.setAll(d, i -> Math.scalb(1.0, -10 * i));
    Arrays.setAll(e, i -> Math.scalb(1.0, -10 * i - 12));
    double product = Arrays.stream(d).map(Math::log).sum();
    BidiagonalQr.diagonalize(d, e, null, null);
    // The determinant, whose smallest factor is 1e-117, is that of the diagonal.
    assertEquals(product, Arrays.stream(d).map(Math::log).sum(), 1e-11);
  }

  @Test
  void theColumnTooManyIsRotatedAway() {
    int n = 9;
    double[] d = new double[n + 1];
    double[] e = new double[n + 1];
    Arrays.setAll(d, i -> i < n ? Math.cos(i) : 0);
    Arrays.setAll(e, i -> i < n ? 1 + Math.sin(i) : 0);
    Tensor wide = SvdSamples.bidiagonal(n, n + 1, i -> Math.cos(i), i -> 1 + Math.sin(i));
    double[][] left = identity(n + 1);
    double[][] right = identity(n + 1);
    BidiagonalQr.annihilateLastColumn(d, e, left, right);
    Tensor kernel = Tensor.of(right[n], n + 1);
    assertClose(Tensor.zeros(DType.F64, n), MatrixProduct.multiply(wide, kernel), 1e-14);
    assertEquals(1, Norms.frobenius(kernel), 1e-14);
    assertEquals(0, d[n], 1e-14);
  }

  @Test
  void smallerSingularValueOfTwoByTwo() {
    double[][] matrices = {
      {3, 2, 1}, {1, 1e200, 1}, {0, 5, 2}, {1e-200, 1, 1e-200}, {2, 0, 7}, {-1, 3, -4}
    };
    for (double[] t : matrices) {
      double f = t[0];
      double g = t[1];
      double h = t[2];
      // s_1 s_2 = |f h| and s_1^2 + s_2^2 = f^2 + g^2 + h^2
      double larger = (Math.hypot(f + h, g) + Math.hypot(f - h, g)) / 2;
      double expected = Math.abs(f) / larger * Math.abs(h);
      double actual = BidiagonalQr.smallerSingularValue(f, g, h);
      assertEquals(expected, actual, 4e-15 * expected);
    }
  }

  @Test
  void iterationThatCannotConvergeIsReported() {
    double[] d = {1, Double.NaN, 2};
    double[] e = {1, 1};
    assertThrows(NotConvergedException.class, () -> BidiagonalQr.diagonalize(d, e, null, null));
  }

  private static Tensor bidiagonal(double[] d, double[] e) {
    return SvdSamples.bidiagonal(d.length, d.length, i -> d[i], i -> i < e.length ? e[i] : 0);
  }

  private static double[][] identity(int n) {
    double[][] rows = new double[n][n];
    for (int i = 0; i < n; i++) {
      rows[i][i] = 1;
    }
    return rows;
  }

  private static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  /** U and V in rows. */
  private static void checkParts(
      Tensor b, Tensor ut, double[] values, Tensor vt, double tolerance) {
    int n = values.length;
    assertOrthonormalColumns(ut.transpose(), tolerance);
    assertOrthonormalColumns(vt.transpose(), tolerance);
    Svd svd = new Svd(ut.transpose(), Tensor.of(values, n), vt.transpose());
    assertClose(b, svd.reconstruct(), tolerance * Arrays.stream(values).max().orElseThrow());
  }
}
