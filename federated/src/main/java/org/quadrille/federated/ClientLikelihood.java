package org.quadrille.federated;

import java.util.Optional;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * One client's data as a function of a flat parameter vector: {@code l(theta) = sum over its points
 * of -log p(y | x, theta)}.
 *
 * <p>Sums, never means; no prior, no cavity and no weight decay are in it. The same arguments
 * always give the same bits. An object may keep workspaces, so one thread uses it at a time.
 */
public interface ClientLikelihood {

  /** Number of parameters d. */
  int dimension();

  /** Precision of parameters and gradients. */
  DType dtype();

  /** Number of points n; a client may have none. */
  int points();

  /**
   * The negative log likelihood of some points.
   *
   * @param theta shape [d], not modified
   */
  double loss(Tensor theta, Batch batch);

  /**
   * The negative log likelihood of some points and its gradient.
   *
   * @param theta shape [d], not modified
   * @param gradient shape [d], overwritten by the sum over the batch
   * @return the sum of the losses; NaN or infinite where the parameters are too large
   */
  double gradient(Tensor theta, Batch batch, Tensor gradient);

  /**
   * Adds to {@code fisher} the diagonal of the Fisher information of some points: the sum over them
   * of the expected squared gradient of {@code -log p(y | x, theta)}.
   *
   * @param theta shape [d], not modified
   * @param kind whose labels
   * @param key randomness of {@link FisherKind#SAMPLED}: the label of a point is a function of key
   *     and point, whatever batch it comes in
   * @param fisher shape [d], accumulated into
   * @throws IllegalArgumentException if this kind is not available here
   */
  void addFisher(Tensor theta, Batch batch, FisherKind kind, long key, Tensor fisher);

  /**
   * The second derivatives of the whole {@code l(theta)}, for small d.
   *
   * @param theta shape [d], not modified
   * @return shape [d, d], F64, in a new tensor
   * @throws UnsupportedOperationException if this likelihood has none
   */
  default Tensor hessian(Tensor theta) {
    throw new UnsupportedOperationException(
        getClass().getSimpleName()
            + " has no second derivatives; choose an inference method of first order");
  }

  /**
   * The likelihood itself if it is a Gaussian function of the parameters: {@code exp(-l(theta))} up
   * to a constant, with a full precision that may be singular. Default: it is not.
   */
  default Optional<Gaussian> factor() {
    return Optional.empty();
  }

  /** The negative log likelihood of all points. */
  default double loss(Tensor theta) {
    return loss(theta, Batch.all(points()));
  }

  /** The gradient of all points; see {@link #gradient(Tensor, Batch, Tensor)}. */
  default double gradient(Tensor theta, Tensor gradient) {
    return gradient(theta, Batch.all(points()), gradient);
  }
}
