package org.quadrille.growth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.transformer.BlockData;

/** Products of one kind of tensor with a growth operator, every row of the reference. */
class OperatorReferenceTest {
  private static final double TOLERANCE = 1e-12;

  @Test
  void widthOfOneMatrix() throws IOException {
    List<?> cases = data().array("kron_apply");
    for (Object each : cases) {
      JsonObject c = (JsonObject) each;
      Tensor b = t(c, "B");
      Tensor a = t(c, "A");
      Tensor w = t(c, "W");
      GrowthOperator operator =
          operator(
              stack(w), new int[] {1, b.size(0), a.size(0)}, List.of(b), List.of(a), null, true);
      Tensors small = Tensors.of("w0", w);
      Growth growth = operator.on(small);
      Tensor y = growth.grow().get("w0");
      near(t(c, "Y"), y);
      assertEquals(c.number("loss"), Arithmetic.dot(y, t(c, "G")), 1e-10);
      Tensors gradients = operator.parameters().zerosLike();
      Tensors smallGradients = small.zerosLike();
      growth.backward(Tensors.of("w0", t(c, "G")), gradients, smallGradients);
      near(t(c, "dB"), gradients.get("maps.row.weight"));
      near(t(c, "dA"), gradients.get("maps.col.weight"));
      near(t(c, "dW"), smallGradients.get("w0"));
      near(t(c, "dW"), operator.applyTransposed(Tensors.of("w0", t(c, "G"))).get("w0"));
      if (c.get("dense_M") != null) {
        // M = A (x) B on vectors that stack columns.
        Tensor dense = MatrixProduct.multiply(t(c, "dense_M"), columns(w));
        near(columns(y), dense);
      }
    }
    assertTrue(cases.size() >= 5);
  }

  /** Growing in two steps is growing by the products of the maps. */
  @Test
  void mixedProduct() throws IOException {
    for (Object each : data().array("mixed_product")) {
      JsonObject c = (JsonObject) each;
      Tensor inner =
          MatrixProduct.multiply(
              MatrixProduct.multiply(t(c, "B2"), t(c, "W")), t(c, "A2").transpose());
      Tensor two =
          MatrixProduct.multiply(MatrixProduct.multiply(t(c, "B1"), inner), t(c, "A1").transpose());
      LinearOperator b = AxisMap.dense(MatrixProduct.multiply(t(c, "B1"), t(c, "B2")));
      LinearOperator a = AxisMap.dense(MatrixProduct.multiply(t(c, "A1"), t(c, "A2")));
      near(t(c, "applied"), two);
      near(t(c, "applied"), a.apply(b.apply(t(c, "W")).transpose()).transpose());
    }
  }

  @Test
  void vectors() throws IOException {
    for (Object each : data().array("bias")) {
      JsonObject c = (JsonObject) each;
      LinearOperator b = AxisMap.dense(t(c, "B"));
      near(t(c, "y"), b.apply(t(c, "b")));
      near(t(c, "db"), b.applyTransposed(t(c, "g")));
      Tensors gradients = Tensors.of("weight", Tensor.zeros(DType.F64, b.rows(), b.cols()));
      ((org.quadrille.linalg.ParametricOperator) b)
          .accumulateGradients(t(c, "b"), t(c, "g"), gradients);
      near(t(c, "dB"), gradients.get("weight"));
    }
  }

  @Test
  void depth() throws IOException {
    for (Object each : data().array("depth")) {
      JsonObject c = (JsonObject) each;
      Tensor x = t(c, "X");
      GrowthOperator operator = operator(x, t(c, "Y").shape(), null, null, t(c, "w"), true);
      Growth growth = operator.on(layers(x));
      growth.grow();
      nearLayers(t(c, "Y"), growth.large());
      Tensors gradients = operator.parameters().zerosLike();
      Tensors smallGradients = layers(x).zerosLike();
      growth.backward(layers(t(c, "G")), gradients, smallGradients);
      near(t(c, "dw"), gradients.get("depth.w.weight"));
      nearLayers(t(c, "dX"), smallGradients);
    }
  }

  @Test
  void widthAndDepth() throws IOException {
    int cases = 0;
    for (Object each : data().array("full")) {
      JsonObject c = (JsonObject) each;
      JsonObject widthFirst = c.object("width_first");
      checkFull(c, widthFirst, rows(t(c, "B")), rows(t(c, "A")), true);
      JsonObject depthFirst = c.object("depth_first");
      checkFull(
          c, depthFirst, rows(t(depthFirst, "B_large")), rows(t(depthFirst, "A_large")), false);
      cases++;
    }
    assertTrue(cases >= 3);
  }

  private static void checkFull(
      JsonObject c, JsonObject expected, List<Tensor> b, List<Tensor> a, boolean widthFirst)
      throws IOException {
    Tensor target = t(c, "target");
    GrowthOperator operator = operator(t(c, "W"), target.shape(), b, a, t(c, "w"), widthFirst);
    Tensors small = layers(t(c, "W"));
    Growth growth = operator.on(small);
    Tensors large = growth.grow();
    nearLayers(t(expected, "W_new"), large);
    // Loss 1/2 |W_new - target|^2: its gradient is the difference.
    Tensors difference = Tensors.empty();
    double loss = 0;
    for (int l = 0; l < target.size(0); l++) {
      Tensor d = Arithmetic.subtract(large.get("w" + l), target.row(l));
      loss += Arithmetic.dot(d, d) / 2;
      difference.put("w" + l, d);
    }
    assertEquals(expected.number("loss"), loss, 1e-11 * loss);
    Tensors gradients = operator.parameters().zerosLike();
    Tensors smallGradients = small.zerosLike();
    growth.backward(difference, gradients, smallGradients);
    String suffix = widthFirst ? "" : "_large";
    nearMaps(t(expected, "dB" + suffix), gradients, "row");
    nearMaps(t(expected, "dA" + suffix), gradients, "col");
    near(t(expected, "dw"), gradients.get("depth.w.weight"));
    if (expected.get("dW") != null) {
      nearLayers(t(expected, "dW"), smallGradients);
    }
    Tensors adjoint = operator.applyTransposed(difference);
    for (String name : adjoint.names()) {
      near(smallGradients.get(name), adjoint.get(name));
    }
  }

  /** A plan of one kind of tensor, w0, w1, ..., with maps row and col and mixture w. */
  private static GrowthOperator operator(
      Tensor small, int[] large, List<Tensor> b, List<Tensor> a, Tensor w, boolean widthFirst) {
    Map<String, int[]> from = new LinkedHashMap<>();
    Map<String, int[]> to = new LinkedHashMap<>();
    for (int l = 0; l < small.size(0); l++) {
      from.put("w" + l, new int[] {small.size(1), small.size(2)});
    }
    for (int l = 0; l < large[0]; l++) {
      to.put("w" + l, new int[] {large[1], large[2]});
    }
    GrowthPlan plan =
        GrowthPlan.of(
            List.of(new TensorRule("w{layer}", List.of("row", "col"), "w")),
            Map.of(),
            from,
            to,
            small.size(0),
            large[0]);
    GrowthTerm term = GrowthTerm.of(widthFirst ? GrowthOrder.WIDTH_FIRST : GrowthOrder.DEPTH_FIRST);
    if (b != null) {
      term =
          term.withMaps("row", b.stream().map(AxisMap::dense).toList())
              .withMaps("col", a.stream().map(AxisMap::dense).toList());
    }
    if (w != null) {
      term = term.withDepth("w", AxisMap.dense(w));
    }
    return GrowthOperator.of(plan, DType.F64, term);
  }

  private static void nearMaps(Tensor expected, Tensors gradients, String map) {
    for (int l = 0; l < expected.size(0); l++) {
      String name = "maps." + map + (expected.size(0) == 1 ? "" : "." + l) + ".weight";
      near(expected.row(l), gradients.get(name));
    }
  }

  private static void nearLayers(Tensor expected, Tensors actual) {
    assertEquals(expected.size(0), actual.size());
    for (int l = 0; l < expected.size(0); l++) {
      near(expected.row(l), actual.get("w" + l));
    }
  }

  private static Tensors layers(Tensor stack) {
    Tensors tensors = Tensors.empty();
    for (int l = 0; l < stack.size(0); l++) {
      tensors.put("w" + l, stack.row(l).copy());
    }
    return tensors;
  }

  private static List<Tensor> rows(Tensor stack) {
    List<Tensor> rows = new ArrayList<>();
    for (int l = 0; l < stack.size(0); l++) {
      rows.add(stack.row(l).copy());
    }
    return rows;
  }

  private static Tensor stack(Tensor matrix) {
    return matrix.reshape(1, matrix.size(0), matrix.size(1));
  }

  private static Tensor columns(Tensor matrix) {
    return matrix.transpose().contiguous().reshape(matrix.length());
  }

  private static JsonObject data() throws IOException {
    return BlockData.read("ligo", "operators.json");
  }

  private static Tensor t(JsonObject c, String name) throws IOException {
    return BlockData.tensor(c.get(name));
  }

  private static void near(Tensor expected, Tensor actual) {
    double scale = Math.max(1, org.quadrille.linalg.Norms.max(expected));
    assertArrayEquals(expected.toDoubles(), actual.toDoubles(), TOLERANCE * scale);
  }
}
