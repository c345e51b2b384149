package org.quadrille.lowrank.adapter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.quadrille.ReferenceData;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/** Reference cases and small models of adapters. */
final class AdapterData {
  private AdapterData() {}

  static JsonObject read(String file) throws IOException {
    return Json.read(ReferenceData.file("low-rank", file));
  }

  static List<JsonObject> cases(JsonObject data) throws IOException {
    List<JsonObject> cases = new ArrayList<>();
    for (Object each : data.array("cases")) {
      cases.add((JsonObject) each);
    }
    return cases;
  }

  /** Rows of rows, or a row. */
  static Tensor tensor(Object given) {
    List<?> rows = (List<?>) given;
    if (rows.isEmpty() || !(rows.getFirst() instanceof List<?> first)) {
      return Tensor.of(
          rows.stream().mapToDouble(x -> ((Number) x).doubleValue()).toArray(), rows.size());
    }
    Tensor matrix = Tensor.zeros(DType.F64, rows.size(), first.size());
    for (int i = 0; i < rows.size(); i++) {
      matrix.row(i).assign(tensor(rows.get(i)));
    }
    return matrix;
  }

  /** Largest difference at most {@code tolerance * max(1, max|expected|)}. */
  static void assertClose(String what, Tensor expected, Tensor actual, double tolerance) {
    assertArrayEquals(expected.shape(), actual.shape(), what);
    double allowed = tolerance * Math.max(1, Norms.max(expected));
    assertArrayEquals(expected.toDoubles(), actual.toDoubles(), allowed, what);
  }

  static void assertSameBits(String what, Tensor expected, Tensor actual) {
    assertArrayEquals(expected.shape(), actual.shape(), what);
    double[] a = expected.toDoubles();
    double[] b = actual.toDoubles();
    for (int i = 0; i < a.length; i++) {
      assertEquals(
          Double.doubleToRawLongBits(a[i]), Double.doubleToRawLongBits(b[i]), what + " at " + i);
    }
  }

  /** An operator with given numbers. */
  static AdaptedOperator operator(
      Tensor weight, Tensor left, Tensor right, Tensor magnitude, double scale, boolean full) {
    return new AdaptedOperator(
        Dense.of(weight),
        new AdapterParts(left, right, null, null, magnitude, scale, true, true, full));
  }

  /** Weights under names of the library, N(0, 1). */
  static Tensors weights(DType dtype, int rows, int cols) {
    return Tensors.of("layers.0.attention.query.weight", GaussianMatrix.of(dtype, 3, rows, cols))
        .put("layers.0.attention.query.bias", Tensor.zeros(dtype, rows))
        .put("layers.0.feedforward.up.weight", GaussianMatrix.of(dtype, 4, 2 * rows, cols))
        .put("layers.0.attention.norm.weight", Tensor.zeros(dtype, cols).fill(1));
  }
}
