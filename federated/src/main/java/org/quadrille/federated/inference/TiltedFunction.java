package org.quadrille.federated.inference;

import org.quadrille.federated.Batch;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.gaussian.Gaussian;
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

  TiltedFunction(TiltedProblem problem) {
    likelihood = problem.likelihood();
    prior = problem.prior();
    all = Batch.all(likelihood.points());
    theta = Tensor.zeros(likelihood.dtype(), likelihood.dimension());
    inner = Tensor.zeros(likelihood.dtype(), likelihood.dimension());
  }

  double value(Tensor at) {
    return likelihood.loss(theta.assign(at.to(theta.dtype())), all) - prior.logDensity(at);
  }

  /** The value at a place; {@code gradient}, F64, is overwritten. */
  double gradient(Tensor at, Tensor gradient) {
    double loss = likelihood.gradient(theta.assign(at.to(theta.dtype())), all, inner);
    double logPrior = prior.logDensity(at);
    // grad f = grad l + Lambda theta - eta
    prior.precision().apply(at, gradient);
    Arithmetic.axpy(-1, prior.eta(), gradient);
    Arithmetic.axpy(1, inner.to(DType.F64), gradient);
    return loss - logPrior;
  }

  /** Second derivatives, shape [d, d]. */
  Tensor hessian(Tensor at) {
    Tensor curvature = likelihood.hessian(theta.assign(at.to(theta.dtype())));
    return Arithmetic.add(curvature, prior.precision().toDense());
  }
}
