package org.quadrille.federated.metrics;

import java.util.Map;
import java.util.TreeMap;
import org.quadrille.linalg.Tensor;

/**
 * Scores of predicted probabilities of classes.
 *
 * @param accuracy share of examples whose class has the largest probability, the first of equals
 * @param logLoss mean of {@code -log p(label)}, in nats
 * @param brier mean of {@code sum over classes of (p - [class = label])^2}, 0 to 2
 * @param calibrationError expected calibration error with {@value #BINS} bins
 */
public record Scores(double accuracy, double logLoss, double brier, double calibrationError) {

  /** Bins of the calibration error. */
  public static final int BINS = 15;

  /** Probabilities below this count as this in the log loss, so that it stays finite. */
  public static final double LEAST_PROBABILITY = 1e-30;

  /**
   * The scores of predictions.
   *
   * @param probabilities shape [n, classes], n at least 1; not modified
   * @param labels n classes
   */
  public static Scores of(Tensor probabilities, int[] labels) {
    requireFit(probabilities, labels);
    int n = labels.length;
    int classes = probabilities.size(1);
    int right = 0;
    double loss = 0;
    double brier = 0;
    for (int i = 0; i < n; i++) {
      right += predicted(probabilities, i) == labels[i] ? 1 : 0;
      loss -= StrictMath.log(Math.max(LEAST_PROBABILITY, probabilities.get(i, labels[i])));
      for (int c = 0; c < classes; c++) {
        double error = probabilities.get(i, c) - (c == labels[i] ? 1 : 0);
        brier += error * error;
      }
    }
    return new Scores(
        (double) right / n,
        loss / n,
        brier / n,
        Calibration.of(probabilities, labels, BINS).expectedError());
  }

  /** The scores under the names accuracy, loss, brier and ece. */
  public Map<String, Double> toMap() {
    return toMap("");
  }

  /** The scores under these names with a word before them. */
  public Map<String, Double> toMap(String prefix) {
    Map<String, Double> map = new TreeMap<>();
    map.put(prefix + "accuracy", accuracy);
    map.put(prefix + "loss", logLoss);
    map.put(prefix + "brier", brier);
    map.put(prefix + "ece", calibrationError);
    return map;
  }

  /** The class of the largest probability, the first of equals. */
  static int predicted(Tensor probabilities, int row) {
    int best = 0;
    for (int c = 1; c < probabilities.size(1); c++) {
      if (probabilities.get(row, c) > probabilities.get(row, best)) {
        best = c;
      }
    }
    return best;
  }

  static void requireFit(Tensor probabilities, int[] labels) {
    if (probabilities.rank() != 2
        || probabilities.size(0) != labels.length
        || labels.length == 0
        || probabilities.size(1) == 0) {
      throw new IllegalArgumentException(
          "probabilities: "
              + probabilities
              + " given with "
              + labels.length
              + " labels, expected a row for each label, at least one");
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= probabilities.size(1)) {
        throw new IllegalArgumentException(
            "label " + labels[i] + " given, expected 0 to " + (probabilities.size(1) - 1));
      }
      for (int c = 0; c < probabilities.size(1); c++) {
        double p = probabilities.get(i, c);
        if (!(p >= 0 && p <= 1 + 1e-5)) {
          throw new IllegalArgumentException(
              "probability " + p + " given for example " + i + ", expected 0 to 1");
        }
      }
    }
  }
}
