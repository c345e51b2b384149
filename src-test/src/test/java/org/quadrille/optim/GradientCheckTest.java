package org.quadrille.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/** The check finds wrong gradients and passes right ones. */
class GradientCheckTest {

  /** Sum of sin(x) x^2; the gradient of entry (1, 0) is off by a given amount. */
  private record Wave(double fault) implements Objective {
    @Override
    public double loss(Tensors parameters) {
      double sum = 0;
      for (double x : parameters.get("x").toDoubles()) {
        sum += Math.sin(x) * x * x;
      }
      return sum;
    }

    @Override
    public double lossAndGradient(Tensors parameters, Tensors gradients) {
      Tensor x = parameters.get("x");
      Tensor g = gradients.get("x");
      for (int i = 0; i < x.size(0); i++) {
        for (int j = 0; j < x.size(1); j++) {
          double v = x.get(i, j);
          g.set(Math.cos(v) * v * v + 2 * v * Math.sin(v), i, j);
        }
      }
      g.set(g.get(1, 0) + fault, 1, 0);
      return loss(parameters);
    }
  }

  private static Tensors parameters() {
    return Tensors.of("x", Tensor.of(new double[] {0.3, -1, 2, 40, -0.001, 0}, 3, 2));
  }

  @Test
  void passesARightGradientAndRestoresTheParameters() {
    Tensors parameters = parameters();
    GradientCheck.Worst worst =
        GradientCheck.worst(new Wave(0), parameters, parameters.zerosLike());
    assertTrue(worst.error() < 1e-7, worst.toString());
    assertArrayEquals(parameters().get("x").doubles(), parameters.get("x").doubles());
  }

  @Test
  void findsTheWrongEntry() {
    Tensors parameters = parameters();
    GradientCheck.Worst worst =
        GradientCheck.worst(new Wave(1), parameters, parameters.zerosLike());
    assertEquals(2, worst.index());
    assertEquals(1, worst.gradient() - worst.difference(), 1e-6);
    GradientCheck.Worst nan =
        GradientCheck.worst(new Wave(Double.NaN), parameters, parameters.zerosLike());
    assertTrue(Double.isNaN(nan.error()));
  }

  @Test
  void refusesSinglePrecisionAndNothing() {
    Tensors single = Tensors.of("x", Tensor.zeros(DType.F32, 2, 2));
    assertThrows(
        IllegalArgumentException.class,
        () -> GradientCheck.worst(new Wave(0), single, single.zerosLike()));
    assertThrows(
        IllegalArgumentException.class,
        () -> GradientCheck.worst(new Wave(0), parameters(), Tensors.empty()));
  }
}
