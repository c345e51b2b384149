package org.quadrille.federated.inference;

import org.quadrille.federated.gaussian.PrecisionShape;

/**
 * A way to approximate a tilted distribution by a Gaussian.
 *
 * <p>Implementations are immutable records: their text names the method and all settings. The same
 * problem always gives the same bits.
 */
public interface Inference {

  /**
   * Whether results have a precision of this shape, given a cavity of this shape.
   *
   * @param shape of the global approximation
   */
  boolean supports(PrecisionShape shape);

  /**
   * The approximation, of the shape of the cavity.
   *
   * @param problem with a proper cavity of a shape this method supports
   * @throws IllegalArgumentException if the problem does not suit the method; never for numerical
   *     trouble, which gives an approximation without a result
   */
  Approximation approximate(TiltedProblem problem);
}
