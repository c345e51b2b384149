package org.quadrille.cli.grow;

import java.nio.file.Path;
import org.quadrille.formats.ElementType;
import org.quadrille.growth.plan.GrowthMethod;
import org.quadrille.growth.plan.TargetSizes;

/**
 * What to grow and how.
 *
 * @param method how
 * @param operator a saved operator to use instead of a method, or null
 * @param save where the operator goes, or null
 * @param sizes after growth; 0 for what follows from others
 * @param seed of random choices
 * @param store type of the grown tensors; null for that of the old ones
 * @param learning how the operator is learned; null if it is not
 * @param verify whether both models are run
 * @param output the file to write
 */
public record GrowthRequest(
    GrowthMethod method,
    Path operator,
    Path save,
    TargetSizes sizes,
    long seed,
    ElementType store,
    LearningRequest learning,
    boolean verify,
    Path output) {

  /** The method in a word. */
  public String word() {
    return operator == null ? method.word() : "operator";
  }
}
