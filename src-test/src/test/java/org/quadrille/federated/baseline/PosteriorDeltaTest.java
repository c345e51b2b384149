package org.quadrille.federated.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.junit.jupiter.api.Test;
import org.quadrille.ReferenceData;
import org.quadrille.federated.simulation.RandomStream;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;

/** The recursion of posterior averaging against a dense solve. */
class PosteriorDeltaTest {

  @Test
  void directionsAreThoseOfTheReference() throws Exception {
    List<?> cases = Json.read(ReferenceData.file("fedep", "fedpa_delta.json")).array("cases");
    assertTrue(!cases.isEmpty());
    for (Object item : cases) {
      JsonObject row = (JsonObject) item;
      List<double[]> samples =
          row.array("samples").stream().map(QuadraticFederation::vector).toList();
      double[] delta = PosteriorDelta.of(row.numbers("start"), samples, row.number("rho"));
      double[] expected = row.numbers("delta");
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], delta[i], 1e-9 * Math.max(1, Math.abs(expected[i])));
      }
    }
  }

  @Property(tries = 40)
  void recursionEqualsDenseSolve(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int d,
      @ForAll @IntRange(min = 1, max = 12) int l,
      @ForAll @DoubleRange(min = 0, max = 3) double rho) {
    RandomStream stream = new RandomStream(seed);
    double[] mean = normals(stream, d);
    List<double[]> samples = IntStream.range(0, l).mapToObj(i -> normals(stream, d)).toList();
    double r = 1 / (1 + (l - 1) * rho);
    RealVector centre = new ArrayRealVector(d);
    for (double[] sample : samples) {
      centre = centre.add(new ArrayRealVector(sample).mapDivide(l));
    }
    RealMatrix covariance = MatrixUtils.createRealIdentityMatrix(d).scalarMultiply(r);
    for (double[] sample : samples) {
      RealVector x = new ArrayRealVector(sample).subtract(centre);
      if (l > 1) {
        covariance = covariance.add(x.outerProduct(x).scalarMultiply((1 - r) / (l - 1)));
      }
    }
    RealVector expected =
        new LUDecomposition(covariance)
            .getSolver()
            .solve(new ArrayRealVector(mean).subtract(centre));
    double[] delta = PosteriorDelta.of(mean, samples, rho);
    double scale = 1 + expected.getNorm();
    for (int i = 0; i < d; i++) {
      assertEquals(expected.getEntry(i), delta[i], 1e-9 * scale);
    }
  }

  @Test
  void withOneSampleOrWithoutShrinkageItIsAveraging() {
    double[] mean = {1, 2};
    assertArrayEquals(
        new double[] {-2, 5}, PosteriorDelta.of(mean, List.of(new double[] {3, -3}), 0.7), 1e-15);
    assertArrayEquals(
        new double[] {-1, 0.5},
        PosteriorDelta.of(mean, List.of(new double[] {3, 0}, new double[] {1, 3}), 0),
        1e-15);
  }

  @Test
  void refusesBadInput() {
    double[] mean = {1, 2};
    assertThrows(IllegalArgumentException.class, () -> PosteriorDelta.of(mean, List.of(), 0.1));
    assertThrows(
        IllegalArgumentException.class, () -> PosteriorDelta.of(mean, List.of(new double[3]), 0.1));
    assertThrows(
        IllegalArgumentException.class, () -> PosteriorDelta.of(mean, List.of(new double[2]), -1));
  }

  private static double[] normals(RandomStream stream, int n) {
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = stream.normal();
    }
    return values;
  }
}
