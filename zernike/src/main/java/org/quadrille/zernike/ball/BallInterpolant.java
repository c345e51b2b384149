package org.quadrille.zernike.ball;

import java.util.Objects;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.zernike.CompensatedSum;
import org.quadrille.zernike.RadialColumn;

/**
 * A function on the unit ball in space as an expansion in orthonormal ball modes: coefficients by
 * N, then m, then n, as in {@link BallTransform}.
 *
 * {@snippet :
 * BallInterpolant f = BallInterpolant.of((x, y, z) -> Math.exp(x - y * z), 1e-12);
 * double value = f.value(0.1, 0.2, 0.3);
 * double integral = f.integrate();
 * }
 *
 * <p><b>Accuracy</b>: 1e-13 of the largest value at degree 60. <b>Cost</b>: L^3 / 6 coefficients;
 * O(L^4) to make one, O(L^3) for a value. <b>Thread safety</b>: immutable.
 */
public final class BallInterpolant {
  private static final int FIRST_DEGREE = 8;
  private static final int LARGEST_ADAPTIVE = 128;
  private static final int BLOCK = 64;

  private final BallModes modes;
  private final double[] coefficients;
  private final SphericalHarmonics harmonics;
  private final RadialColumn[] columns;

  private BallInterpolant(BallModes modes, double[] coefficients) {
    this.modes = modes;
    this.coefficients = coefficients;
    harmonics = new SphericalHarmonics(modes.degree());
    columns = new RadialColumn[modes.degree() + 1];
    for (int order = 0; order < columns.length; order++) {
      columns[order] = new RadialColumn(order, 1, modes.radialCount(order));
    }
  }

  /**
   * The expansion with given coefficients.
   *
   * @param degree L
   * @param coefficients {@code (L+1)(L+2)(L+3)/6} finite numbers, copied
   */
  public static BallInterpolant ofCoefficients(int degree, double[] coefficients) {
    BallModes modes = new BallModes(degree);
    Objects.requireNonNull(coefficients, "coefficients");
    if (coefficients.length != modes.count()) {
      throw new IllegalArgumentException(
          "coefficients: given "
              + coefficients.length
              + " numbers, expected "
              + modes.count()
              + " for degree "
              + degree);
    }
    for (double c : coefficients) {
      if (!Double.isFinite(c)) {
        throw new IllegalArgumentException(
            "coefficients: given " + c + ", expected finite numbers");
      }
    }
    return new BallInterpolant(modes, coefficients.clone());
  }

  /**
   * The projection of a function by values on the grid of a degree: exact for polynomials of that
   * degree.
   *
   * @param f finite everywhere in the ball; called on the thread of the caller
   * @param degree L, 0 to 400
   */
  public static BallInterpolant ofDegree(BallFunction f, int degree) {
    BallTransform transform = new BallTransform(degree);
    return new BallInterpolant(new BallModes(degree), transform.analyze(transform.sample(f)));
  }

  /**
   * A function to a tolerance: degrees 8, 16, ... to 128 are tried until the coefficients of the
   * last four degrees are below the tolerance, then those of high degree below it are dropped.
   *
   * @param tolerance relative to the largest coefficient, above 0
   * @throws IllegalArgumentException if degree 128 is not enough
   */
  public static BallInterpolant of(BallFunction f, double tolerance) {
    if (!(tolerance > 0)) {
      throw new IllegalArgumentException(
          "tolerance: given " + tolerance + ", expected a number above 0");
    }
    for (int degree = FIRST_DEGREE; degree <= LARGEST_ADAPTIVE; degree *= 2) {
      BallInterpolant interpolant = ofDegree(f, degree);
      BallInterpolant shorter = interpolant.truncate(tolerance);
      if (shorter.degree() <= degree - 4) {
        return shorter;
      }
    }
    throw new IllegalArgumentException(
        "tolerance "
            + tolerance
            + " is not reached by degree "
            + LARGEST_ADAPTIVE
            + "; the function may not be smooth: choose a larger tolerance, or a degree by ofDegree");
  }

  /** The largest degree N + 2n. */
  public int degree() {
    return modes.degree();
  }

  /** All coefficients; a copy. */
  public double[] coefficients() {
    return coefficients.clone();
  }

  /** The coefficient of mode (N, m, n). */
  public double coefficient(int order, int m, int radialIndex) {
    return coefficients[modes.index(order, m, radialIndex)];
  }

  /** The largest coefficient in size of each degree from 0 on. */
  public double[] sizeByDegree() {
    double[] sizes = new double[degree() + 1];
    int at = 0;
    for (int order = 0; order <= degree(); order++) {
      for (int m = -order; m <= order; m++) {
        for (int n = 0; n < modes.radialCount(order); n++) {
          int d = order + 2 * n;
          sizes[d] = Math.max(sizes[d], Math.abs(coefficients[at++]));
        }
      }
    }
    return sizes;
  }

  /**
   * Without the degrees at the end whose coefficients are all below a tolerance.
   *
   * @param tolerance relative to the largest coefficient, 0 or more
   */
  public BallInterpolant truncate(double tolerance) {
    double[] sizes = sizeByDegree();
    double largest = 0;
    for (double size : sizes) {
      largest = Math.max(largest, size);
    }
    int last = degree();
    while (last > 0 && sizes[last] <= tolerance * largest) {
      last--;
    }
    return withDegree(last);
  }

  /** With coefficients of another degree: without those above, or with zeros for new ones. */
  private BallInterpolant withDegree(int newDegree) {
    BallModes changed = new BallModes(newDegree);
    double[] kept = new double[changed.count()];
    for (int order = 0; order <= Math.min(newDegree, degree()); order++) {
      int count = changed.radialCount(order);
      for (int row = 0; row <= 2 * order; row++) {
        System.arraycopy(
            coefficients,
            modes.offset(order) + row * modes.radialCount(order),
            kept,
            changed.offset(order) + row * count,
            Math.min(count, modes.radialCount(order)));
      }
    }
    return new BallInterpolant(changed, kept);
  }

  /** The value at a point; NaN outside the unit ball or where a coordinate is. */
  public double value(double x, double y, double z) {
    double squared = x * x + y * y + z * z;
    if (!(squared <= 1 + 8 * Math.ulp(1.0))) {
      return Double.NaN;
    }
    double radius = Math.min(1, Math.sqrt(squared));
    // at the centre every direction will do: only N = 0 is left
    double[] surface = harmonics.values(x, y, squared == 0 ? 1 : z);
    double[] values = new double[modes.radialCount(0)];
    double sum = 0;
    int at = 0;
    for (int order = 0; order <= degree(); order++) {
      int count = modes.radialCount(order);
      columns[order].values(radius, values);
      for (int n = 0; n < count; n++) {
        values[n] *= Math.sqrt(2 * (2 * n + order + 1.5));
      }
      for (int m = -order; m <= order; m++) {
        double part = 0;
        for (int n = 0; n < count; n++) {
          part = Math.fma(coefficients[at++], values[n], part);
        }
        sum = Math.fma(part, surface[order * order + order + m], sum);
      }
    }
    return sum;
  }

  /**
   * Values at many points, divided among threads.
   *
   * @param x first coordinates; y and z of the same length
   * @return new array, NaN at points outside the unit ball
   */
  public double[] values(double[] x, double[] y, double[] z) {
    if (x.length != y.length || x.length != z.length) {
      throw new IllegalArgumentException(
          "x, y, z: given "
              + x.length
              + ", "
              + y.length
              + " and "
              + z.length
              + " numbers, expected as many of each");
    }
    double[] out = new double[x.length];
    WorkerPool.shared()
        .forEach(
            (x.length + BLOCK - 1) / BLOCK,
            block -> {
              for (int i = block * BLOCK; i < Math.min(x.length, (block + 1) * BLOCK); i++) {
                out[i] = value(x[i], y[i], z[i]);
              }
            });
    return out;
  }

  /** The integral over the ball: {@code (4 pi / 3)^(1/2)} times the first coefficient. */
  public double integrate() {
    return Math.sqrt(4 * Math.PI / 3) * coefficients[0];
  }

  /** {@code (integral of f^2)^(1/2)}, by Parseval's identity. */
  public double norm() {
    CompensatedSum sum = new CompensatedSum();
    for (double c : coefficients) {
      sum.add(c * c);
    }
    return Math.sqrt(sum.value());
  }

  /** The sum with a multiple of another function, {@code f + factor g}. */
  public BallInterpolant plus(double factor, BallInterpolant other) {
    int larger = Math.max(degree(), other.degree());
    double[] sum = withDegree(larger).coefficients;
    double[] added = other.withDegree(larger).coefficients;
    for (int i = 0; i < sum.length; i++) {
      sum[i] = Math.fma(factor, added[i], sum[i]);
    }
    return new BallInterpolant(new BallModes(larger), sum);
  }

  /** The product: its degree is the sum of both, and it is exact but for rounding. */
  public BallInterpolant times(BallInterpolant other) {
    int sum = degree() + other.degree();
    BallTransform transform = new BallTransform(sum);
    double[] product = transform.synthesize(withDegree(sum).coefficients);
    double[] factor = transform.synthesize(other.withDegree(sum).coefficients);
    for (int i = 0; i < product.length; i++) {
      product[i] *= factor[i];
    }
    return new BallInterpolant(new BallModes(sum), transform.analyze(product));
  }

  /**
   * Moments that do not change when the function is rotated: {@code (sum over m of
   * c_(N,m,n)^2)^(1/2)}, by N and then n (Novotni and Klein, "3D Zernike descriptors for content
   * based shape retrieval", 2003).
   */
  public double[] rotationInvariants() {
    int length = 0;
    for (int order = 0; order <= degree(); order++) {
      length += modes.radialCount(order);
    }
    double[] invariants = new double[length];
    int at = 0;
    for (int order = 0; order <= degree(); order++) {
      for (int n = 0; n < modes.radialCount(order); n++) {
        double squares = 0;
        for (int m = -order; m <= order; m++) {
          double c = coefficients[modes.index(order, m, n)];
          squares = Math.fma(c, c, squares);
        }
        invariants[at++] = Math.sqrt(squares);
      }
    }
    return invariants;
  }

  @Override
  public String toString() {
    return "BallInterpolant[degree " + degree() + "]";
  }
}
