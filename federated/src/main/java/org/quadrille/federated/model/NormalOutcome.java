package org.quadrille.federated.model;

import org.quadrille.federated.Batch;
import org.quadrille.federated.Examples;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.federated.simulation.RandomStream;
import org.quadrille.linalg.Tensor;

/**
 * Numbers with independent normal noise: {@code y ~ N(z, 1 / precision)}.
 *
 * @param precision of the noise, positive
 */
public record NormalOutcome(double precision) implements Outcome {

  /** Checks the precision. */
  public NormalOutcome {
    if (!(precision > 0 && precision < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "noise precision: " + precision + " given, expected a positive number");
    }
  }

  @Override
  public void check(Examples examples, int outputs) {
    if (examples.targets() == null || examples.targets().size(1) != outputs) {
      throw new IllegalArgumentException(
          "regression of "
              + outputs
              + " outputs: "
              + (examples.targets() == null ? "labels" : examples.targets())
              + " given, expected targets of "
              + outputs
              + " columns");
    }
  }

  /** {@code dz = precision (z - y)}. */
  @Override
  public double gradient(Tensor z, Examples examples, Batch batch, Tensor dz) {
    int c = z.size(1);
    double loss = 0.5 * z.length() * StrictMath.log(2 * Math.PI / precision);
    for (int i = 0; i < z.length(); i++) {
      double y = RowLoops.get(examples.targets(), batch.point(i / c) * c + i % c);
      double residual = RowLoops.get(z, i) - y;
      loss += 0.5 * precision * residual * residual;
      RowLoops.set(dz, i, precision * residual);
    }
    return loss;
  }

  @Override
  public void sampledGradient(Tensor z, Batch batch, RandomKey key, Tensor dz) {
    int c = z.size(1);
    double root = Math.sqrt(precision);
    for (int i = 0; i < z.size(0); i++) {
      RandomStream stream = key.child(batch.point(i)).stream();
      for (int j = 0; j < c; j++) {
        RowLoops.set(dz, i * c + j, root * stream.normal());
      }
    }
  }

  @Override
  public void variances(Tensor z, Tensor variances) {
    variances.fill(precision);
  }

  @Override
  public void component(Tensor z, int c, Tensor dz, Tensor weights) {
    dz.fill(0);
    weights.fill(precision);
    for (int i = 0; i < z.size(0); i++) {
      RowLoops.set(dz, i * z.size(1) + c, 1);
    }
  }

  @Override
  public double curvature(Tensor prediction, int row, int c, int e) {
    return c == e ? precision : 0;
  }

  @Override
  public void predict(Tensor z, Tensor prediction) {
    prediction.assign(z);
  }
}
