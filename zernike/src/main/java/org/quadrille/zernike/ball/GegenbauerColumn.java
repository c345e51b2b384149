package org.quadrille.zernike.ball;

/**
 * Zonal harmonics in dimension p + 2: {@code G_N(c) = C_N^(p/2)(c) / C_N^(p/2)(1)}, for p = 0
 * {@code cos(N arccos c)}, for p = 1 Legendre polynomials, all 1 at c = 1, by {@code (N+p) G_(N+1)
 * = (2N+p) c G_N - N G_(N-1)}.
 */
final class GegenbauerColumn {
  private GegenbauerColumn() {}

  /** Writes G_0 to G_L, L one less than the length. */
  static void values(int p, double c, double[] out) {
    out[0] = 1;
    if (out.length > 1) {
      out[1] = c;
    }
    for (int n = 1; n + 1 < out.length; n++) {
      out[n + 1] = ((2.0 * n + p) * c * out[n] - n * out[n - 1]) / (n + p);
    }
  }

  /**
   * Surface harmonics of order N in dimension p + 2: {@code (2N+p)(N+p-1)! / (p! N!)}; for p = 0,
   * 2, or 1 if N = 0.
   */
  static double harmonics(int p, int order) {
    if (order == 0) {
      return 1;
    }
    if (p == 0) {
      return 2;
    }
    // (2N+p)/p C(N+p-1, N)
    double binomial = 1;
    for (int k = 1; k <= p - 1; k++) {
      binomial *= (order + k) / (double) k;
    }
    return (2.0 * order + p) / p * binomial;
  }
}
