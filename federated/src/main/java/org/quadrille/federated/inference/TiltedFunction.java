package org.quadrille.federated.inference;

import org.quadrille.federated.Batch;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.gaussian.PrecisionShape;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * {@code f(theta) = -log t(theta) = l(theta) + theta' Lambda theta / 2 - eta' theta} over all
 * points, with derivatives, in float64 outside the likelihood.
 */
final class TiltedFunction {
  private final ClientLikelihood likelihood;
  private final Gaussian prior;
  private final Batch all;
  private final Tensor theta;
  private final Tensor inner;
  private final double[] eta;
  private final double[] dense;

  TiltedFunction(TiltedProblem problem) {
    likelihood = problem.likelihood();
    prior = problem.prior();
    all = Batch.all(likelihood.points());
    theta = Tensor.zeros(likelihood.dtype(), likelihood.dimension());
    inner = Tensor.zeros(likelihood.dtype(), likelihood.dimension());
    eta = prior.eta().toDoubles();
    boolean isFull = prior.shape() == PrecisionShape.FULL;
    dense = isFull ? prior.precision().toDense().toDoubles() : null;
  }

  double value(Tensor at) {
    return likelihood.loss(moved(at), all) + quadratic(at);
  }

  private Tensor moved(Tensor at) {
    for (int i = 0; i < theta.length(); i++) {
      theta.set(at.get(i), i);
    }
    return theta;
  }

  /** {@code theta' Lambda theta / 2 - eta' theta}, from the matrix laid out once. */
  private double quadratic(Tensor at) {
    if (dense == null) {
      return -prior.logDensity(at);
    }
    int d = eta.length;
    double sum = 0;
    for (int i = 0; i < d; i++) {
      double product = 0;
      for (int j = 0; j < d; j++) {
        product += dense[i * d + j] * at.get(j);
      }
      sum += at.get(i) * (0.5 * product - eta[i]);
    }
    return sum;
  }

  /** The value at a place; {@code gradient}, F64, is overwritten. */
  double gradient(Tensor at, Tensor gradient) {
    double loss = likelihood.gradient(moved(at), all, inner);
    double quadratic = quadratic(at);
    // grad f = grad l + Lambda theta - eta
    prior.precision().apply(at, gradient);
    Arithmetic.axpy(-1, prior.eta(), gradient);
    Arithmetic.axpy(1, inner.to(DType.F64), gradient);
    return loss + quadratic;
  }

  /** Second derivatives, shape [d, d]. */
  Tensor hessian(Tensor at) {
    Tensor curvature = likelihood.hessian(moved(at));
    return Arithmetic.add(curvature, prior.precision().toDense());
  }
}
