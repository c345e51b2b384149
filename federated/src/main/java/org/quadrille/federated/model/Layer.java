package org.quadrille.federated.model;

import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** One step of a network: a function of a row of inputs and of its own flat parameters. */
public sealed interface Layer permits Affine, Convolution, MaxPooling, Rectifier, TanhLayer {

  /** Length of a row of inputs. */
  int inputs();

  /** Length of a row of outputs. */
  int outputs();

  /** Number of parameters, possibly 0. */
  int parameters();

  /**
   * Draws first parameters.
   *
   * @param theta shape [parameters], overwritten
   * @param key where the random numbers lie
   */
  void initialize(Tensor theta, RandomKey key);

  /** Workspace for up to {@code rows} examples at once. */
  LayerPass pass(DType dtype, int rows);
}
