package org.quadrille.federated.model;

import java.util.Optional;
import org.quadrille.federated.Batch;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.FisherKind;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * A client whose likelihood is a Gaussian function of the parameters: {@code l(theta) = theta' A
 * theta / 2 - b' theta}, the constant left out; A may be singular.
 *
 * <p>Its n points contribute equal parts, so batches have no noise. For theory and tests.
 */
public final class GaussianLikelihood implements ClientLikelihood {
  private final Gaussian factor;
  private final int points;

  /**
   * A client.
   *
   * @param factor {@code exp(-l)} with precision A and eta b; shared
   * @param points n, at least 0
   */
  public GaussianLikelihood(Gaussian factor, int points) {
    if (points < 0) {
      throw new IllegalArgumentException("points: " + points + " given, expected 0 or more");
    }
    if (!factor.isFinite()) {
      throw new IllegalArgumentException(
          "factor: NaN or infinite natural parameters given, expected finite numbers");
    }
    this.factor = factor;
    this.points = points;
  }

  @Override
  public int dimension() {
    return factor.dimension();
  }

  @Override
  public DType dtype() {
    return DType.F64;
  }

  @Override
  public int points() {
    return points;
  }

  @Override
  public double loss(Tensor theta, Batch batch) {
    return -part(batch) * factor.logDensity(theta);
  }

  /** {@code A theta - b}, times the part of the points. */
  @Override
  public double gradient(Tensor theta, Batch batch, Tensor gradient) {
    factor.precision().apply(theta, gradient);
    Arithmetic.axpy(-1, factor.eta(), gradient);
    Arithmetic.scale(part(batch), gradient);
    return loss(theta, batch);
  }

  /** The diagonal of A, for every kind: the curvature does not depend on what is observed. */
  @Override
  public void addFisher(Tensor theta, Batch batch, FisherKind kind, long key, Tensor fisher) {
    Arithmetic.axpy(part(batch), factor.precision().diagonal(), fisher);
  }

  @Override
  public Tensor hessian(Tensor theta) {
    return factor.precision().toDense();
  }

  @Override
  public Optional<Gaussian> factor() {
    return Optional.of(factor);
  }

  private double part(Batch batch) {
    return points == 0 ? 0 : (double) batch.size() / points;
  }
}
