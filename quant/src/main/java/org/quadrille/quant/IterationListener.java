package org.quadrille.quant;

/** Hears of each iteration of a decomposition: for progress and to end it early. */
@FunctionalInterface
public interface IterationListener {
  /** Lets every iteration pass. */
  IterationListener NONE = (iteration, error) -> true;

  /**
   * Called after an iteration, on the thread that decomposes.
   *
   * @param iteration from 1
   * @param error Frobenius norm of what is not explained
   * @return whether to go on; false ends the decomposition with the best iterate so far
   */
  boolean afterIteration(int iteration, double error);
}
