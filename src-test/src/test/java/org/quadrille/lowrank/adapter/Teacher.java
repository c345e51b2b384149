package org.quadrille.lowrank.adapter;

import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.Objective;

/** {@code |V - V*|^2 / 2} for the matrix V of one operator: its gradient by V is V - V*. */
record Teacher(AdaptedOperator operator, Tensor wanted, String prefix) implements Objective {

  private Tensor residual() {
    return Arithmetic.subtract(applied(), wanted);
  }

  /** V through the operator, not through its own dense form. */
  private Tensor applied() {
    return operator.apply(unit());
  }

  private Tensor unit() {
    Tensor unit = Tensor.zeros(operator.dtype(), operator.cols(), operator.cols());
    for (int i = 0; i < unit.size(0); i++) {
      unit.set(1, i, i);
    }
    return unit;
  }

  @Override
  public double loss(Tensors parameters) {
    Tensor residual = residual();
    return Arithmetic.dot(residual, residual) / 2;
  }

  @Override
  public double lossAndGradient(Tensors parameters, Tensors gradients) {
    Tensor residual = residual();
    Tensors own = operator.parameters().zerosLike();
    operator.accumulateGradients(unit(), residual, own);
    gradients.forEach((name, g) -> g.assign(own.get(name.substring(prefix.length()))));
    return Arithmetic.dot(residual, residual) / 2;
  }
}
