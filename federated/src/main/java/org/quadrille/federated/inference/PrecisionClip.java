package org.quadrille.federated.inference;

/** What is done to estimated precisions before they are used. */
public final class PrecisionClip {
  private PrecisionClip() {}

  /**
   * Clips every number to the mean of all plus or minus {@code ratio} standard deviations
   * (population), and never below 0; in place.
   *
   * @param values at least one, modified
   * @param ratio above 0; infinity leaves everything but negative numbers as it is
   */
  public static void clip(double[] values, double ratio) {
    if (!(ratio > 0)) {
      throw new IllegalArgumentException(
          "clip ratio: " + ratio + " given, expected a positive number of standard deviations");
    }
    double mean = 0;
    for (double value : values) {
      mean += value;
    }
    mean /= values.length;
    double square = 0;
    for (double value : values) {
      square += (value - mean) * (value - mean);
    }
    double deviation = Math.sqrt(square / values.length);
    double half = ratio == Double.POSITIVE_INFINITY ? ratio : ratio * deviation;
    double low = Math.max(0, mean - half);
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.clamp(values[i], low, mean + half);
    }
  }
}
