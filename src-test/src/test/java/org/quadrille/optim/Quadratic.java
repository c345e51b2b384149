package org.quadrille.optim;

import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/** {@code t' H t / 2 - b' t} for one tensor "theta" of any precision. */
record Quadratic(double[][] h, double[] b) implements Objective {

  @Override
  public double loss(Tensors parameters) {
    double[] t = parameters.get("theta").toDoubles();
    double sum = 0;
    for (int i = 0; i < t.length; i++) {
      sum += t[i] * (0.5 * row(i, t) - b[i]);
    }
    return sum;
  }

  @Override
  public double lossAndGradient(Tensors parameters, Tensors gradients) {
    if (gradients.contains("theta")) {
      double[] t = parameters.get("theta").toDoubles();
      Tensor g = gradients.get("theta");
      for (int i = 0; i < t.length; i++) {
        g.set(row(i, t) - b[i], i);
      }
    }
    return loss(parameters);
  }

  private double row(int i, double[] t) {
    double sum = 0;
    for (int j = 0; j < t.length; j++) {
      sum += h[i][j] * t[j];
    }
    return sum;
  }
}
