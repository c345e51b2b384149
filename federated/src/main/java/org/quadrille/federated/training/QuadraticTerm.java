package org.quadrille.federated.training;

/**
 * {@code 1/2 theta' diag(curvature) theta - linear' theta}, added to the mean loss of a client.
 *
 * @param curvature one number for all coordinates or one for each; finite
 * @param linear one number for each coordinate, or none for zeros; finite
 */
public record QuadraticTerm(double[] curvature, double[] linear) {

  /** Nothing is added. */
  public static final QuadraticTerm NONE = new QuadraticTerm(new double[1], new double[0]);

  /** Checks that all numbers are finite. */
  public QuadraticTerm {
    requireFinite("curvature", curvature);
    requireFinite("linear", linear);
    if (curvature.length == 0) {
      throw new IllegalArgumentException("curvature: no numbers given, expected one or d");
    }
  }

  /** {@code curvature/2 |theta - centre|^2}, up to a constant. */
  public static QuadraticTerm around(double[] centre, double curvature) {
    double[] linear = new double[centre.length];
    for (int i = 0; i < linear.length; i++) {
      linear[i] = curvature * centre[i];
    }
    return new QuadraticTerm(new double[] {curvature}, linear);
  }

  /** The curvature of a coordinate. */
  public double curvature(int i) {
    return curvature.length == 1 ? curvature[0] : curvature[i];
  }

  /** The linear coefficient of a coordinate. */
  public double linear(int i) {
    return linear.length == 0 ? 0 : linear[i];
  }

  /** The largest curvature. */
  public double largestCurvature() {
    double largest = curvature[0];
    for (double c : curvature) {
      largest = Math.max(largest, c);
    }
    return largest;
  }

  /** Checks that it fits parameters of dimension d. */
  void requireDimension(int d) {
    if ((curvature.length != 1 && curvature.length != d)
        || (linear.length != 0 && linear.length != d)) {
      throw new IllegalArgumentException(
          "quadratic term of "
              + curvature.length
              + " curvatures and "
              + linear.length
              + " linear coefficients given, expected 1 or "
              + d
              + " and 0 or "
              + d);
    }
  }

  private static void requireFinite(String name, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            name + ": " + values[i] + " given at " + i + ", expected finite numbers");
      }
    }
  }
}
