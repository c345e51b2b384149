package org.quadrille.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/** Adafactor against its definition, written out with the full matrix of mean squares. */
class AdafactorTest {

  private static double[] gaussian(int n, long seed) {
    return new Random(seed).doubles(n, -1, 1).toArray();
  }

  @Test
  void agreesWithTheDefinition() {
    check(7, 5, true);
    check(7, 5, false);
    check(1, 9, true);
    check(9, 1, true);
  }

  private static void check(int rows, int cols, boolean relative) {
    double rate = 0.05;
    double[] theta = gaussian(rows * cols, 1);
    Tensors parameters = Tensors.of("w", Tensor.of(theta.clone(), rows, cols));
    Adafactor.Options options =
        relative ? Adafactor.Options.DEFAULT : Adafactor.Options.DEFAULT.withAbsoluteRates();
    Adafactor optimizer = new Adafactor(ParameterGroups.of(rate, 0.1, DecayRule.PYTORCH), options);
    double[] r = new double[rows];
    double[] c = new double[cols];
    for (int t = 1; t <= 6; t++) {
      double[] g = gaussian(rows * cols, 10 + t);
      optimizer.step(parameters, Tensors.of("w", Tensor.of(g, rows, cols)), 1);
      double beta = 1 - Math.pow(t, -0.8);
      double total = 0;
      for (int i = 0; i < rows; i++) {
        double sum = 0;
        for (int j = 0; j < cols; j++) {
          sum += g[i * cols + j] * g[i * cols + j] + 1e-30;
        }
        r[i] = beta * r[i] + (1 - beta) * sum;
        total += r[i];
      }
      for (int j = 0; j < cols; j++) {
        double sum = 0;
        for (int i = 0; i < rows; i++) {
          sum += g[i * cols + j] * g[i * cols + j] + 1e-30;
        }
        c[j] = beta * c[j] + (1 - beta) * sum;
      }
      double[] u = new double[rows * cols];
      double squares = 0;
      double weights = 0;
      for (int k = 0; k < u.length; k++) {
        u[k] = g[k] / Math.sqrt(r[k / cols] * c[k % cols] / total);
        squares += u[k] * u[k];
        weights += theta[k] * theta[k];
      }
      double clip = Math.max(1, Math.sqrt(squares / u.length));
      double size = relative ? Math.max(1e-3, Math.sqrt(weights / u.length)) : 1;
      for (int k = 0; k < u.length; k++) {
        theta[k] = theta[k] * (1 - rate * 0.1) - rate * size * u[k] / clip;
      }
      assertArrayEquals(theta, parameters.get("w").doubles(), 1e-13, rows + "x" + cols);
    }
  }

  @Test
  void remembersRowsAndColumnsOnly() {
    Tensors parameters = Tensors.of("w", Tensor.zeros(DType.F32, 30, 20).fill(1));
    Adafactor optimizer = new Adafactor(ParameterGroups.of(0.1));
    optimizer.step(parameters, parameters.copy(), 1);
    assertEquals(1 + 30 + 20, optimizer.state().elementCount());
  }

  @Test
  void aZeroGradientMovesNothing() {
    Tensors parameters = Tensors.of("w", Tensor.zeros(DType.F32, 3, 2).fill(1));
    new Adafactor(ParameterGroups.of(0.1)).step(parameters, parameters.zerosLike(), 1);
    assertArrayEquals(new float[] {1, 1, 1, 1, 1, 1}, parameters.get("w").floats());
  }
}
