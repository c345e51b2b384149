package org.quadrille.federated.model;

import org.quadrille.federated.Batch;
import org.quadrille.federated.Examples;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.linalg.Tensor;

/**
 * How the outputs z of a network predict what is observed: the distribution {@code p(y | z)} of a
 * point, with its derivatives with respect to z.
 *
 * <p>Rows of z belong to the points of a batch in order. Losses are sums of {@code -log p(y | z)}.
 */
public sealed interface Outcome permits Categorical, Bernoulli, NormalOutcome {

  /**
   * Refuses examples that cannot come from this distribution.
   *
   * @param outputs length of z
   * @throws IllegalArgumentException naming the first offending point
   */
  void check(Examples examples, int outputs);

  /**
   * The loss of some rows and its gradient.
   *
   * @param z shape [rows, outputs], finite, not modified
   * @param dz shape of z, overwritten
   * @return the sum of the losses
   */
  double gradient(Tensor z, Examples examples, Batch batch, Tensor dz);

  /**
   * The gradient for observations drawn from the prediction itself, one for each row; that of a
   * point depends on the key and the point alone.
   *
   * @param dz shape of z, overwritten
   */
  void sampledGradient(Tensor z, Batch batch, RandomKey key, Tensor dz);

  /**
   * The expected squared gradient of each output under the prediction.
   *
   * @param variances shape of z, overwritten
   */
  void variances(Tensor z, Tensor variances);

  /**
   * Component c, 0 to outputs - 1, of the expectation over observations: the Fisher information is
   * the sum over components of weight times squared gradient.
   *
   * @param dz shape of z, overwritten
   * @param weights shape [rows], overwritten
   */
  void component(Tensor z, int c, Tensor dz, Tensor weights);

  /**
   * Entry (c, e) of the second derivatives of the loss with respect to the outputs of one row.
   *
   * @param prediction shape [rows, outputs], what {@link #predict} made of the outputs
   */
  double curvature(Tensor prediction, int row, int c, int e);

  /**
   * The expected observation: probabilities or means.
   *
   * @param prediction shape of z, overwritten
   */
  void predict(Tensor z, Tensor prediction);
}
