package org.quadrille.zernike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Modes and expansions against values of 24 digits and more. */
class DiskEvaluatorReferenceTest {
  private static final List<Map<String, String>> MODES = ZernikeData.csv("zernike_values.csv");

  @Test
  void modesGradientsAndLaplaciansMatchReference() {
    assertTrue(!MODES.isEmpty());
    for (Map<String, String> row : MODES) {
      int degree = ZernikeData.integer(row, "n");
      int order = ZernikeData.integer(row, "m");
      double[] x = {ZernikeData.number(row, "x")};
      double[] y = {ZernikeData.number(row, "y")};
      String name = "mode (" + degree + ", " + order + ") at (" + x[0] + ", " + y[0] + ")";
      double[] mode = new double[DiskModes.count(degree)];
      int j = DiskModes.index(degree, order);
      mode[j] = 1;
      DiskEvaluator evaluator = DiskEvaluator.ofDegree(degree);
      double value = ZernikeData.number(row, "Z");
      assertEquals(value, evaluator.value(mode, x[0], y[0]), 2e-15, name);
      assertEquals(value, evaluator.modes(x, y, null)[j], 2e-15, name);
      double orthonormal = value * Normalization.ORTHONORMAL.factor(degree, order);
      double expected = ZernikeData.number(row, "Z_orthonormal");
      assertEquals(expected, orthonormal, 1e-15 * Math.abs(expected), name);

      double scale = Math.max(1, degree * (double) degree);
      double byX = ZernikeData.number(row, "dZ_dx");
      double byY = ZernikeData.number(row, "dZ_dy");
      double[] dx = new double[1];
      double[] dy = new double[1];
      evaluator.gradients(mode, x, y, dx, dy);
      assertEquals(byX, dx[0], 5e-16 * scale, name);
      assertEquals(byY, dy[0], 5e-16 * scale, name);
      double[] allX = new double[mode.length];
      double[] allY = new double[mode.length];
      evaluator.modeGradients(x, y, allX, allY);
      assertEquals(byX, allX[j], 5e-16 * scale, name);
      assertEquals(byY, allY[j], 5e-16 * scale, name);
      double laplacian = ZernikeData.number(row, "laplacian");
      assertEquals(
          laplacian, evaluator.laplacians(mode, x, y, null)[0], 2e-16 * scale * scale, name);
    }
  }

  @Test
  void expansionsMatchReference() {
    for (Map<String, String> row : ZernikeData.csv("expansion_values.csv")) {
      int degree = ZernikeData.integer(row, "L");
      double[] orthonormal = new double[DiskModes.count(degree)];
      for (int j = 0; j < orthonormal.length; j++) {
        orthonormal[j] = ((7 * j) % 11 - 5) / (j + 2.0);
      }
      double[] expansion = ZernikeBasis.OSA.toPlainOsa(orthonormal);
      double[] x = {ZernikeData.number(row, "x")};
      double[] y = {ZernikeData.number(row, "y")};
      DiskEvaluator evaluator = DiskEvaluator.ofDegree(degree);
      double[] dx = new double[1];
      double[] dy = new double[1];
      evaluator.gradients(expansion, x, y, dx, dy);
      double scale = degree * (double) degree;
      String name = "degree " + degree + " at (" + x[0] + ", " + y[0] + ")";
      // the function moves by 1e-14 where its argument moves by one rounding
      assertEquals(
          ZernikeData.number(row, "value"), evaluator.value(expansion, x[0], y[0]), 3e-14, name);
      assertEquals(ZernikeData.number(row, "d_dx"), dx[0], 3e-15 * scale, name);
      assertEquals(ZernikeData.number(row, "d_dy"), dy[0], 3e-15 * scale, name);
      assertEquals(
          ZernikeData.number(row, "laplacian"),
          evaluator.laplacians(expansion, x, y, null)[0],
          1e-15 * scale * scale,
          name);
    }
  }
}
