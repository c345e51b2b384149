package org.quadrille.lowrank;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.quadrille.ReferenceData;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Tensor;

/** Reading the low-rank reference set, and the comparisons its tests share. */
public final class LowRankData {
  private LowRankData() {}

  /** A file of the set. */
  public static JsonObject read(String name) throws IOException {
    return Json.read(ReferenceData.file("low-rank", name));
  }

  /** A matrix given as a list of rows. */
  public static Tensor matrix(JsonObject object, String key) throws IOException {
    return matrix(object.array(key));
  }

  /** A matrix given as a list of rows. */
  public static Tensor matrix(List<?> rows) {
    Tensor matrix = Tensor.zeros(DType.F64, rows.size(), ((List<?>) rows.get(0)).size());
    for (int i = 0; i < rows.size(); i++) {
      List<?> row = (List<?>) rows.get(i);
      for (int j = 0; j < row.size(); j++) {
        matrix.set(((Number) row.get(j)).doubleValue(), i, j);
      }
    }
    return matrix;
  }

  /** The update {@code s B A} of an object with members A, B and s. */
  public static LowRank update(JsonObject object) throws IOException {
    return LowRank.of(matrix(object, "B"), matrix(object, "A"), object.number("s"));
  }

  /** Every element within a tolerance, equal shapes. */
  public static void assertClose(Tensor expected, Tensor actual, double tolerance) {
    assertArrayEquals(expected.shape(), actual.shape(), "shapes differ");
    double[] e = expected.toDoubles();
    double[] a = actual.toDoubles();
    for (int i = 0; i < e.length; i++) {
      assertTrue(
          Math.abs(e[i] - a[i]) <= tolerance,
          "element " + i + ": expected " + e[i] + ", got " + a[i] + ", tolerance " + tolerance);
    }
  }
}
