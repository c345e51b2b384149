package org.quadrille.lowrank.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.lowrank.adapter.AdapterData.assertClose;
import static org.quadrille.lowrank.adapter.AdapterData.tensor;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/** First values: published rules, compared through products and projectors, which have no sign. */
class AdapterStartTest {
  private static final double TOLERANCE = 1e-11;
  private static final String MAP = "layers.0.attention.query";

  private static AdaptedOperator started(JsonObject data, AdapterStart start) throws IOException {
    AdapterConfig config =
        AdapterConfig.rank(data.intValue("r"))
            .withScale(ScaleRule.ALPHA_OVER_RANK, data.number("alpha"))
            .withStart(start);
    Tensors weights = Tensors.of(MAP + ".weight", tensor(data.get("W")));
    return Adapters.attach(weights, config).operators().get(MAP);
  }

  @Test
  void principalComponents() throws IOException {
    JsonObject data = AdapterData.read("inits.json");
    JsonObject expected = data.object("pissa");
    for (AdapterStart start :
        List.of(AdapterStart.principal(), AdapterStart.principalRandomized(8))) {
      AdaptedOperator operator = started(data, start);
      assertClose("sBA", tensor(expected.get("sBA")), operator.update().toDense(), TOLERANCE);
      assertClose(
          "base", tensor(expected.get("residualBase")), operator.base().toDense(), TOLERANCE);
      Tensor gram = tensor(expected.get("gramB"));
      Tensor left = operator.parts().left();
      Tensor right = operator.parts().right();
      assertClose("BtB", gram, MatrixProduct.multiply(left.transpose(), left), TOLERANCE);
      assertClose("AAt", gram, MatrixProduct.multiply(right, right.transpose()), TOLERANCE);
      assertClose("W", tensor(data.get("W")), operator.toDense(), TOLERANCE);
    }
  }

  @Test
  void smallestComponents() throws IOException {
    JsonObject data = AdapterData.read("inits.json");
    JsonObject expected = data.object("minorComponents");
    AdaptedOperator operator = started(data, AdapterStart.minor());
    assertClose(
        "BA", tensor(expected.get("BA_of_smallest_r")), operator.update().toDense(), TOLERANCE);
    assertClose("W", tensor(data.get("W")), operator.toDense(), TOLERANCE);
    Tensor left = started(data, AdapterStart.minorDirections()).parts().left();
    assertClose(
        "projector",
        tensor(expected.get("projectorOnSmallestLeft")),
        MatrixProduct.multiply(left, left.transpose()),
        TOLERANCE);
  }

  @Test
  void orthonormalFactor() throws IOException {
    JsonObject data = AdapterData.read("inits.json");
    JsonObject expected = data.object("olora");
    AdaptedOperator operator = started(data, AdapterStart.orthonormal());
    Tensor product = MatrixProduct.multiply(operator.parts().left(), operator.parts().right());
    assertClose("QR", tensor(expected.get("QrRr")), product, TOLERANCE);
    assertClose("base", tensor(expected.get("residualBase")), operator.base().toDense(), TOLERANCE);
    assertClose("W", tensor(data.get("W")), operator.toDense(), TOLERANCE);
  }

  @Test
  void gradientDirections() throws IOException {
    JsonObject data = AdapterData.read("inits.json");
    JsonObject expected = data.object("loraGa");
    Tensor gradient = tensor(expected.get("grad"));
    // gamma = sqrt(out) makes the factors orthonormal.
    double gamma = Math.sqrt(gradient.size(0));
    AdaptedOperator operator =
        started(data, AdapterStart.gradient(Tensors.of(MAP + ".weight", gradient), gamma));
    Tensor left = operator.parts().left();
    Tensor right = operator.parts().right();
    Tensor onLeft = MatrixProduct.multiply(left, left.transpose());
    Tensor onRight = MatrixProduct.multiply(right.transpose(), right);
    assertClose("projB", tensor(expected.get("projB")), onLeft, TOLERANCE);
    assertClose("projA", tensor(expected.get("projA")), onRight, TOLERANCE);
    assertClose("W", tensor(data.get("W")), operator.toDense(), TOLERANCE);
    Tensor step = MatrixProduct.multiply(onLeft, gradient);
    Arithmetic.axpy(1, MatrixProduct.multiply(gradient, onRight), step);
    Arithmetic.scale(-1, step);
    assertClose("first step", tensor(expected.get("firstStepIdeal")), step, 1e-10);
  }

  @Test
  void firstStepFromZero() throws IOException {
    JsonObject data = AdapterData.read("inits.json");
    JsonObject expected = data.object("firstStepStandard");
    Tensor right = tensor(expected.get("A0"));
    Tensor weight = tensor(data.get("W"));
    double scale = data.number("s");
    AdaptedOperator operator =
        AdapterData.operator(
            weight,
            Tensor.zeros(DType.F64, weight.size(0), right.size(0)),
            right,
            null,
            scale,
            false);
    // L(W) = <G, W>: with unit vectors as inputs the gradient of the outputs is G.
    Tensor unit = Tensor.zeros(DType.F64, weight.size(1), weight.size(1));
    for (int i = 0; i < unit.size(0); i++) {
      unit.set(1, i, i);
    }
    Tensors gradients = operator.parameters().zerosLike();
    operator.accumulateGradients(unit, tensor(expected.get("grad")), gradients);
    assertEquals(0, Norms.max(gradients.get("right")));
    Tensor moved = MatrixProduct.multiply(gradients.get("left"), right);
    Arithmetic.scale(-scale, moved);
    assertClose("dW", tensor(expected.get("deltaW_per_eta")), moved, TOLERANCE);
  }

  @Test
  void randomStartsHaveTheirDistribution() {
    Tensors weights = AdapterData.weights(DType.F64, 300, 400);
    Tensor uniform =
        Adapters.attach(weights, AdapterConfig.rank(64)).operators().get(MAP).parts().right();
    double bound = 1 / Math.sqrt(400);
    assertTrue(Norms.max(uniform) <= bound);
    // Variance of U(-b, b) is b^2 / 3.
    assertEquals(bound * bound / 3, meanSquare(uniform), 0.02 * bound * bound / 3);
    Tensor gaussian =
        Adapters.attach(weights, AdapterConfig.rank(64).withStart(AdapterStart.gaussian(0.5)))
            .operators()
            .get(MAP)
            .parts()
            .right();
    assertEquals(0.25, meanSquare(gaussian), 0.01);
    Tensor other =
        Adapters.attach(weights, AdapterConfig.rank(64).withSeed(1))
            .operators()
            .get(MAP)
            .parts()
            .right();
    assertTrue(Norms.max(Arithmetic.subtract(uniform, other)) > 0);
  }

  private static double meanSquare(Tensor x) {
    return Arithmetic.dot(x, x) / x.length();
  }

  @Test
  void explicitFactorsAreTaken() {
    Tensors weights = Tensors.of(MAP + ".weight", GaussianMatrix.of(DType.F32, 1, 6, 5));
    LowRank given =
        LowRank.of(GaussianMatrix.of(DType.F32, 2, 6, 2), GaussianMatrix.of(DType.F32, 3, 2, 5), 2);
    AdapterConfig config =
        AdapterConfig.rank(2).withStart(AdapterStart.explicit(Map.of(MAP, given)));
    AdaptedOperator operator = Adapters.attach(weights, config).operators().get(MAP);
    AdapterData.assertSameBits("update", given.toDense(), operator.update().toDense());
    assertThrows(
        IllegalArgumentException.class,
        () -> Adapters.attach(weights, config.withScale(ScaleRule.FIXED, 1)));
  }

  @Test
  void rejectsStartsThatDoNotFit() {
    Tensors weights = Tensors.of(MAP + ".weight", GaussianMatrix.of(DType.F64, 1, 6, 5));
    AdapterConfig four = AdapterConfig.rank(4);
    assertThrows(
        IllegalArgumentException.class,
        () -> Adapters.attach(weights, AdapterConfig.rank(6).withStart(AdapterStart.principal())));
    assertThrows(
        IllegalArgumentException.class,
        () -> Adapters.attach(weights, four.withStart(AdapterStart.gradient(weights, 16))));
    assertThrows(IllegalArgumentException.class, () -> AdapterStart.gaussian(0));
    assertThrows(IllegalArgumentException.class, () -> AdapterStart.gradient(weights, -1));
    // Nothing would ever move.
    assertThrows(
        IllegalArgumentException.class,
        () -> Adapters.attach(weights, four.withTrained(TrainedParts.RIGHT)));
    assertThrows(
        IllegalArgumentException.class,
        () -> Adapters.attach(weights, four.withForm(AdapterForm.TRIPLETS)));
    Dense zeroRow = Dense.of(Tensor.zeros(DType.F64, 2, 3));
    assertThrows(
        IllegalArgumentException.class,
        () -> Adapters.attach(Map.of("a", zeroRow), four.withMagnitude(Magnitude.DETACHED)));
  }
}
