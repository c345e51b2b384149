package org.quadrille.zernike;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;

class DiskTransformTest {
  /** Random coefficients of orthonormal modes, as plain ones. */
  private static double[] random(int degree, long seed) {
    Random random = new Random(seed);
    double[] coefficients = new double[(degree + 1) * (degree + 2) / 2];
    for (int j = 0; j < coefficients.length; j++) {
      coefficients[j] = random.nextGaussian() * ModeOrder.OSA.mode(j).orthonormalFactor();
    }
    return coefficients;
  }

  /** Distance of two expansions over the norm of one, as functions. */
  private static double distance(double[] a, double[] b) {
    double error = 0;
    double size = 0;
    for (int j = 0; j < a.length; j++) {
      double norm = ModeOrder.OSA.mode(j).orthonormalFactor();
      error += Math.pow((a[j] - b[j]) / norm, 2);
      size += Math.pow(b[j] / norm, 2);
    }
    return Math.sqrt(error / size);
  }

  /** The sum of all modes, from one column of radial polynomials for each order. */
  private static double value(double[] coefficients, int degree, double r, double theta) {
    double sum = 0;
    for (int order = 0; order <= degree; order++) {
      int count = (degree - order) / 2 + 1;
      double[] radial = new double[count];
      new RadialColumn(order, 0, count).values(r, radial);
      for (int n = 0; n < count; n++) {
        int d = order + 2 * n;
        double cosine = coefficients[(d * (d + 2) + order) / 2];
        double sine = order == 0 ? 0 : coefficients[(d * (d + 2) - order) / 2];
        sum += radial[n] * (cosine * Math.cos(order * theta) + sine * Math.sin(order * theta));
      }
    }
    return sum;
  }

  private static DiskRule grid(int degree, boolean squared, int moreRings, int moreAngles) {
    int angles = 2 * degree + 1 + moreAngles;
    return squared
        ? DiskRule.inSquaredRadius(degree / 2 + 1 + moreRings, angles)
        : DiskRule.inRadius(degree + 1 + moreRings, angles);
  }

  @Property(tries = 60)
  void synthesisIsTheSumOfModes(
      @ForAll @IntRange(min = 0, max = 40) int degree,
      @ForAll @IntRange(min = 0, max = 12) int moreAngles,
      @ForAll boolean squared) {
    DiskRule rule = grid(degree, squared, moreAngles % 3, moreAngles);
    double[] coefficients = random(degree, degree);
    double[] samples = DiskTransform.onGrid(degree, rule).synthesize(coefficients);
    double[] radii = rule.radial().radii();
    Random random = new Random(moreAngles);
    for (int k = 0; k < 20; k++) {
      int i = random.nextInt(rule.radialNodes());
      int j = random.nextInt(rule.angles());
      double theta = 2 * Math.PI * j / rule.angles();
      assertEquals(
          value(coefficients, degree, radii[i], theta),
          samples[i * rule.angles() + j],
          1e-13 * (degree + 1) * (degree + 1));
    }
  }

  @Property(tries = 60)
  void analysisInvertsSynthesis(
      @ForAll @IntRange(min = 0, max = 70) int degree,
      @ForAll @IntRange(min = 0, max = 30) int moreAngles,
      @ForAll boolean squared) {
    DiskTransform transform =
        DiskTransform.onGrid(degree, grid(degree, squared, moreAngles % 4, moreAngles));
    double[] coefficients = random(degree, moreAngles);
    double[] back = transform.analyze(transform.synthesize(coefficients));
    assertTrue(distance(back, coefficients) < 1e-14, "off by " + distance(back, coefficients));
  }

  @ParameterizedTest
  @CsvSource({"64, 5e-15", "255, 3e-14", "512, 5e-14"})
  void roundTripKeepsNearlyAllDigits(int degree, double tolerance) {
    DiskTransform transform = DiskTransform.ofDegree(degree);
    double[] coefficients = random(degree, 1);
    double error = distance(transform.analyze(transform.synthesize(coefficients)), coefficients);
    assertTrue(error < tolerance, "off by " + error);
  }

  @Test
  @Tag("study")
  void roundTripKeepsNearlyAllDigitsAtHighDegree() {
    roundTripKeepsNearlyAllDigits(1500, 3e-13);
  }

  @Property(tries = 40)
  void transposeIsExact(
      @ForAll @IntRange(min = 0, max = 60) int degree,
      @ForAll @IntRange(min = 1, max = 5) int columns) {
    DiskTransform transform = DiskTransform.ofDegree(degree);
    Tensor x = GaussianMatrix.of(DType.F64, 1, transform.cols(), columns);
    Tensor y = GaussianMatrix.of(DType.F64, 2, transform.rows(), columns);
    Tensor ax = transform.apply(x);
    double left = Arithmetic.dot(ax, y);
    double right = Arithmetic.dot(x, transform.applyTransposed(y));
    assertEquals(left, right, 1e-14 * Norms.frobenius(ax) * Norms.frobenius(y));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 7})
  void transposeAndAnalysisHaveTheEntriesOfTheDenseMatrix(int degree) {
    DiskTransform transform = DiskTransform.ofDegree(degree);
    Tensor dense = transform.toDense();
    Tensor y = GaussianMatrix.of(DType.F64, 3, transform.rows(), 2);
    Tensor expected = MatrixProduct.multiply(dense.transpose(), y);
    Tensor off = Arithmetic.subtract(expected, transform.applyTransposed(y));
    assertTrue(Norms.max(off) < 1e-13, "off by " + Norms.max(off));
    LinearOperator analysis = transform.analysis();
    double[] coefficients = random(degree, 4);
    Tensor back = analysis.apply(transform.apply(Tensor.of(coefficients, transform.cols())));
    assertArrayEquals(coefficients, back.doubles(), 1e-13);
    assertArrayEquals(transform.analyze(transform.synthesize(coefficients)), back.doubles(), 1e-13);
  }

  @Test
  void analysisOfOrthonormalCoefficientsIsTheAdjointOfSynthesis() {
    // D S' W with D = norms^-2: in orthonormal scaling, Q' of a Q with orthonormal columns
    int degree = 9;
    DiskTransform transform = DiskTransform.ofDegree(degree);
    Tensor gram = transform.analysis().apply(transform.toDense());
    for (int j = 0; j < transform.cols(); j++) {
      for (int k = 0; k < transform.cols(); k++) {
        assertEquals(j == k ? 1 : 0, gram.get(j, k), 1e-13);
      }
    }
  }

  @Test
  void functionsTogetherEqualEachAlone() {
    DiskTransform transform = DiskTransform.ofDegree(50);
    Tensor x = GaussianMatrix.of(DType.F64, 5, 7, transform.cols()).transpose(); // strided
    Tensor samples = transform.apply(x);
    Tensor back = transform.analyze(samples, Tensor.zeros(DType.F64, transform.cols(), 7));
    for (int k = 0; k < 7; k++) {
      double[] coefficients = x.transpose().row(k).contiguous().copy().doubles();
      double[] alone = transform.synthesize(coefficients);
      for (int i = 0; i < alone.length; i++) {
        assertEquals(alone[i], samples.get(i, k), 1e-12);
      }
      for (int j = 0; j < coefficients.length; j++) {
        assertEquals(coefficients[j], back.get(j, k), 1e-12);
      }
    }
  }

  /** Degrees with radial matrices kept and made anew. */
  @ParameterizedTest
  @ValueSource(ints = {131, 170})
  void bitsDependNeitherOnThreadsNorOnKernels(int degree) {
    DiskTransform transform = DiskTransform.ofDegree(degree);
    Tensor x = GaussianMatrix.of(DType.F64, 6, transform.cols(), 3);
    for (Tensor operand : new Tensor[] {x, x.transpose().row(1)}) {
      double[] expected = roundTrip(transform, operand);
      for (int threads : new int[] {1, 3, 8}) {
        double[] given = WorkerPool.of(threads).call(() -> roundTrip(transform, operand));
        assertArrayEquals(expected, given, 0.0);
      }
      KernelProvider.with(
          KernelProvider.scalar(),
          () -> assertArrayEquals(expected, roundTrip(transform, operand), 0.0));
    }
    DiskTransform sameAgain = WorkerPool.of(1).call(() -> DiskTransform.ofDegree(degree));
    assertArrayEquals(roundTrip(transform, x), roundTrip(sameAgain, x), 0.0);
  }

  private static double[] roundTrip(DiskTransform transform, Tensor x) {
    return transform.applyTransposed(transform.apply(x)).doubles();
  }

  @Test
  void highOrdersFarBelowTheRangeOfDoublesAreRight() {
    // x^2500 underflows at most radii where R_{2500,300} does not vanish
    int degree = 3100;
    int order = 2500;
    DiskRule rule = DiskRule.inSquaredRadius(20, 64);
    double[] t = rule.radial().nodes();
    double[] s = rule.radial().complements();
    RadialMatrix matrix = new RadialMatrix(order, 301, t, s, new RadialPowers(t, s, degree));
    double[] entries = new double[matrix.count() * matrix.columns()];
    matrix.fill(entries, new RadialMatrix.Scratch(t.length));
    double[] column = new double[301];
    for (int i = matrix.first(); i < t.length; i++) {
      new RadialColumn(order, 0, 301).values(t[i], s[i], column);
      for (int n = 0; n < 301; n++) {
        assertEquals(column[n], entries[n * matrix.columns() + i - matrix.first()], 1e-13);
      }
    }
    for (int i = 0; i < matrix.first(); i++) {
      new RadialColumn(order, 0, 301).values(t[i], s[i], column);
      assertEquals(0, column[300], 1e-60);
    }
    assertTrue(matrix.first() > 0 && matrix.columns() > 3, "columns " + matrix.columns());
  }

  @Test
  void smallGridsAliasOnRequestOnly() {
    DiskRule rule = DiskRule.inSquaredRadius(6, 11);
    assertThrows(IllegalArgumentException.class, () -> DiskTransform.onGrid(10, rule));
    DiskTransform transform = DiskTransform.allowingAliasing(10, rule);
    double[] coefficients = random(10, 2);
    double[] samples = transform.synthesize(coefficients);
    double[] radii = rule.radial().radii();
    for (int j = 0; j < 11; j++) {
      double expected = value(coefficients, 10, radii[3], 2 * Math.PI * j / 11);
      assertEquals(expected, samples[3 * 11 + j], 1e-12);
    }
    // 7 cos = 4 cos on eleven angles
    Tensor x = GaussianMatrix.of(DType.F64, 1, transform.cols(), 2);
    Tensor y = GaussianMatrix.of(DType.F64, 2, transform.rows(), 2);
    double left = Arithmetic.dot(transform.apply(x), y);
    assertEquals(left, Arithmetic.dot(x, transform.applyTransposed(y)), 1e-11);
  }

  @Test
  void badInputIsRefused() {
    DiskTransform transform = DiskTransform.ofDegree(4);
    assertThrows(IllegalArgumentException.class, () -> DiskTransform.ofDegree(-1));
    assertThrows(IllegalArgumentException.class, () -> DiskTransform.ofDegree(9000));
    assertThrows(IllegalArgumentException.class, () -> transform.synthesize(new double[14]));
    assertThrows(IllegalArgumentException.class, () -> transform.analyze(new double[14]));
    double[] samples = new double[transform.rows()];
    samples[3] = Double.NaN;
    Exception e = assertThrows(IllegalArgumentException.class, () -> transform.analyze(samples));
    assertTrue(e.getMessage().contains("number 3 is NaN"), e.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> transform.apply(Tensor.zeros(DType.F32, transform.cols())));
    assertThrows(
        IllegalArgumentException.class,
        () -> DiskTransform.onGrid(9, DiskRule.inRadius(9, 19))); // rule in the radius: 10 rings
  }
}
