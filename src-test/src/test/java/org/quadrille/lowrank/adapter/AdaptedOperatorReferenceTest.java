package org.quadrille.lowrank.adapter;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.lowrank.adapter.AdapterData.assertClose;
import static org.quadrille.lowrank.adapter.AdapterData.tensor;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/** Outputs and gradients against automatic differentiation. */
class AdaptedOperatorReferenceTest {
  private static final double TOLERANCE = 1e-12;

  @Test
  void lora() throws IOException {
    int checked = 0;
    for (JsonObject each : AdapterData.cases(AdapterData.read("lora_forward_backward.json"))) {
      String name = each.string("name");
      Tensor x = tensor(each.get("X"));
      Tensor g = tensor(each.get("G"));
      AdaptedOperator operator =
          AdapterData.operator(
              tensor(each.get("W")),
              tensor(each.get("B")),
              tensor(each.get("A")),
              null,
              each.number("s"),
              false);
      assertClose(
          name + " delta", tensor(each.get("delta")), operator.update().toDense(), TOLERANCE);
      assertClose(name + " merged", tensor(each.get("merged")), operator.toDense(), TOLERANCE);
      Tensor bias = tensor(each.get("bias"));
      assertClose(
          name + " Y_merged",
          tensor(each.get("Y_merged")),
          biased(operator.apply(x.transpose()).transpose(), bias),
          TOLERANCE);
      if (each.number("dropout") > 0) {
        checkDropped(each, operator, x, g, bias);
      } else {
        check(each, operator, x, g, bias);
      }
      checked++;
    }
    assertTrue(checked > 0, "no case");
  }

  private static void check(
      JsonObject each, AdaptedOperator operator, Tensor x, Tensor g, Tensor bias)
      throws IOException {
    String name = each.string("name");
    Tensor y = biased(operator.apply(x.transpose()).transpose(), bias);
    assertClose(name + " Y", tensor(each.get("Y")), y, TOLERANCE);
    Tensor dx = operator.applyTransposed(g.transpose()).transpose();
    assertClose(name + " dX", tensor(each.get("dX")), dx, TOLERANCE);
    Tensors gradients = operator.parameters().zerosLike();
    operator.accumulateGradients(x.transpose(), g.transpose(), gradients);
    assertClose(name + " dA", tensor(each.get("dA")), gradients.get("right"), TOLERANCE);
    assertClose(name + " dB", tensor(each.get("dB")), gradients.get("left"), TOLERANCE);
  }

  /** The mask is given, not drawn: what the adapter sees is the masked input. */
  private static void checkDropped(
      JsonObject each, AdaptedOperator operator, Tensor x, Tensor g, Tensor bias)
      throws IOException {
    String name = each.string("name");
    Tensor mask = tensor(each.get("dropMask"));
    Tensor dropped = times(mask, x);
    Tensor w = tensor(each.get("W"));
    Tensor y = MatrixProduct.multiply(x, w.transpose());
    Arithmetic.axpy(1, operator.update().apply(dropped.transpose()).transpose(), y);
    assertClose(name + " Y", tensor(each.get("Y")), biased(y, bias), TOLERANCE);
    Tensor dx = MatrixProduct.multiply(g, w);
    Tensor back = operator.update().applyTransposed(g.transpose()).transpose();
    Arithmetic.axpy(1, times(mask, back), dx);
    assertClose(name + " dX", tensor(each.get("dX")), dx, TOLERANCE);
    Tensors gradients = operator.parameters().zerosLike();
    operator.accumulateGradients(dropped.transpose(), g.transpose(), gradients);
    assertClose(name + " dA", tensor(each.get("dA")), gradients.get("right"), TOLERANCE);
    assertClose(name + " dB", tensor(each.get("dB")), gradients.get("left"), TOLERANCE);
  }

  @Test
  void dora() throws IOException {
    int checked = 0;
    for (JsonObject each : AdapterData.cases(AdapterData.read("dora.json"))) {
      for (String mode : each.object("grad").members().keySet()) {
        Tensor x = tensor(each.get("X"));
        Tensor g = tensor(each.get("G"));
        AdaptedOperator operator =
            AdapterData.operator(
                tensor(each.get("W")),
                tensor(each.get("B")),
                tensor(each.get("A")),
                tensor(each.get("m")),
                each.number("s"),
                mode.equals("full"));
        assertClose("merged", tensor(each.get("merged")), operator.toDense(), TOLERANCE);
        Tensor y = biased(operator.apply(x.transpose()).transpose(), tensor(each.get("bias")));
        assertClose("Y", tensor(each.get("Y")), y, TOLERANCE);
        Tensor dx = operator.applyTransposed(g.transpose()).transpose();
        assertClose("dX", tensor(each.get("dX")), dx, TOLERANCE);
        Tensors gradients = operator.parameters().zerosLike();
        operator.accumulateGradients(x.transpose(), g.transpose(), gradients);
        JsonObject expected = each.object("grad").object(mode);
        assertClose(mode + " dA", tensor(expected.get("dA")), gradients.get("right"), TOLERANCE);
        assertClose(mode + " dB", tensor(expected.get("dB")), gradients.get("left"), TOLERANCE);
        assertClose(
            mode + " dm", tensor(expected.get("dm")), gradients.get("magnitude"), TOLERANCE);
        checked++;
      }
      AdapterConfig config = AdapterConfig.rank(each.intValue("r")).withMagnitude(Magnitude.FULL);
      Tensors weights = Tensors.of("layers.0.attention.query.weight", tensor(each.get("W")));
      Tensor start =
          Adapters.attach(weights, config)
              .operators()
              .get("layers.0.attention.query")
              .parts()
              .magnitude();
      assertClose("m_init", tensor(each.get("m_init")), start, TOLERANCE);
    }
    assertTrue(checked > 0, "no case");
  }

  private static Tensor times(Tensor mask, Tensor x) {
    Tensor product = x.copy();
    for (int i = 0; i < x.size(0); i++) {
      for (int j = 0; j < x.size(1); j++) {
        product.set(mask.get(i, j) * x.get(i, j), i, j);
      }
    }
    return product;
  }

  private static Tensor biased(Tensor y, Tensor bias) {
    Tensor sum = y.copy();
    for (int i = 0; i < y.size(0); i++) {
      Arithmetic.axpy(1, bias, sum.row(i));
    }
    return sum;
  }
}
