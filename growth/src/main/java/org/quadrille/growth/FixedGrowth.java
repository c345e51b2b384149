package org.quadrille.growth;

import org.quadrille.linalg.Tensors;
import org.quadrille.transformer.Architecture;

/**
 * A growth operator without anything to learn, and what it does to the function of the model.
 *
 * @param operator the linear map of the weights
 * @param large the architecture of the result; its epsilon of the normalizations may differ from
 *     what was asked for where that keeps the function
 * @param exact whether the large model computes the same function, up to rounding
 * @param reason why, in a sentence
 */
public record FixedGrowth(
    GrowthOperator operator, Architecture large, boolean exact, String reason) {

  /** The large weights, new. */
  public Tensors apply(Tensors small) {
    return operator.apply(small);
  }
}
