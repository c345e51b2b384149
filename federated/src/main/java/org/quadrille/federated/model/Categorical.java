package org.quadrille.federated.model;

import org.quadrille.federated.Batch;
import org.quadrille.federated.Examples;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.kernels.cpu.ElementFunction;
import org.quadrille.linalg.Elementwise;
import org.quadrille.linalg.Softmax;
import org.quadrille.linalg.Tensor;

/** One class of C: probabilities {@code p = softmax(z)}, loss {@code -log p_y}. */
public record Categorical() implements Outcome {

  @Override
  public void check(Examples examples, int outputs) {
    if (examples.labels() == null) {
      throw new IllegalArgumentException("targets given, expected a class label for each point");
    }
    for (int i = 0; i < examples.count(); i++) {
      if (examples.labels()[i] >= outputs) {
        throw new IllegalArgumentException(
            "label "
                + examples.labels()[i]
                + " of point "
                + i
                + " given, expected a class from 0 to "
                + (outputs - 1));
      }
    }
  }

  /** {@code dz = p - e_y}. */
  @Override
  public double gradient(Tensor z, Examples examples, Batch batch, Tensor dz) {
    int c = z.size(1);
    double loss = 0;
    Softmax.logarithm(z, dz);
    for (int i = 0; i < z.size(0); i++) {
      loss -= RowLoops.get(dz, i * c + examples.labels()[batch.point(i)]);
    }
    Elementwise.apply(ElementFunction.EXP, dz, dz);
    for (int i = 0; i < z.size(0); i++) {
      subtractOne(dz, i * c + examples.labels()[batch.point(i)]);
    }
    return loss;
  }

  @Override
  public void sampledGradient(Tensor z, Batch batch, RandomKey key, Tensor dz) {
    int c = z.size(1);
    Softmax.of(z, dz);
    for (int i = 0; i < z.size(0); i++) {
      double u = key.child(batch.point(i)).stream().uniform();
      int label = 0;
      double below = RowLoops.get(dz, i * c);
      while (u > below && label < c - 1) {
        label++;
        below += RowLoops.get(dz, i * c + label);
      }
      subtractOne(dz, i * c + label);
    }
  }

  /** {@code p_c (1 - p_c)}. */
  @Override
  public void variances(Tensor z, Tensor variances) {
    Softmax.of(z, variances);
    for (int i = 0; i < variances.length(); i++) {
      double p = RowLoops.get(variances, i);
      RowLoops.set(variances, i, p * (1 - p));
    }
  }

  /** Label c with its probability: {@code dz = p - e_c}, weight {@code p_c}. */
  @Override
  public void component(Tensor z, int c, Tensor dz, Tensor weights) {
    Softmax.of(z, dz);
    int outputs = z.size(1);
    for (int i = 0; i < z.size(0); i++) {
      RowLoops.set(weights, i, RowLoops.get(dz, i * outputs + c));
      subtractOne(dz, i * outputs + c);
    }
  }

  /** {@code p_c [c = e] - p_c p_e}. */
  @Override
  public double curvature(Tensor prediction, int row, int c, int e) {
    int outputs = prediction.size(1);
    double p = RowLoops.get(prediction, row * outputs + c);
    return c == e ? p * (1 - p) : -p * RowLoops.get(prediction, row * outputs + e);
  }

  @Override
  public void predict(Tensor z, Tensor prediction) {
    Softmax.of(z, prediction);
  }

  private static void subtractOne(Tensor x, int at) {
    RowLoops.set(x, at, RowLoops.get(x, at) - 1);
  }
}
