package org.quadrille.federated.propagation;

import java.util.Optional;
import org.quadrille.federated.Batch;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.FisherKind;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** A likelihood to a power: every loss and derivative times alpha (Minka 2004). */
final class LikelihoodPower implements ClientLikelihood {
  private final ClientLikelihood base;
  private final double alpha;
  private final Tensor fisherOfBase;

  LikelihoodPower(ClientLikelihood base, double alpha) {
    this.base = base;
    this.alpha = alpha;
    this.fisherOfBase = Tensor.zeros(base.dtype(), base.dimension());
  }

  @Override
  public int dimension() {
    return base.dimension();
  }

  @Override
  public DType dtype() {
    return base.dtype();
  }

  @Override
  public int points() {
    return base.points();
  }

  @Override
  public double loss(Tensor theta, Batch batch) {
    return alpha * base.loss(theta, batch);
  }

  @Override
  public double gradient(Tensor theta, Batch batch, Tensor gradient) {
    double loss = base.gradient(theta, batch, gradient);
    Arithmetic.scale(alpha, gradient);
    return alpha * loss;
  }

  @Override
  public void addFisher(Tensor theta, Batch batch, FisherKind kind, long key, Tensor fisher) {
    base.addFisher(theta, batch, kind, key, fisherOfBase.fill(0));
    Arithmetic.axpy(alpha, fisherOfBase, fisher);
  }

  @Override
  public Tensor hessian(Tensor theta) {
    return Arithmetic.scale(alpha, base.hessian(theta));
  }

  @Override
  public Optional<Gaussian> factor() {
    return base.factor().map(factor -> factor.power(alpha));
  }
}
