package org.quadrille.lowrank.study;

/**
 * Probability that one of k samples is right, from n samples of which c are: the unbiased estimate
 * {@code 1 - C(n - c, k) / C(n, k)} (Chen et al. 2021, equation 1).
 */
public final class PassAtK {
  private PassAtK() {}

  /**
   * The estimate for one problem, as a product that cannot overflow. Cost: O(c).
   *
   * @param n samples
   * @param c right ones, 0 to n
   * @param k 1 to n
   */
  public static double estimate(int n, int c, int k) {
    if (n < 1 || c < 0 || c > n || k < 1 || k > n) {
      throw new IllegalArgumentException(
          "pass@k: given n = "
              + n
              + ", c = "
              + c
              + ", k = "
              + k
              + "; expected 0 <= c <= n and 1 <= k <= n");
    }
    if (n - c < k) {
      return 1;
    }
    // C(n - c, k) / C(n, k) = prod_(i = n - c + 1)^n (1 - k / i)
    double none = 1;
    for (int i = n - c + 1; i <= n; i++) {
      none *= 1 - k / (double) i;
    }
    return 1 - none;
  }

  /**
   * Mean over problems and its standard error.
   *
   * @param mean of the estimates
   * @param standardError of the mean; 0 for one problem
   */
  public record Mean(double mean, double standardError) {}

  /**
   * The mean over problems with n samples each.
   *
   * @param right number of right samples of each problem, at least one problem
   */
  public static Mean mean(int n, int[] right, int k) {
    if (right.length == 0) {
      throw new IllegalArgumentException("pass@k: given no problem, expected at least one");
    }
    double sum = 0;
    double squares = 0;
    for (int c : right) {
      double p = estimate(n, c, k);
      sum += p;
      squares += p * p;
    }
    int problems = right.length;
    double mean = sum / problems;
    double variance =
        problems == 1 ? 0 : Math.max(0, squares / problems - mean * mean) / (problems - 1);
    return new Mean(mean, Math.sqrt(variance));
  }
}
