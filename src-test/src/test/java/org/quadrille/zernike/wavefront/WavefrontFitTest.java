package org.quadrille.zernike.wavefront;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.zernike.wavefront.Samples.assertClose;
import static org.quadrille.zernike.wavefront.Samples.assertRejected;
import static org.quadrille.zernike.wavefront.Samples.coefficients;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.hipparchus.linear.SingularValueDecomposition;
import org.junit.jupiter.api.Test;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.zernike.ModeOrder;

class WavefrontFitTest {
  private static final int DEGREE = 4;

  /** Noisy samples that no expansion of the degree fits. */
  private static double[] noisy(double[][] points) {
    SplittableRandom random = new SplittableRandom(11);
    double[] values = new double[points[0].length];
    Arrays.setAll(
        values, i -> Math.sin(3 * points[0][i]) + points[1][i] + random.nextDouble(-0.1, 0.1));
    return values;
  }

  private static double[] weights(int count) {
    SplittableRandom random = new SplittableRandom(12);
    return random.doubles(count, 0.2, 3).toArray();
  }

  /** The weighted design matrix, by the definition of modes. */
  private static RealMatrix design(double[][] points, double[] weights, int degree) {
    int modes = (degree + 1) * (degree + 2) / 2;
    double[][] rows = new double[points[0].length][modes];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < modes; j++) {
        double value = Samples.mode(ModeOrder.OSA.mode(j), points[0][i], points[1][i]);
        rows[i][j] = Math.sqrt(weights[i]) * value;
      }
    }
    return new Array2DRowRealMatrix(rows, false);
  }

  private static RealVector right(double[] values, double[] weights) {
    double[] right = new double[values.length];
    Arrays.setAll(right, i -> Math.sqrt(weights[i]) * values[i]);
    return new ArrayRealVector(right, false);
  }

  @Test
  void agreesWithAnIndependentLeastSquaresSolver() {
    double[][] points = Samples.points(1, 120);
    double[] values = noisy(points);
    double[] weights = weights(120);
    WavefrontFit fit = new FitOptions(DEGREE).fit(points[0], points[1], values, weights);
    RealMatrix a = design(points, weights, DEGREE);
    RealVector b = right(values, weights);
    SingularValueDecomposition svd = new SingularValueDecomposition(a);
    RealVector x = svd.getSolver().solve(b);
    assertClose(x.toArray(), fit.coefficients(), 1e-13);
    double condition = svd.getConditionNumber();
    assertEquals(condition, fit.conditionNumber(), 1e-12 * condition);
    double square = Math.pow(a.operate(x).subtract(b).getNorm(), 2);
    double total = Arrays.stream(weights).sum();
    assertEquals(Math.sqrt(square / total), fit.residualRms(), 1e-13);
    RealMatrix covariance = svd.getCovariance(0);
    double variance = square / (120 - 15);
    for (int j = 0; j < 15; j++) {
      double expected = Math.sqrt(variance * covariance.getEntry(j, j));
      assertEquals(expected, fit.standardErrors()[j], 1e-12);
    }
    assertEquals(15, fit.rank());
    assertEquals(120, fit.samplesUsed());
    double[] residuals = fit.residuals(points[0], points[1], values);
    double sum = 0;
    for (int i = 0; i < residuals.length; i++) {
      sum += weights[i] * residuals[i] * residuals[i];
    }
    assertEquals(square, sum, 1e-12);
  }

  @Property(tries = 15)
  void expansionsAreFoundAgain(@ForAll @IntRange(max = 12) int degree) {
    double[] c = coefficients(degree, degree, 1);
    double[][] points = Samples.points(2, 4 * c.length + 10);
    double[] values = Samples.values(c, points[0], points[1]);
    WavefrontFit fit = new FitOptions(degree).fit(points[0], points[1], values, null);
    assertClose(c, fit.coefficients(), 1e-14 * (degree + 1) * fit.conditionNumber());
    assertTrue(fit.residualRms() < 1e-13 * (degree + 1));
  }

  @Test
  void manyBlocksOfPointsGiveTheSameAsOne() {
    double[] c = coefficients(3, 6, 1);
    double[][] points = Samples.points(4, 5000);
    double[] values = Samples.values(c, points[0], points[1]);
    values[17] += 1;
    WavefrontFit fit = new FitOptions(6).fit(points[0], points[1], values, null);
    RealMatrix a = design(points, ones(5000), 6);
    RealVector b = right(values, ones(5000));
    RealMatrix gram = a.transposeMultiply(a);
    RealVector normal =
        a.transposeMultiply(new Array2DRowRealMatrix(b.toArray())).getColumnVector(0);
    RealVector x = new SingularValueDecomposition(gram).getSolver().solve(normal);
    assertClose(x.toArray(), fit.coefficients(), 1e-13);
  }

  /** A rank tolerance asks for QR, which needs no condition. */
  @Test
  void bothMethodsAgree() {
    double[][] points = Samples.points(16, 5000);
    double[] values = noisy(points);
    double[] weights = weights(5000);
    FitOptions options = new FitOptions(9);
    WavefrontFit fast = options.fit(points[0], points[1], values, weights);
    WavefrontFit careful =
        options.withRankTolerance(1e-14).fit(points[0], points[1], values, weights);
    assertClose(careful.coefficients(), fast.coefficients(), 1e-14);
    assertClose(careful.standardErrors(), fast.standardErrors(), 1e-14);
    assertEquals(careful.residualRms(), fast.residualRms(), 1e-14);
    assertEquals(careful.conditionNumber(), fast.conditionNumber(), 1e-12);
  }

  @Test
  void illConditionedFitsOfManyPointsAreStillAccurate() {
    double[] c = coefficients(17, 8, 1);
    double[][] points = Samples.points(18, 6000);
    for (double[] axis : points) {
      Arrays.setAll(axis, i -> 0.2 * axis[i]);
    }
    double[] values = Samples.values(c, points[0], points[1]);
    WavefrontFit fit = new FitOptions(8).fit(points[0], points[1], values, null);
    assertTrue(fit.conditionNumber() > 1e6, "condition number " + fit.conditionNumber());
    assertClose(c, fit.coefficients(), 1e-15 * fit.conditionNumber());
    assertTrue(fit.residualRms() < 1e-14, "residual " + fit.residualRms());
  }

  private static double[] ones(int count) {
    double[] ones = new double[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  @Test
  void missingSamplesAreDroppedAndCounted() {
    double[] c = coefficients(5, DEGREE, 1);
    double[][] points = Samples.points(6, 60);
    double[] values = Samples.values(c, points[0], points[1]);
    double[] weights = ones(60);
    values[0] = Double.NaN;
    values[1] = Double.POSITIVE_INFINITY;
    points[0][2] = Double.NaN;
    points[1][3] = 1.5;
    weights[4] = 0;
    weights[5] = Double.NaN;
    WavefrontFit fit = new FitOptions(DEGREE).fit(points[0], points[1], values, weights);
    assertEquals(54, fit.samplesUsed());
    assertEquals(6, fit.samplesDropped());
    assertClose(c, fit.coefficients(), 1e-12);
    double[] residuals = fit.residuals(points[0], points[1], values);
    assertTrue(Double.isNaN(residuals[0]) && Double.isNaN(residuals[2]));
    assertTrue(Double.isNaN(residuals[3]));
  }

  @Test
  void maskedPixelsAreDropped() {
    PixelGrid grid = PixelGrid.inscribed(40, 50);
    double[] c = coefficients(7, 5, 1);
    double[] pixels = new double[2000];
    Arrays.setAll(pixels, i -> i % 7 == 0 ? Double.NaN : Samples.value(c, grid.x(i), grid.y(i)));
    WavefrontFit fit = new FitOptions(5).fitPixels(grid, pixels);
    assertClose(c, fit.coefficients(), 1e-12);
    assertEquals(grid.inside().length, fit.samplesUsed() + fit.samplesDropped());
    assertTrue(fit.samplesDropped() > 100);
  }

  @Property(tries = 12)
  void slopesGiveTheWavefrontButPiston(@ForAll @IntRange(min = 1, max = 15) int degree) {
    double[] c = coefficients(degree, degree, 1);
    WavefrontGradient gradient = WavefrontGradient.of(c);
    double[][] points = Samples.points(8, 3 * c.length + 10);
    double[] slopeX = Samples.values(gradient.x(), points[0], points[1]);
    double[] slopeY = Samples.values(gradient.y(), points[0], points[1]);
    WavefrontFit fit = new FitOptions(degree).fitSlopes(points[0], points[1], slopeX, slopeY, null);
    c[0] = 0;
    assertClose(c, fit.coefficients(), 1e-14 * (degree + 1) * fit.conditionNumber());
    assertEquals(c.length - 1, fit.rank());
    assertEquals(0, fit.standardErrors()[0]);
  }

  @Test
  void slopesWithWeightsAndGapsAgreeWithAnIndependentSolver() {
    double[][] points = Samples.points(9, 80);
    double[] slopeX = noisy(points);
    double[] slopeY = noisy(new double[][] {points[1], points[0]});
    double[] weights = weights(80);
    WavefrontFit fit = new FitOptions(3).fitSlopes(points[0], points[1], slopeX, slopeY, weights);
    double[][] rows = new double[160][9];
    double[] right = new double[160];
    for (int j = 1; j < 10; j++) {
      double[] unit = new double[10];
      unit[j] = 1;
      WavefrontGradient gradient = WavefrontGradient.of(unit);
      for (int i = 0; i < 80; i++) {
        double root = Math.sqrt(weights[i]);
        rows[i][j - 1] = root * Samples.value(gradient.x(), points[0][i], points[1][i]);
        rows[80 + i][j - 1] = root * Samples.value(gradient.y(), points[0][i], points[1][i]);
        right[i] = root * slopeX[i];
        right[80 + i] = root * slopeY[i];
      }
    }
    SingularValueDecomposition svd =
        new SingularValueDecomposition(new Array2DRowRealMatrix(rows, false));
    double[] x = svd.getSolver().solve(new ArrayRealVector(right, false)).toArray();
    assertClose(x, Arrays.copyOfRange(fit.coefficients(), 1, 10), 1e-13);
    slopeY[3] = Double.NaN;
    WavefrontFit gap = new FitOptions(3).fitSlopes(points[0], points[1], slopeX, slopeY, weights);
    assertEquals(1, gap.samplesDropped());
  }

  @Test
  void ridgeMinimizesThePenalizedSum() {
    double[][] points = Samples.points(10, 40);
    double[] values = noisy(points);
    double lambda = 1e-3;
    WavefrontFit fit =
        new FitOptions(DEGREE).withRidge(lambda).fit(points[0], points[1], values, null);
    RealMatrix a = design(points, ones(40), DEGREE);
    RealMatrix normal = a.transposeMultiply(a);
    for (int d = 0, j = 0; d <= DEGREE; d++) {
      for (int m = -d; m <= d; m += 2, j++) {
        normal.addToEntry(j, j, lambda * 40 * Math.pow(d, 4));
      }
    }
    RealVector b = right(values, ones(40));
    RealVector x = new SingularValueDecomposition(normal).getSolver().solve(a.preMultiply(b));
    assertClose(x.toArray(), fit.coefficients(), 1e-13);
    double residual = a.operate(x).subtract(b).getNorm() / Math.sqrt(40);
    assertEquals(residual, fit.residualRms(), 1e-13);
  }

  @Test
  void fewPointsAreRefusedUnlessRankMayBeLow() {
    double[][] points = Samples.points(13, 10);
    double[] values = noisy(points);
    FitOptions options = new FitOptions(DEGREE);
    assertRejected(
        () -> options.fit(points[0], points[1], values, null), "all 15 modes", "rank tolerance");
    WavefrontFit fit = options.withRankTolerance(1e-10).fit(points[0], points[1], values, null);
    assertEquals(10, fit.rank());
    assertTrue(fit.residualRms() < 1e-12, "all samples are met");
    assertTrue(Double.isNaN(fit.standardErrors()[0]), "no equation is left over");
    // the shortest of all solutions
    RealMatrix a = design(points, ones(10), DEGREE);
    double[] x = new SingularValueDecomposition(a).getSolver().getInverse().operate(values);
    assertClose(x, fit.coefficients(), 1e-10);
  }

  @Test
  void modesOfAnotherPupilAreFitted() {
    PupilQuadrature pupil = PupilQuadrature.annulus(12, 0.6);
    PupilBasis basis = PupilBasis.of(6, pupil);
    double[] c = coefficients(14, 6, 1);
    double[] values = Samples.values(c, pupil.x(), pupil.y());
    WavefrontFit fit =
        new FitOptions(6).withBasis(basis).fit(pupil.x(), pupil.y(), values, pupil.weights());
    assertClose(basis.fromZernike(c), fit.coefficients(), 1e-13);
    assertEquals(1, fit.conditionNumber(), 1e-12);
    assertClose(c, fit.zernike(), 1e-11);
    double[] direct =
        new FitOptions(6).fit(pupil.x(), pupil.y(), values, pupil.weights()).zernike();
    assertClose(c, direct, 1e-11);
  }

  @Test
  void bitsDoNotDependOnThreadsNorBackend() {
    double[][] points = Samples.points(15, 3000);
    double[] values = noisy(points);
    FitOptions options = new FitOptions(7);
    double[] one =
        WorkerPool.of(1).call(() -> options.fit(points[0], points[1], values, null)).coefficients();
    double[] four =
        WorkerPool.of(4).call(() -> options.fit(points[0], points[1], values, null)).coefficients();
    assertArrayEquals(one, four);
    WavefrontFit scalar =
        KernelProvider.with(
            KernelProvider.scalar(), () -> options.fit(points[0], points[1], values, null));
    assertArrayEquals(one, scalar.coefficients());
  }

  @Test
  void mistakesAreRefused() {
    double[] three = new double[3];
    FitOptions options = new FitOptions(1);
    assertRejected(() -> options.fit(three, three, new double[2], null), "values", "given 2");
    assertRejected(() -> options.fit(three, new double[4], three, null), "y: given 4");
    assertRejected(() -> options.fit(three, three, three, new double[1]), "weights: given 1");
    assertRejected(
        () -> options.fit(three, three, three, new double[] {1, -1, 1}), "weight 1", "-1.0");
    assertRejected(
        () -> options.fit(three, three, new double[] {Double.NaN, 2, 2}, new double[3]),
        "none of 3 samples");
    assertRejected(() -> options.fit(three, three, three, null), "do not determine");
    assertRejected(() -> new FitOptions(0).fitSlopes(three, three, three, three, null), "piston");
    assertRejected(() -> new FitOptions(-1), "-1");
    assertRejected(() -> options.withRidge(-1), "ridge -1.0");
    assertRejected(() -> options.withRankTolerance(1), "tolerance 1.0");
    PupilBasis basis = PupilBasis.of(2, PupilQuadrature.disk(4));
    assertRejected(() -> options.withBasis(basis), "degree 2", "expected 1");
    assertRejected(() -> options.fitPixels(PixelGrid.inscribed(2, 2), three), "2 x 2");
  }
}
