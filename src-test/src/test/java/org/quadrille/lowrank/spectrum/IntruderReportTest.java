package org.quadrille.lowrank.spectrum;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.lowrank.LowRankData.assertClose;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Qr;
import org.quadrille.linalg.Tensor;
import org.quadrille.lowrank.LowRankData;

class IntruderReportTest {

  @TestFactory
  List<DynamicTest> reference() throws IOException {
    JsonObject file = LowRankData.read("intruders.json");
    Tensor base = LowRankData.matrix(file, "W0");
    List<DynamicTest> tests = new ArrayList<>();
    for (Object entry : file.array("cases")) {
      JsonObject test = (JsonObject) entry;
      tests.add(DynamicTest.dynamicTest(test.string("name"), () -> check(base, test)));
    }
    assertFalse(tests.isEmpty());
    return tests;
  }

  private static void check(Tensor base, JsonObject test) throws IOException {
    Tensor tuned = Arithmetic.add(base, LowRankData.matrix(test, "delta"));
    Pattern key = Pattern.compile("eps=([0-9.]+),k=(\\d+)");
    for (String name : test.object("intruderIndices").members().keySet()) {
      Matcher matcher = key.matcher(name);
      assertTrue(matcher.matches(), name);
      double threshold = Double.parseDouble(matcher.group(1));
      IntruderReport report =
          IntruderReport.of(base, tuned, Integer.parseInt(matcher.group(2)), threshold);
      int[] expected =
          Arrays.stream(test.object("intruderIndices").integers(name))
              .mapToInt(Math::toIntExact)
              .toArray();
      assertArrayEquals(expected, report.indices(), name);
    }
    double[] cosines = test.numbers("maxAbsCosine");
    IntruderReport report = IntruderReport.of(base, tuned, cosines.length, 0.5);
    assertArrayEquals(cosines, report.cosines(), 1e-10);
    double[] sigma = test.numbers("singularValues");
    assertArrayEquals(
        sigma, Arrays.copyOf(report.singularValues(), sigma.length), 1e-12 * sigma[0]);
    JsonObject mitigation = test.object("mitigation");
    IntruderReport found =
        IntruderReport.of(base, tuned, mitigation.intValue("k"), mitigation.number("eps"));
    assertClose(
        LowRankData.matrix(mitigation, "weight"), found.mitigate(mitigation.number("lam")), 1e-10);
    IntruderReport inputs =
        IntruderReport.ofInputs(base.transpose(), tuned.transpose(), cosines.length, 0.5);
    assertArrayEquals(cosines, inputs.cosines(), 1e-10);
  }

  /** A strong direction that is foreign to the base is found, and mitigation takes its share. */
  @Test
  void plantedIntruder() {
    int n = 40;
    Tensor q = Qr.decompose(GaussianMatrix.of(DType.F64, 1, n, n)).q();
    Tensor p = Qr.decompose(GaussianMatrix.of(DType.F64, 2, n, n)).q();
    Tensor base = Tensor.zeros(DType.F64, n, n);
    for (int i = 0; i < n; i++) {
      LowRank one =
          LowRank.of(q.slice(1, i, i + 1), p.slice(1, i, i + 1).transpose(), 2.0 - 0.01 * i);
      Arithmetic.axpy(1, one.toDense(), base);
    }
    // equal parts of all left singular vectors: no cosine above 1/sqrt(n)
    Tensor foreign = Tensor.zeros(DType.F64, n, 1);
    for (int i = 0; i < n; i++) {
      Arithmetic.axpy(1 / Math.sqrt(n), q.slice(1, i, i + 1), foreign);
    }
    LowRank change = LowRank.of(foreign, GaussianMatrix.of(DType.F64, 3, 1, n), 20 / Math.sqrt(n));
    Tensor tuned = Arithmetic.add(base, change.toDense());
    IntruderReport report = IntruderReport.of(base, tuned, 5, 0.5);
    assertTrue(report.indices().length >= 1);
    assertEquals(0, report.indices()[0]);
    Tensor removed = Arithmetic.subtract(tuned, report.mitigate(0));
    assertTrue(Norms.frobenius(removed) >= report.singularValues()[0] * 0.999);
    assertArrayEquals(tuned.toDoubles(), report.mitigate(1).toDoubles());
    assertEquals(0, IntruderReport.of(base, base, 10, 0.5).count());
  }

  @Test
  void badInput() {
    Tensor a = GaussianMatrix.of(DType.F64, 1, 4, 3);
    Tensor b = GaussianMatrix.of(DType.F64, 1, 3, 4);
    assertThrows(IllegalArgumentException.class, () -> IntruderReport.of(a, b, 5, 0.5));
    assertThrows(IllegalArgumentException.class, () -> IntruderReport.of(a, a, 0, 0.5));
    assertThrows(IllegalArgumentException.class, () -> IntruderReport.of(a, a, 5, 0));
    assertThrows(
        IllegalArgumentException.class, () -> IntruderReport.of(a, a, 5, 0.5).mitigate(Double.NaN));
    Tensor nan = a.copy();
    nan.set(Double.NaN, 2, 1);
    assertThrows(IllegalArgumentException.class, () -> IntruderReport.of(a, nan, 5, 0.5));
  }
}
