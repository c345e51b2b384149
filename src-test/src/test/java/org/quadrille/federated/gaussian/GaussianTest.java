package org.quadrille.federated.gaussian;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.junit.jupiter.api.Test;
import org.quadrille.federated.FederatedData;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.federated.simulation.RandomStream;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** The algebra of Gaussians in natural parameters. */
class GaussianTest {

  private static double[] normals(RandomStream stream, int n) {
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = stream.normal();
    }
    return x;
  }

  /** A proper Gaussian of a shape. */
  private static Gaussian draw(PrecisionShape shape, int d, RandomKey key) {
    RandomStream stream = key.stream();
    Tensor mean = Tensor.of(normals(stream, d), d);
    switch (shape) {
      case SCALED_IDENTITY -> {
        return Gaussian.isotropic(shape, 0.3 + stream.uniform(), mean);
      }
      case DIAGONAL -> {
        double[] lambda = new double[d];
        for (int i = 0; i < d; i++) {
          lambda[i] = 0.3 + 2 * stream.uniform();
        }
        return Gaussian.ofMean(shape, mean, Tensor.of(lambda, d));
      }
      default -> {
        double[] a = normals(stream, d * d);
        Tensor lambda = Tensor.zeros(DType.F64, d, d);
        for (int i = 0; i < d; i++) {
          for (int j = 0; j < d; j++) {
            double sum = i == j ? 0.3 : 0;
            for (int k = 0; k < d; k++) {
              sum += a[i * d + k] * a[j * d + k];
            }
            lambda.set(sum, i, j);
          }
        }
        return Gaussian.ofMean(shape, mean, lambda);
      }
    }
  }

  private static RealMatrix matrix(Gaussian gaussian) {
    double[] dense = gaussian.precision().toDense().toDoubles();
    int d = gaussian.dimension();
    RealMatrix matrix = new Array2DRowRealMatrix(d, d);
    for (int i = 0; i < d * d; i++) {
      matrix.setEntry(i / d, i % d, dense[i]);
    }
    return matrix;
  }

  @Property(tries = 40)
  void agreesWithDenseAlgebra(
      @ForAll PrecisionShape shape, @ForAll @IntRange(min = 1, max = 9) int d, @ForAll long seed) {
    Gaussian g = draw(shape, d, RandomKey.of(seed));
    RealMatrix lambda = matrix(g);
    CholeskyDecomposition cholesky = new CholeskyDecomposition(lambda);
    double[] mean = cholesky.getSolver().solve(new ArrayRealVector(g.eta().toDoubles())).toArray();
    assertEquals(0, FederatedData.distance(mean, g.mean().toDoubles()), 1e-10);
    assertEquals(Math.log(cholesky.getDeterminant()), g.precision().logDeterminant(), 1e-10 * d);
    RealMatrix covariance = new LUDecomposition(lambda).getSolver().getInverse();
    double[] variances = g.precision().variances().toDoubles();
    double trace = 0;
    double smallest = Double.POSITIVE_INFINITY;
    for (double value : new EigenDecompositionSymmetric(lambda).getEigenvalues()) {
      smallest = Math.min(smallest, value);
    }
    for (int i = 0; i < d; i++) {
      assertEquals(covariance.getEntry(i, i), variances[i], 1e-9 * variances[i]);
      trace += lambda.getEntry(i, i);
    }
    assertEquals(trace, g.precision().trace(), 1e-12 * trace);
    assertEquals(lambda.getFrobeniusNorm(), g.precision().frobenius(), 1e-12 * trace);
    assertEquals(smallest, g.minEigenBound(), 1e-11 * trace);
    assertTrue(g.minEigenBound() <= smallest + 1e-13 * trace);
    assertTrue(g.isProper());
    Tensor z = Tensor.of(normals(RandomKey.of(seed).child(1).stream(), d), d);
    double[] x = g.precision().correlate(z).toDoubles();
    // |L^-T z|^2 in the metric Lambda is |z|^2
    double square = new ArrayRealVector(x).dotProduct(lambda.operate(new ArrayRealVector(x)));
    assertEquals(new ArrayRealVector(z.toDoubles()).getNorm(), Math.sqrt(square), 1e-9);
  }

  @Property(tries = 40)
  void productsQuotientsAndPowersAddUp(
      @ForAll PrecisionShape a,
      @ForAll PrecisionShape b,
      @ForAll @IntRange(min = 1, max = 7) int d,
      @ForAll long seed) {
    Gaussian x = draw(a, d, RandomKey.of(seed));
    Gaussian y = draw(b, d, RandomKey.of(seed).child(1));
    Gaussian product = x.multiply(y);
    assertEquals(a.orLarger(b), product.shape());
    assertEquals(0, FederatedData.distance(x, product.divide(y)), 1e-13);
    assertEquals(0, FederatedData.distance(product, y.multiply(x)), 0);
    assertEquals(0, FederatedData.distance(x.multiply(x), x.power(2)), 1e-15);
    Gaussian sum = product.copy().fma(-0.5, b == product.shape() ? y : y.as(product.shape()));
    assertEquals(0, FederatedData.distance(x.multiply(y.power(0.5)), sum), 1e-14);
    Tensor theta = Tensor.of(normals(RandomKey.of(seed).child(2).stream(), d), d);
    assertEquals(
        x.logDensity(theta) + y.logDensity(theta),
        product.logDensity(theta),
        1e-11 * (1 + Math.abs(product.logDensity(theta))));
  }

  /** The divergence from its definition with inverses and traces. */
  @Property(tries = 30)
  void divergenceIsThatOfTheDefinition(
      @ForAll PrecisionShape a,
      @ForAll PrecisionShape b,
      @ForAll @IntRange(min = 1, max = 6) int d,
      @ForAll long seed) {
    Gaussian p = draw(a, d, RandomKey.of(seed));
    Gaussian q = draw(b, d, RandomKey.of(seed).child(1));
    RealMatrix l0 = matrix(p);
    RealMatrix l1 = matrix(q);
    RealMatrix s0 = new LUDecomposition(l0).getSolver().getInverse();
    ArrayRealVector shift =
        new ArrayRealVector(p.mean().toDoubles())
            .subtract(new ArrayRealVector(q.mean().toDoubles()));
    double expected =
        0.5
            * (l1.multiply(s0).getTrace()
                + shift.dotProduct(l1.operate(shift))
                - d
                + Math.log(new LUDecomposition(l0).getDeterminant())
                - Math.log(new LUDecomposition(l1).getDeterminant()));
    assertEquals(expected, p.divergenceFrom(q), 1e-8 * (1 + expected));
    assertTrue(p.divergenceFrom(q) > -1e-10);
    assertEquals(0, p.divergenceFrom(p), 1e-10);
  }

  /** Projections minimize the divergence they are named for. */
  @Property(tries = 20)
  void projectionsMinimize(
      @ForAll @IntRange(min = 2, max = 5) int d, @ForAll long seed, @ForAll boolean toIdentity) {
    Gaussian t = draw(PrecisionShape.FULL, d, RandomKey.of(seed));
    PrecisionShape shape = toIdentity ? PrecisionShape.SCALED_IDENTITY : PrecisionShape.DIAGONAL;
    Gaussian moment = Projection.MOMENT.project(t, shape);
    Gaussian precision = Projection.PRECISION.project(t, shape);
    double inclusive = t.divergenceFrom(moment);
    double exclusive = precision.divergenceFrom(t);
    for (int i = 0; i < 8; i++) {
      Gaussian other = draw(shape, d, RandomKey.of(seed).child(i)).power(0.05);
      assertTrue(t.divergenceFrom(moment.multiply(other)) >= inclusive - 1e-11);
      assertTrue(precision.multiply(other).divergenceFrom(t) >= exclusive - 1e-11);
    }
    // 1 / diag(Lambda^-1) <= diag(Lambda)
    Tensor wide = moment.precision().diagonal();
    Tensor narrow = precision.precision().diagonal();
    for (int i = 0; i < d; i++) {
      assertTrue(wide.get(i) <= narrow.get(i) * (1 + 1e-12));
      assertEquals(t.mean().get(i), moment.mean().get(i), 1e-9 * (1 + Math.abs(t.mean().get(i))));
    }
    assertEquals(
        0, FederatedData.distance(t, Projection.MOMENT.project(t, PrecisionShape.FULL)), 0);
  }

  @Test
  void samplesHaveTheMoments() {
    Gaussian g = draw(PrecisionShape.FULL, 3, RandomKey.of(5));
    RandomStream stream = RandomKey.of(6).stream();
    int draws = 4000;
    double[] mean = new double[3];
    double[] square = new double[3];
    for (int s = 0; s < draws; s++) {
      double[] x = g.sample(Tensor.of(normals(stream, 3), 3)).toDoubles();
      for (int i = 0; i < 3; i++) {
        double centred = x[i] - g.mean().get(i);
        mean[i] += centred / draws;
        square[i] += centred * centred / draws;
      }
    }
    double[] variances = g.precision().variances().toDoubles();
    for (int i = 0; i < 3; i++) {
      assertEquals(0, mean[i], 5 * Math.sqrt(variances[i] / draws));
      assertEquals(variances[i], square[i], 5 * variances[i] * Math.sqrt(2.0 / draws));
    }
  }

  @Test
  void ofMomentsInvertsTheCovariance() {
    Gaussian g = draw(PrecisionShape.FULL, 4, RandomKey.of(9));
    Tensor covariance = ((FullPrecision) g.precision()).inverse();
    assertEquals(0, FederatedData.distance(g, Gaussian.ofMoments(g.mean(), covariance)), 1e-11);
  }

  @Test
  void improperQuotientsAreLegal() {
    for (PrecisionShape shape : PrecisionShape.values()) {
      Gaussian g = draw(shape, 3, RandomKey.of(2));
      Gaussian site = g.divide(g.power(2));
      assertFalse(site.isProper());
      assertTrue(site.minEigenBound() < 0);
      IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, site::mean);
      assertTrue(refused.getMessage().contains("isProper"), refused.getMessage());
      assertThrows(IllegalArgumentException.class, () -> site.precision().logDeterminant());
      assertThrows(IllegalArgumentException.class, () -> site.precision().variances());
      assertFalse(Gaussian.one(shape, 3).isProper());
      Gaussian broken = g.copy();
      broken.natural()[0] = Double.NaN;
      assertFalse(broken.isProper());
      assertArrayEquals(g.natural(), g.copy().natural());
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    Tensor two = Tensor.zeros(DType.F64, 2);
    assertThrows(IllegalArgumentException.class, () -> Gaussian.one(PrecisionShape.DIAGONAL, 0));
    assertThrows(IllegalArgumentException.class, () -> PrecisionShape.FULL.length(100_000));
    assertThrows(
        IllegalArgumentException.class,
        () -> Gaussian.ofNatural(PrecisionShape.FULL, 2, new double[4]));
    assertThrows(
        IllegalArgumentException.class,
        () -> Gaussian.ofMean(PrecisionShape.DIAGONAL, two, Tensor.zeros(DType.F64, 3)));
    Gaussian full = draw(PrecisionShape.FULL, 2, RandomKey.of(1));
    assertThrows(IllegalArgumentException.class, () -> full.as(PrecisionShape.DIAGONAL));
    assertThrows(
        IllegalArgumentException.class,
        () -> full.multiply(draw(PrecisionShape.FULL, 3, RandomKey.of(1))));
    assertThrows(
        IllegalArgumentException.class, () -> full.precision().solve(Tensor.zeros(DType.F32, 2)));
    assertThrows(
        IllegalArgumentException.class,
        () -> Gaussian.ofMoments(two, Tensor.of(new double[] {1, 2, 2, 1}, 2, 2)));
    Gaussian diagonal = Gaussian.one(PrecisionShape.DIAGONAL, 2);
    assertThrows(IllegalArgumentException.class, () -> diagonal.fma(1, full));
  }
}
