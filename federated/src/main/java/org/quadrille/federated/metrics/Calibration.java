package org.quadrille.federated.metrics;

import java.util.ArrayList;
import java.util.List;
import org.quadrille.linalg.Tensor;

/**
 * Whether confidences are as large as the share of right answers: predictions fall into equal bins
 * of the confidence, the largest probability; bin b of B holds {@code (b/B, (b+1)/B]}.
 *
 * @param bins the bins that hold a prediction, ascending
 * @param expectedError mean over predictions of |accuracy - confidence| of their bin (ECE)
 * @param largestError largest |accuracy - confidence| of a bin (MCE)
 */
public record Calibration(List<Bin> bins, double expectedError, double largestError) {

  /**
   * One bin.
   *
   * @param index from 0
   * @param count predictions in it, 1 or more
   * @param accuracy share of them that are right
   * @param confidence their mean confidence
   */
  public record Bin(int index, int count, double accuracy, double confidence) {
    /** |accuracy - confidence|. */
    public double gap() {
      return Math.abs(accuracy - confidence);
    }
  }

  /**
   * The calibration of predictions.
   *
   * @param probabilities shape [n, classes], n at least 1; not modified
   * @param labels n classes
   * @param bins 1 or more; 15 is usual
   */
  public static Calibration of(Tensor probabilities, int[] labels, int bins) {
    Scores.requireFit(probabilities, labels);
    if (bins < 1) {
      throw new IllegalArgumentException("bins: " + bins + " given, expected 1 or more");
    }
    int[] counts = new int[bins];
    int[] right = new int[bins];
    double[] confidences = new double[bins];
    for (int i = 0; i < labels.length; i++) {
      int predicted = Scores.predicted(probabilities, i);
      double confidence = probabilities.get(i, predicted);
      int bin = Math.clamp((int) Math.ceil(confidence * bins) - 1, 0, bins - 1);
      counts[bin]++;
      right[bin] += predicted == labels[i] ? 1 : 0;
      confidences[bin] += confidence;
    }
    List<Bin> filled = new ArrayList<>();
    double expected = 0;
    double largest = 0;
    for (int b = 0; b < bins; b++) {
      if (counts[b] > 0) {
        Bin bin = new Bin(b, counts[b], (double) right[b] / counts[b], confidences[b] / counts[b]);
        filled.add(bin);
        expected += bin.gap() * counts[b] / labels.length;
        largest = Math.max(largest, bin.gap());
      }
    }
    return new Calibration(List.copyOf(filled), expected, largest);
  }
}
