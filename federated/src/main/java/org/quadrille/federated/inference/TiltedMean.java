package org.quadrille.federated.inference;

import java.util.Map;
import org.quadrille.linalg.Tensor;

/**
 * Where a tilted distribution lies.
 *
 * @param mean d numbers; empty if the search diverged
 * @param figures numbers for the record, by name
 */
record TiltedMean(double[] mean, Map<String, Double> figures) {

  boolean isDiverged() {
    if (mean.length == 0) {
      return true;
    }
    for (double value : mean) {
      if (!Double.isFinite(value)) {
        return true;
      }
    }
    return false;
  }

  /** The mean as a tensor, shape [d]. */
  Tensor tensor() {
    return Tensor.of(mean, mean.length);
  }
}
