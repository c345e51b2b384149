package org.quadrille.zernike.ball;

/**
 * Real and complex spherical harmonics of degree 0 to L, orthonormal on the unit sphere.
 *
 * <p>The real ones are {@code P_N^m(cos theta) / (2 pi)^(1/2)} for m = 0, {@code P_N^m cos(m phi) /
 * pi^(1/2)} for m above and {@code P_N^|m| sin(|m| phi) / pi^(1/2)} for m below 0, P normalized to
 * 1 and without a sign (-1)^m. The complex ones have that sign: {@code Y_N^m = (-1)^m (Y_(N,m) + i
 * Y_(N,-m)) / 2^(1/2)} for m above 0, and {@code Y_N^-m = (-1)^m conj(Y_N^m)}. Mode (N, m) has the
 * index {@code N^2 + N + m}.
 *
 * {@snippet :
 * SphericalHarmonics harmonics = new SphericalHarmonics(2);
 * double[] values = harmonics.values(0, 0, 1); // north pole: (4 pi)^(-1/2), 0, (3/(4 pi))^(1/2) ...
 * }
 *
 * <p><b>Accuracy</b>: 1e-13 at degree 1000. <b>Cost</b>: O(L^2) a point. <b>Thread safety</b>:
 * immutable.
 */
public final class SphericalHarmonics {
  private static final int LARGEST_DEGREE = 20_000;
  private static final double ZONAL = 1 / Math.sqrt(2 * Math.PI);
  private static final double SECTORAL = 1 / Math.sqrt(Math.PI);

  private final int degree;
  private final LegendreColumn[] columns;

  /**
   * Prepares the recurrences.
   *
   * @param degree L, 0 to 20000
   */
  public SphericalHarmonics(int degree) {
    if (degree < 0 || degree > LARGEST_DEGREE) {
      throw new IllegalArgumentException(
          "degree: given " + degree + ", expected 0 to " + LARGEST_DEGREE);
    }
    this.degree = degree;
    columns = new LegendreColumn[degree + 1];
    for (int m = 0; m <= degree; m++) {
      columns[m] = new LegendreColumn(m, degree);
    }
  }

  /** The largest degree L. */
  public int degree() {
    return degree;
  }

  /** Number of modes, (L + 1)^2. */
  public int count() {
    return (degree + 1) * (degree + 1);
  }

  /**
   * Index of a mode.
   *
   * @param n degree N, 0 or more
   * @param m order, -N to N
   */
  public static int index(int n, int m) {
    if (n < 0 || n > LARGEST_DEGREE || Math.abs(m) > n) {
      throw new IllegalArgumentException(
          "degree " + n + ", order " + m + ": expected |order| <= degree <= " + LARGEST_DEGREE);
    }
    return n * n + n + m;
  }

  LegendreColumn column(int m) {
    return columns[m];
  }

  /** {@code (2 pi)^(-1/2)} for m = 0, else {@code pi^(-1/2)}. */
  static double azimuthalFactor(int m) {
    return m == 0 ? ZONAL : SECTORAL;
  }

  /** All real modes in the direction of a point, in a new array. */
  public double[] values(double x, double y, double z) {
    double[] out = new double[count()];
    values(x, y, z, out);
    return out;
  }

  /**
   * All real modes in the direction of a point.
   *
   * @param x first coordinate; with y and z any vector but 0, of any length
   * @param out at least {@link #count} elements, written: mode (N, m) at N^2 + N + m; NaN where the
   *     point has one or is 0
   */
  public void values(double x, double y, double z, double[] out) {
    if (out.length < count()) {
      throw new IllegalArgumentException(
          "out: given " + out.length + " elements, expected at least " + count());
    }
    double flat = Math.hypot(x, y);
    double radius = Math.hypot(flat, z);
    double c = z / radius;
    double s = flat / radius;
    // on the axis any azimuth will do: modes of order above 0 vanish
    double cosine = flat == 0 ? 1 : x / flat;
    double sine = flat == 0 ? 0 : y / flat;
    double[] legendre = new double[degree + 1];
    double cosines = 1;
    double sines = 0;
    for (int m = 0; m <= degree; m++) {
      columns[m].values(c, s, legendre, 0);
      double factor = azimuthalFactor(m);
      for (int n = m; n <= degree; n++) {
        double value = factor * legendre[n - m];
        int zonal = n * n + n;
        out[zonal - m] = value * sines;
        out[zonal + m] = value * cosines; // for m = 0 over the line before
      }
      // cos and sin of (m + 1) phi
      double next = cosines * cosine - sines * sine;
      sines = sines * cosine + cosines * sine;
      cosines = next;
    }
  }

  /**
   * All complex modes in the direction of a point.
   *
   * @param real at least {@link #count} elements, written
   * @param imaginary likewise
   */
  public void complexValues(double x, double y, double z, double[] real, double[] imaginary) {
    if (imaginary.length < count()) {
      throw new IllegalArgumentException(
          "imaginary: given " + imaginary.length + " elements, expected at least " + count());
    }
    values(x, y, z, real);
    double half = Math.sqrt(0.5);
    for (int n = 0; n <= degree; n++) {
      int zonal = n * n + n;
      imaginary[zonal] = 0;
      for (int m = 1; m <= n; m++) {
        double sign = (m & 1) == 0 ? 1 : -1;
        double re = half * real[zonal + m];
        double im = half * real[zonal - m];
        real[zonal + m] = sign * re;
        imaginary[zonal + m] = sign * im;
        real[zonal - m] = re;
        imaginary[zonal - m] = -im;
      }
    }
  }
}
