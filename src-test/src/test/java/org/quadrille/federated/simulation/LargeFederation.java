package org.quadrille.federated.simulation;

import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.Examples;
import org.quadrille.federated.FisherKind;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.gaussian.PrecisionShape;
import org.quadrille.federated.inference.FisherLaplace;
import org.quadrille.federated.inference.FixedIdentity;
import org.quadrille.federated.inference.Inference;
import org.quadrille.federated.inference.MeanFinder;
import org.quadrille.federated.model.Model;
import org.quadrille.federated.propagation.ExpectationPropagation;
import org.quadrille.federated.training.LocalTraining;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** Many clients of softmax regression, d = 650, whose examples are made when they are opened. */
public record LargeFederation(int clients) implements ClientSource<ClientLikelihood> {
  private static final int INPUTS = 64;
  private static final int CLASSES = 10;
  private static final int POINTS = 40;
  private static final Model MODEL = Model.softmaxRegression(INPUTS, CLASSES);

  @Override
  public long points(int client) {
    return POINTS;
  }

  @Override
  public long points() {
    return (long) POINTS * clients;
  }

  @Override
  public ClientLikelihood open(int client) {
    RandomStream stream = RandomKey.of(17).child(client).stream();
    Tensor inputs = Tensor.zeros(DType.F32, POINTS, INPUTS);
    int[] labels = new int[POINTS];
    for (int i = 0; i < POINTS; i++) {
      labels[i] = (int) stream.bounded(CLASSES);
      for (int j = 0; j < INPUTS; j++) {
        inputs.floats()[i * INPUTS + j] =
            (float) stream.normal() + (j % CLASSES == labels[i] ? 1 : 0);
      }
    }
    return MODEL.on(Examples.labelled(inputs, labels));
  }

  /** Expectation propagation with sites of one shape. */
  ExpectationPropagation algorithm(PrecisionShape shape) {
    MeanFinder mean = MeanFinder.descent(LocalTraining.of(3, 20, 0.05));
    Inference inference =
        shape == PrecisionShape.DIAGONAL
            ? new FisherLaplace(mean, FisherKind.EXACT, 1, 2, 1)
            : new FixedIdentity(mean, 0.1);
    int d = MODEL.parameters();
    return ExpectationPropagation.warm(
        inference, Gaussian.one(shape, d), shape, new double[d], 0.1, points());
  }
}
