package org.quadrille.lowrank.adapter;

import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.Cholesky;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.Optimizer;

/**
 * Preconditions the gradients of adapters by the small Gram matrices of their factors, and hands
 * them to another optimizer. Cost of a step: O((m + n) r^2 + r^3) for each adapter. Gradients given
 * are not modified.
 */
public final class PreconditionedOptimizer implements Optimizer {
  private final Optimizer inner;
  private final Adapters adapters;
  private final Preconditioner preconditioner;
  private final double damping;
  private Tensors turned;

  /**
   * An optimizer for the adapters.
   *
   * @param inner takes the steps
   * @param adapters whose gradients are turned; others pass unchanged
   * @param damping d, above 0
   * @throws IllegalArgumentException if LoRA-FA is asked for and A is learned, or d is not positive
   */
  public PreconditionedOptimizer(
      Optimizer inner, Adapters adapters, Preconditioner preconditioner, double damping) {
    if (!(damping > 0) || Double.isInfinite(damping)) {
      throw new IllegalArgumentException(
          "damping: given " + damping + ", expected a finite number above 0");
    }
    boolean fixed = preconditioner == Preconditioner.FIXED_RIGHT;
    if (fixed && adapters.config().trained() != TrainedParts.LEFT) {
      throw new IllegalArgumentException(
          "FIXED_RIGHT with trained parts "
              + adapters.config().trained()
              + ", expected LEFT: the right factors must not move");
    }
    this.inner = inner;
    this.adapters = adapters;
    this.preconditioner = preconditioner;
    this.damping = damping;
  }

  @Override
  public void step(Tensors parameters, Tensors gradients, double rateFactor) {
    if (turned == null) {
      turned = gradients.zerosLike();
    }
    gradients.forEach((name, gradient) -> turned.get(name).assign(gradient));
    adapters
        .operators()
        .forEach(
            (map, operator) -> {
              String left = map + "." + AdaptedOperator.LEFT;
              String right = map + "." + AdaptedOperator.RIGHT;
              AdapterParts parts = operator.parts();
              if (turned.contains(right) && preconditioner == Preconditioner.RIEMANNIAN) {
                Tensor gram = gram(parts.left().transpose());
                turned.get(right).assign(Cholesky.decompose(gram).solve(gradients.get(right)));
              }
              if (turned.contains(left)) {
                Tensor gram = gram(parts.right());
                Tensor solved =
                    Cholesky.decompose(gram).solve(gradients.get(left).transpose().copy());
                if (preconditioner == Preconditioner.FIXED_RIGHT) {
                  Arithmetic.scale(1 / (parts.scale() * parts.scale()), solved);
                }
                turned.get(left).assign(solved.transpose());
              }
            });
    inner.step(parameters, turned, rateFactor);
  }

  /** {@code X X^T + d I}. */
  private Tensor gram(Tensor x) {
    Tensor gram = MatrixProduct.multiply(x, x.transpose());
    for (int i = 0; i < gram.size(0); i++) {
      gram.set(gram.get(i, i) + damping, i, i);
    }
    return gram;
  }

  @Override
  public Tensors state() {
    return inner.state();
  }

  @Override
  public void load(Tensors state) {
    inner.load(state);
  }
}
