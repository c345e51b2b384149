package org.quadrille.zernike.wavefront;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.quadrille.zernike.wavefront.Samples.assertClose;
import static org.quadrille.zernike.wavefront.Samples.assertRejected;
import static org.quadrille.zernike.wavefront.Samples.coefficients;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.ReferenceData;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;
import org.quadrille.zernike.RadialColumn;

class PupilTransformTest {

  private static double[] numbers(JsonObject object, String key) throws IOException {
    return object.array(key).stream().mapToDouble(v -> Double.parseDouble((String) v)).toArray();
  }

  @Test
  void coefficientsMatchReference() throws IOException {
    String text = Files.readString(ReferenceData.file("zernike", "pupil_transform.json"));
    List<?> items = Json.parseObject("{\"items\":" + text + "}").array("items");
    assertFalse(items.isEmpty());
    for (Object item : items) {
      JsonObject entry = (JsonObject) item;
      double[] shift = numbers(entry, "shift");
      PupilTransform transform =
          new PupilTransform(
              Double.parseDouble(entry.string("scale")),
              Double.parseDouble(entry.string("rotation_rad")),
              shift[0],
              shift[1]);
      double[] actual = transform.apply(numbers(entry, "coefficients_in"));
      double[] expected = numbers(entry, "coefficients_out");
      assertClose(expected, actual, 4e-15 * Samples.largest(expected));
    }
  }

  @Property(tries = 30)
  void isTheSameWavefrontAtEveryPoint(
      @ForAll @IntRange(max = 20) int degree,
      @ForAll @DoubleRange(min = 0.1, max = 0.6) double scale,
      @ForAll @DoubleRange(min = -7, max = 7) double rotation,
      @ForAll @DoubleRange(min = -0.25, max = 0.25) double shiftX,
      @ForAll @DoubleRange(min = -0.25, max = 0.25) double shiftY) {
    double[] c = coefficients(degree, degree, 1);
    double[] out = new PupilTransform(scale, rotation, shiftX, shiftY).apply(c);
    double[][] points = Samples.points(3, 5);
    for (int i = 0; i < 5; i++) {
      double u = points[0][i];
      double v = points[1][i];
      double x = shiftX + scale * (Math.cos(rotation) * u - Math.sin(rotation) * v);
      double y = shiftY + scale * (Math.sin(rotation) * u + Math.cos(rotation) * v);
      assertEquals(Samples.value(c, x, y), Samples.value(out, u, v), 1e-13 * (degree + 1));
    }
  }

  /** Janssen and Dirksen: {@code R_d^N(e x) = sum_k [R_d^k(e) - R_d^(k+2)(e)] R_k^N(x)}. */
  @Test
  void scalingFollowsTheFormulaOfRadialPolynomials() {
    double e = 0.37;
    int degree = 12;
    Tensor matrix = new PupilTransform(e, 0, 0, 0).matrix(degree);
    for (int d = 2; d <= degree; d++) {
      int order = d % 2;
      for (int k = order; k <= d; k += 2) {
        double expected = plain(d, k, e) - (k + 2 > d ? 0 : plain(d, k + 2, e));
        int row = (k * (k + 2) + order) / 2;
        int column = (d * (d + 2) + order) / 2;
        double factors = Math.sqrt((d + 1.0) / (k + 1.0));
        assertEquals(factors * expected, matrix.get(row, column), 1e-14);
      }
    }
  }

  private static double plain(int degree, int order, double x) {
    double[] column = new double[(degree - order) / 2 + 1];
    new RadialColumn(order, 0, column.length).values(x, column);
    return column[column.length - 1];
  }

  @Test
  void twoTransformsAreOne() {
    double[] c = coefficients(1, 9, 1);
    PupilTransform first = new PupilTransform(0.8, 0.4, 0.1, -0.05);
    PupilTransform second = new PupilTransform(0.5, -1.1, -0.2, 0.3);
    // delta1 + e1 e^(i a1) (delta2 + e2 e^(i a2) u)
    double x = 0.1 + 0.8 * (Math.cos(0.4) * -0.2 - Math.sin(0.4) * 0.3);
    double y = -0.05 + 0.8 * (Math.sin(0.4) * -0.2 + Math.cos(0.4) * 0.3);
    PupilTransform both = new PupilTransform(0.4, 0.4 - 1.1, x, y);
    assertClose(both.apply(c), second.apply(first.apply(c)), 1e-13);
  }

  @Test
  void extrapolationIsUndoneByTheInverse() {
    double[] c = coefficients(2, 6, 1);
    double[] small = new PupilTransform(0.5, 0.3, 0.2, 0.1).apply(c);
    double shiftX = -(Math.cos(0.3) * 0.2 + Math.sin(0.3) * 0.1) / 0.5;
    double shiftY = -(-Math.sin(0.3) * 0.2 + Math.cos(0.3) * 0.1) / 0.5;
    double[] back = new PupilTransform(2, -0.3, shiftX, shiftY, true).apply(small);
    assertClose(c, back, 1e-11);
  }

  @Test
  void matrixIsTheTransform() {
    PupilTransform transform = new PupilTransform(0.7, 2, 0.1, 0.2);
    double[] c = coefficients(5, 7, 1);
    Tensor product = MatrixProduct.multiply(transform.matrix(7), Tensor.of(c, c.length));
    assertClose(transform.apply(c), product.toDoubles(), 1e-13);
  }

  @Test
  void mistakesAreRefused() {
    assertRejected(() -> new PupilTransform(0.9, 0, 0.2, 0), "scale 0.9", "extrapolate");
    assertRejected(() -> new PupilTransform(0, 0, 0, 0), "positive scale");
    assertRejected(() -> new PupilTransform(0.5, Double.NaN, 0, 0), "NaN");
    PupilTransform half = new PupilTransform(0.5, 0, 0, 0);
    assertRejected(() -> half.apply(new double[4]), "given 4");
    assertRejected(() -> half.apply(new double[] {1, Double.NaN, 0}), "coefficient 1");
    assertRejected(() -> half.matrix(61), "61");
  }
}
