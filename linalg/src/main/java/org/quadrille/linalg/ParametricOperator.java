package org.quadrille.linalg;

/**
 * A {@link LinearOperator} with parameters that can be learned, and the derivative with respect to
 * them.
 */
public interface ParametricOperator extends LinearOperator {

  /** The live parameters by name, in a fixed order; writing into them changes the operator. */
  Tensors parameters();

  /**
   * Adds the gradient of a loss L with respect to every parameter, given x and dL/dy where {@code y
   * = A x}.
   *
   * @param x what the operator was applied to, shape [cols] or [cols, k], not modified
   * @param gradY dL/dy, shape [rows] or [rows, k], not modified
   * @param gradients added to: a tensor of the parameter's name and shape for each parameter, see
   *     {@link Tensors#zerosLike()}
   * @throws IllegalArgumentException if a shape, dtype or name does not fit
   */
  void accumulateGradients(Tensor x, Tensor gradY, Tensors gradients);
}
