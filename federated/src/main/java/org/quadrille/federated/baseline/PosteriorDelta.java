package org.quadrille.federated.baseline;

import java.util.List;

/**
 * The direction of federated posterior averaging: {@code S^-1 (mu - xbar)} for samples x_1 to x_l
 * with mean xbar and covariance C, {@code S = r I + (1 - r) C}, {@code r = 1 / (1 + (l - 1) rho)}
 * (Al-Shedivat, Gillenwater, Xing and Rostamizadeh, "Federated Learning via Posterior Averaging",
 * 2021, appendix C).
 *
 * <p>One pass with rank-one updates of the inverse (Sherman and Morrison): O(l^2 d) time, O(l d)
 * memory; S is never formed. With one sample or rho = 0 it is {@code mu - xbar}: federated
 * averaging.
 */
public final class PosteriorDelta {
  private PosteriorDelta() {}

  /**
   * The direction, to be subtracted from the parameters.
   *
   * @param mean mu, d numbers, not modified
   * @param samples at least one, each of d numbers, not modified
   * @param rho 0 or more
   * @return a new array
   */
  public static double[] of(double[] mean, List<double[]> samples, double rho) {
    requireShrinkage(rho);
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("samples: none given, expected at least 1");
    }
    int d = mean.length;
    int l = samples.size();
    double[] centre = requireLength(samples.getFirst(), d).clone();
    double[] delta = new double[d];
    for (int i = 0; i < d; i++) {
      delta[i] = mean[i] - centre[i];
    }
    double[][] directions = new double[l + 1][];
    double[] weights = new double[l + 1];
    for (int t = 2; t <= l; t++) {
      double[] x = requireLength(samples.get(t - 1), d);
      double[] u = new double[d];
      for (int i = 0; i < d; i++) {
        u[i] = x[i] - centre[i];
      }
      double[] v = u.clone();
      for (int k = 2; k < t; k++) {
        // v -= g (v_k . u) / (1 + g w_k) v_k,  g = rho (k - 1) / k
        double g = rho * (k - 1) / k;
        subtract(g * dot(directions[k], u) / (1 + g * weights[k]), directions[k], v);
      }
      double w = dot(u, v);
      double g = rho * (t - 1) / t;
      // D -= (1 + c) v / t,  c = g (t (u . D) - w) / (1 + g w)
      double c = g * (t * dot(u, delta) - w) / (1 + g * w);
      subtract((1 + c) / t, v, delta);
      directions[t] = v;
      weights[t] = w;
      for (int i = 0; i < d; i++) {
        centre[i] = ((t - 1) * centre[i] + x[i]) / t;
      }
    }
    for (int i = 0; i < d; i++) {
      delta[i] *= 1 + (l - 1) * rho;
    }
    return delta;
  }

  static void requireShrinkage(double rho) {
    if (!(rho >= 0) || rho == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("rho: " + rho + " given, expected 0 or more");
    }
  }

  private static double[] requireLength(double[] sample, int d) {
    if (sample.length != d) {
      throw new IllegalArgumentException(
          "sample of " + sample.length + " numbers given, expected " + d);
    }
    return sample;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  private static void subtract(double factor, double[] x, double[] from) {
    for (int i = 0; i < from.length; i++) {
      from[i] -= factor * x[i];
    }
  }
}
