package org.quadrille.federated;

import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;

/**
 * Points of data: inputs in rows, and for each a class or a row of targets.
 *
 * @param inputs shape [n, p], contiguous, finite; shared
 * @param labels a class from 0 for each of the n points, or null where there are targets; shared
 * @param targets shape [n, c] of the dtype of the inputs, or null where there are labels; shared
 */
public record Examples(Tensor inputs, int[] labels, Tensor targets) {

  /** Checks that the parts fit together. */
  public Examples {
    if (inputs.rank() != 2 || !inputs.isContiguous()) {
      throw new IllegalArgumentException(
          "inputs: " + inputs + " given, expected a contiguous matrix with a point in each row");
    }
    Norms.requireFinite("inputs", inputs);
    if ((labels == null) == (targets == null)) {
      throw new IllegalArgumentException(
          "examples: expected either labels or targets, given "
              + (labels == null ? "neither" : "both"));
    }
    int n = inputs.size(0);
    if (labels != null && labels.length != n) {
      throw new IllegalArgumentException(
          "labels: " + labels.length + " given, expected one for each of " + n + " inputs");
    }
    if (targets != null) {
      if (targets.rank() != 2
          || targets.size(0) != n
          || !targets.isContiguous()
          || targets.dtype() != inputs.dtype()) {
        throw new IllegalArgumentException(
            "targets: "
                + targets
                + " given, expected a contiguous "
                + inputs.dtype()
                + " matrix of "
                + n
                + " rows");
      }
      Norms.requireFinite("targets", targets);
    }
    for (int i = 0; labels != null && i < n; i++) {
      if (labels[i] < 0) {
        throw new IllegalArgumentException(
            "labels: " + labels[i] + " given for point " + i + ", expected classes from 0");
      }
    }
  }

  /** Points with a class each. */
  public static Examples labelled(Tensor inputs, int[] labels) {
    return new Examples(inputs, labels, null);
  }

  /** Points with a row of targets each: numbers to regress on, or zeros and ones. */
  public static Examples withTargets(Tensor inputs, Tensor targets) {
    return new Examples(inputs, null, targets);
  }

  /** Number of points n. */
  public int count() {
    return inputs.size(0);
  }

  /** Number of inputs p of a point. */
  public int width() {
    return inputs.size(1);
  }

  /** Some of the points in the given order, copied. */
  public Examples select(int[] points) {
    int[] chosenLabels = labels == null ? null : new int[points.length];
    Tensor chosenTargets =
        targets == null ? null : Tensor.zeros(targets.dtype(), points.length, targets.size(1));
    Tensor chosen = Tensor.zeros(inputs.dtype(), points.length, width());
    for (int i = 0; i < points.length; i++) {
      if (points[i] < 0 || points[i] >= count()) {
        throw new IllegalArgumentException(
            "point " + points[i] + " given, expected 0 to " + (count() - 1));
      }
      chosen.row(i).assign(inputs.row(points[i]));
      if (labels != null) {
        chosenLabels[i] = labels[points[i]];
      } else {
        chosenTargets.row(i).assign(targets.row(points[i]));
      }
    }
    return new Examples(chosen, chosenLabels, chosenTargets);
  }
}
