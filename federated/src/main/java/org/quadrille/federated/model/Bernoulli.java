package org.quadrille.federated.model;

import org.quadrille.federated.Batch;
import org.quadrille.federated.Examples;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.federated.simulation.RandomStream;
import org.quadrille.kernels.cpu.ElementFunction;
import org.quadrille.linalg.Elementwise;
import org.quadrille.linalg.Tensor;

/**
 * Independent yes or no answers: {@code p = sigmoid(z)}, loss {@code -y log p - (1 - y) log(1 - p)}
 * summed over the outputs.
 *
 * <p>A single output may have labels 0 and 1; otherwise targets of zeros and ones. The sum is
 * plain: a loss that is averaged over C outputs and multiplied by a batch of B points, as published
 * for tags, is this one times B / C.
 */
public record Bernoulli() implements Outcome {

  @Override
  public void check(Examples examples, int outputs) {
    if (examples.labels() != null && outputs != 1) {
      throw new IllegalArgumentException(
          "labels given for " + outputs + " outputs, expected targets of zeros and ones");
    }
    if (examples.targets() != null && examples.targets().size(1) != outputs) {
      throw new IllegalArgumentException(
          "targets: " + examples.targets() + " given, expected " + outputs + " in a row");
    }
    for (int i = 0; i < examples.count() * outputs; i++) {
      double y = observed(examples, i / outputs, i % outputs);
      if (y != 0 && y != 1) {
        throw new IllegalArgumentException(
            "observation " + y + " of point " + i / outputs + " given, expected 0 or 1");
      }
    }
  }

  private static double observed(Examples examples, int point, int output) {
    return examples.labels() != null
        ? examples.labels()[point]
        : RowLoops.get(examples.targets(), point * examples.targets().size(1) + output);
  }

  /** {@code dz = p - y}; the loss is {@code max(z, 0) - y z - log(max(p, 1 - p))}. */
  @Override
  public double gradient(Tensor z, Examples examples, Batch batch, Tensor dz) {
    int c = z.size(1);
    double loss = 0;
    Elementwise.apply(ElementFunction.SIGMOID, z, dz);
    for (int i = 0; i < z.length(); i++) {
      double y = observed(examples, batch.point(i / c), i % c);
      double output = RowLoops.get(z, i);
      double p = RowLoops.get(dz, i);
      loss += Math.max(output, 0) - y * output - StrictMath.log(Math.max(p, 1 - p));
      RowLoops.set(dz, i, p - y);
    }
    return loss;
  }

  @Override
  public void sampledGradient(Tensor z, Batch batch, RandomKey key, Tensor dz) {
    int c = z.size(1);
    Elementwise.apply(ElementFunction.SIGMOID, z, dz);
    for (int i = 0; i < z.size(0); i++) {
      RandomStream stream = key.child(batch.point(i)).stream();
      for (int j = 0; j < c; j++) {
        double p = RowLoops.get(dz, i * c + j);
        RowLoops.set(dz, i * c + j, stream.uniform() < p ? p - 1 : p);
      }
    }
  }

  /** {@code p (1 - p)}. */
  @Override
  public void variances(Tensor z, Tensor variances) {
    Elementwise.apply(ElementFunction.SIGMOID, z, variances);
    for (int i = 0; i < variances.length(); i++) {
      double p = RowLoops.get(variances, i);
      RowLoops.set(variances, i, p * (1 - p));
    }
  }

  /** Outputs are independent: {@code dz = e_c}, weight {@code p_c (1 - p_c)}. */
  @Override
  public void component(Tensor z, int c, Tensor dz, Tensor weights) {
    int outputs = z.size(1);
    Elementwise.apply(ElementFunction.SIGMOID, z, dz);
    for (int i = 0; i < z.size(0); i++) {
      double p = RowLoops.get(dz, i * outputs + c);
      RowLoops.set(weights, i, p * (1 - p));
    }
    dz.fill(0);
    for (int i = 0; i < z.size(0); i++) {
      RowLoops.set(dz, i * outputs + c, 1);
    }
  }

  @Override
  public double curvature(Tensor prediction, int row, int c, int e) {
    double p = RowLoops.get(prediction, row * prediction.size(1) + c);
    return c == e ? p * (1 - p) : 0;
  }

  @Override
  public void predict(Tensor z, Tensor prediction) {
    Elementwise.apply(ElementFunction.SIGMOID, z, prediction);
  }
}
