package org.quadrille.optim;

import org.quadrille.linalg.Tensors;

/**
 * A loss as a function of named tensors, with its gradient: all that training, growing and
 * federated inference know of a model.
 *
 * <p>An objective holds its data; the same objective always gives the same bits for the same
 * parameters.
 */
public interface Objective {

  /**
   * The loss.
   *
   * @param parameters all tensors of the model by name, not modified
   * @throws IllegalArgumentException if a tensor is missing or does not fit
   */
  double loss(Tensors parameters);

  /**
   * The loss and its gradient with respect to the parameters that {@code gradients} names; all
   * others are frozen, and their gradients are not computed.
   *
   * @param parameters all tensors of the model by name, not modified
   * @param gradients overwritten; for each trained parameter a tensor of its name, shape and dtype
   * @throws IllegalArgumentException if a tensor is missing or does not fit
   */
  double lossAndGradient(Tensors parameters, Tensors gradients);
}
