package org.quadrille.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.linalg.SlowAlgebra.withSpectrum;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.quadrille.ReferenceData;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;

/** Singular values and randomized decompositions against an independent implementation. */
class LowRankReferenceTest {
  private static final int SEEDS = 50;

  @TestFactory
  List<DynamicTest> exactSingularValues() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Object entry : read("spectra.json").array("items")) {
      JsonObject item = (JsonObject) entry;
      tests.add(
          DynamicTest.dynamicTest(
              item.string("name"),
              () -> {
                Tensor a = matrix(item, "matrix");
                double[] expected = item.numbers("singularValues");
                Tensor actual = Svd.exact(a).singularValues();
                assertEquals(expected.length, actual.length());
                double tolerance = 8 * Math.max(a.size(0), a.size(1)) * 0x1p-52 * expected[0];
                for (int i = 0; i < expected.length; i++) {
                  assertEquals(expected[i], actual.get(i), tolerance, "singular value " + i);
                }
                double norm = item.number("frobenius");
                assertEquals(norm, Norms.frobenius(a), 1e-14 * norm);
              }));
    }
    assertFalse(tests.isEmpty());
    return tests;
  }

  @TestFactory
  List<DynamicTest> randomizedDecompositions() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Object entry : read("randomized_svd.json").array("cases")) {
      JsonObject test = (JsonObject) entry;
      for (Object run : test.array("runs")) {
        JsonObject expected = (JsonObject) run;
        boolean given = test.get("matrix") != null && test.get("omega") != null;
        tests.add(
            DynamicTest.dynamicTest(
                test.string("name") + " q = " + expected.integer("q"),
                () -> {
                  if (given) {
                    checkGivenTestMatrix(test, expected);
                  }
                  checkMeanErrors(test, expected);
                }));
      }
    }
    assertFalse(tests.isEmpty());
    return tests;
  }

  private static void checkGivenTestMatrix(JsonObject test, JsonObject expected)
      throws IOException {
    Tensor m = matrix(test, "matrix");
    Tensor omega = matrix(test, "omega");
    int k = test.intValue("k");
    Svd all = RandomizedSvd.decompose(m, omega, omega.size(1), expected.intValue("q"));
    double tolerance = 1e-9 * test.numbers("sigma")[0];
    double[] values = expected.numbers("singularValues");
    for (int i = 0; i < values.length; i++) {
      assertEquals(values[i], all.singularValues().get(i), tolerance, "singular value " + i);
    }
    Tensor range = rangeError(m, all.u());
    assertEquals(expected.number("rangeErrorFrob"), Norms.frobenius(range), tolerance);
    assertEquals(expected.number("rangeErrorSpec"), spectral(range), tolerance);
    Svd leading = RandomizedSvd.decompose(m, omega, k, expected.intValue("q"));
    Tensor rankK = Arithmetic.subtract(m, leading.reconstruct());
    assertEquals(expected.number("rankKErrorFrob"), Norms.frobenius(rankK), tolerance);
    assertEquals(expected.number("rankKErrorSpec"), spectral(rankK), tolerance);
  }

  /** Own test matrices: the mean over seeds obeys the bounds of theorems 10.5 and 10.6. */
  private static void checkMeanErrors(JsonObject test, JsonObject expected) throws IOException {
    double[] sigma = test.numbers("sigma");
    Tensor m =
        test.get("matrix") != null
            ? matrix(test, "matrix")
            : withSpectrum(1, sigma.length + 10, sigma.length, sigma);
    int columns = test.intValue("k") + test.intValue("oversample");
    double frobenius = 0;
    double spectral = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      RandomizedSvd.Options options =
          new RandomizedSvd.Options(columns, 0, expected.intValue("q"), seed);
      Tensor range = rangeError(m, RandomizedSvd.decompose(m, options).u());
      frobenius += Norms.frobenius(range) / SEEDS;
      spectral += spectral(range) / SEEDS;
    }
    if (expected.get("expectedFrobBound") != null) {
      assertTrue(frobenius <= expected.number("expectedFrobBound"), "mean " + frobenius);
    }
    assertTrue(spectral <= expected.number("expectedSpecBound"), "mean " + spectral);
    // The other implementation's mean over 60 draws; both fluctuate by some percent.
    double mean = expected.number("meanRangeErrorFrob");
    assertEquals(mean, frobenius, 0.15 * mean);
  }

  private static Tensor rangeError(Tensor m, Tensor q) {
    Tensor projected = MatrixProduct.multiply(q, MatrixProduct.multiply(q.transpose(), m));
    return Arithmetic.subtract(m, projected);
  }

  private static double spectral(Tensor a) {
    return Svd.exact(a).singularValues().get(0);
  }

  private static JsonObject read(String name) throws IOException {
    return Json.read(ReferenceData.file("low-rank", name));
  }

  private static Tensor matrix(JsonObject object, String key) throws IOException {
    List<?> rows = object.array(key);
    Tensor matrix = Tensor.zeros(DType.F64, rows.size(), ((List<?>) rows.get(0)).size());
    for (int i = 0; i < rows.size(); i++) {
      List<?> row = (List<?>) rows.get(i);
      for (int j = 0; j < row.size(); j++) {
        matrix.set(((Number) row.get(j)).doubleValue(), i, j);
      }
    }
    return matrix;
  }
}
