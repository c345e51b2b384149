package org.quadrille.zernike;

import java.util.function.DoubleBinaryOperator;

/**
 * A function on a disk as a sum of Zernike modes, to compute with: values, derivatives, integrals,
 * products, rotation, resampling, Fourier, Radon and Hankel transforms.
 *
 * {@snippet :
 * DiskInterpolant f = DiskInterpolant.of((x, y) -> Math.exp(3 * x - 2 * y)); // degree 19
 * double integral = f.integrate(); // 11.89682668717060
 * DiskInterpolant g = f.times(f).derivativeX(); // 6 exp(6x - 4y)
 * }
 *
 * <p>Modes belong to the unit disk; a point (x, y) has there the coordinates {@code u = (x -
 * centreX) / radius}, {@code v = (y - centreY) / radius}. Construction from a function samples it
 * on grids of growing degree until its coefficients have fallen to rounding (Greengard and Serkh,
 * "Zernike Polynomials: Evaluation, Quadrature, and Interpolation", 2018, section 5): the discrete
 * projection, exact for polynomials. <b>Accuracy</b>: the tolerance asked for, over the largest
 * coefficient; operations add rounding errors of some 1e-14 at degree 100. <b>Cost</b>, at degree
 * L: construction O(L^3), a value L^2 multiply-adds, the rest as stated. <b>Thread safety</b>:
 * immutable.
 */
public final class DiskInterpolant {
  private final int degree;
  private final double[] expansion;
  private final double centreX;
  private final double centreY;
  private final double radius;

  /** Takes an expansion in plain modes in OSA order, not copied. */
  DiskInterpolant(double[] expansion, double centreX, double centreY, double radius) {
    this.degree = DiskModes.degree(expansion.length);
    this.expansion = expansion;
    this.centreX = centreX;
    this.centreY = centreY;
    this.radius = radius;
  }

  /** A gradient. */
  public record Gradient(double dx, double dy) {}

  /** Second derivatives. */
  public record Hessian(double dxx, double dxy, double dyy) {}

  /**
   * The interpolant of a function on the unit disk to 13 digits; see {@link
   * #of(DoubleBinaryOperator, InterpolationOptions)}.
   */
  public static DiskInterpolant of(DoubleBinaryOperator f) {
    return of(f, InterpolationOptions.DEFAULT);
  }

  /**
   * The interpolant of a function to a tolerance.
   *
   * @param f finite on the whole disk, called on the thread of the caller
   * @param options disk, tolerance and largest degree
   * @throws IllegalArgumentException if a value is not finite; names the point
   * @throws org.quadrille.linalg.NotConvergedException if the largest degree does not reach the
   *     tolerance; carries the interpolant of that degree
   */
  public static DiskInterpolant of(DoubleBinaryOperator f, InterpolationOptions options) {
    return AdaptiveInterpolation.of(f, options);
  }

  /**
   * The interpolant of one degree on the unit disk, whatever its error.
   *
   * @param degree 0 to 8190
   * @param f finite on the whole disk
   */
  public static DiskInterpolant ofDegree(int degree, DoubleBinaryOperator f) {
    return new DiskInterpolant(
        AdaptiveInterpolation.expansion(f, degree, InterpolationOptions.DEFAULT), 0, 0, 1);
  }

  /**
   * The function with given coefficients on the unit disk.
   *
   * @param coefficients finite, not modified
   * @param basis what they mean
   */
  public static DiskInterpolant ofCoefficients(double[] coefficients, ZernikeBasis basis) {
    for (int i = 0; i < coefficients.length; i++) {
      if (!Double.isFinite(coefficients[i])) {
        throw new IllegalArgumentException(
            "coefficients: number " + i + " is " + coefficients[i] + ", expected finite numbers");
      }
    }
    return new DiskInterpolant(basis.toPlainOsa(coefficients), 0, 0, 1);
  }

  /**
   * The projection of samples on the grid of a transform, on the disk of its rule.
   *
   * @param transform its rule is that of the samples
   * @param samples finite, ring by ring, not modified
   */
  public static DiskInterpolant ofSamples(DiskTransform transform, double[] samples) {
    return new DiskInterpolant(transform.analyze(samples), 0, 0, 1);
  }

  /** The same coefficients on another disk. */
  public DiskInterpolant on(double x, double y, double newRadius) {
    InterpolationOptions disk = InterpolationOptions.DEFAULT.on(x, y, newRadius); // checks
    return new DiskInterpolant(expansion, disk.centreX(), disk.centreY(), disk.radius());
  }

  private DiskInterpolant with(double[] other) {
    return new DiskInterpolant(other, centreX, centreY, radius);
  }

  /** Highest degree of a mode, L. */
  public int degree() {
    return degree;
  }

  /** Centre of the disk, first coordinate. */
  public double centreX() {
    return centreX;
  }

  /** Centre of the disk, second coordinate. */
  public double centreY() {
    return centreY;
  }

  /** Radius of the disk. */
  public double radius() {
    return radius;
  }

  /** Coefficients of the plain modes in OSA order, a copy: what {@link DiskEvaluator} takes. */
  public double[] coefficients() {
    return expansion.clone();
  }

  /** Coefficients in another order and size. */
  public double[] coefficients(ZernikeBasis basis) {
    return basis.fromPlainOsa(expansion);
  }

  /** Coefficient of one plain mode; 0 above the degree. */
  public double coefficient(ZernikeIndex mode) {
    return mode.degree() > degree
        ? 0
        : expansion[CoefficientBlock.position(mode.degree(), mode.order())];
  }

  /** Value at a point; NaN outside the disk. Use {@link #values} for many. */
  public double value(double x, double y) {
    return values(new double[] {x}, new double[] {y}, null)[0];
  }

  /**
   * Values at many points, on all threads.
   *
   * @param x first coordinates, not modified
   * @param y second coordinates, as many, not modified
   * @param out at least as many elements, overwritten; or null. NaN outside the disk
   * @return out, or a new array
   */
  public double[] values(double[] x, double[] y, double[] out) {
    return evaluator().values(expansion, inDisk(x, centreX), inDisk(y, centreY), out);
  }

  private DiskEvaluator evaluator() {
    return DiskEvaluator.ofDegree(degree);
  }

  private double[] inDisk(double[] x, double centre) {
    double[] u = new double[x.length];
    for (int i = 0; i < u.length; i++) {
      u[i] = (x[i] - centre) / radius;
    }
    return u;
  }

  /** Gradient at a point; NaN outside the disk. Cost O(L^2). */
  public Gradient gradient(double x, double y) {
    double[] dx = new double[1];
    double[] dy = new double[1];
    gradients(new double[] {x}, new double[] {y}, dx, dy);
    return new Gradient(dx[0], dy[0]);
  }

  /**
   * Gradients at many points.
   *
   * @param x first coordinates, not modified
   * @param y second coordinates, not modified
   * @param dx derivatives by x, overwritten
   * @param dy derivatives by y, overwritten
   */
  public void gradients(double[] x, double[] y, double[] dx, double[] dy) {
    evaluator().gradients(expansion, inDisk(x, centreX), inDisk(y, centreY), dx, dy);
    for (int i = 0; i < x.length; i++) {
      dx[i] /= radius;
      dy[i] /= radius;
    }
  }

  /** {@code d2f/dx2 + d2f/dy2} at a point; NaN outside the disk. */
  public double laplacian(double x, double y) {
    double[] u = {(x - centreX) / radius};
    double[] v = {(y - centreY) / radius};
    return evaluator().laplacians(expansion, u, v, null)[0] / (radius * radius);
  }

  /** Second derivatives at a point; NaN outside the disk. */
  public Hessian hessian(double x, double y) {
    double[] u = {(x - centreX) / radius};
    double[] v = {(y - centreY) / radius};
    double[] xx = new double[1];
    double[] xy = new double[1];
    double[] yy = new double[1];
    evaluator().hessians(expansion, u, v, xx, xy, yy);
    double area = radius * radius;
    return new Hessian(xx[0] / area, xy[0] / area, yy[0] / area);
  }

  /** {@code df/dx} as a function, one degree lower. O(L^2). */
  public DiskInterpolant derivativeX() {
    return with(SpectralDerivative.x(expansion)).times(1 / radius);
  }

  /** {@code df/dy} as a function, one degree lower. O(L^2). */
  public DiskInterpolant derivativeY() {
    return with(SpectralDerivative.y(expansion)).times(1 / radius);
  }

  /** The Laplacian as a function, two degrees lower. O(L^2). */
  public DiskInterpolant laplacian() {
    return with(SpectralDerivative.laplacian(expansion)).times(1 / (radius * radius));
  }

  /** The integral over the disk. */
  public double integrate() {
    return Math.PI * radius * radius * expansion[0];
  }

  /** The mean over the disk. */
  public double mean() {
    return expansion[0];
  }

  /** {@code int f g} over the disk, by the orthogonality of modes. */
  public double innerProduct(DiskInterpolant other) {
    checkSameDisk(other);
    return radius * radius * ExpansionAlgebra.innerProduct(expansion, other.expansion);
  }

  /** The root of the integral of the square. */
  public double norm2() {
    return Math.sqrt(innerProduct(this));
  }

  /** {@code f + g}. */
  public DiskInterpolant plus(DiskInterpolant other) {
    checkSameDisk(other);
    return with(ExpansionAlgebra.sum(expansion, 1, other.expansion));
  }

  /** {@code f - g}. */
  public DiskInterpolant minus(DiskInterpolant other) {
    checkSameDisk(other);
    return with(ExpansionAlgebra.sum(expansion, -1, other.expansion));
  }

  /** {@code factor f}. */
  public DiskInterpolant times(double factor) {
    if (!Double.isFinite(factor)) {
      throw new IllegalArgumentException("factor: given " + factor + ", expected a finite number");
    }
    double[] product = expansion.clone();
    for (int j = 0; j < product.length; j++) {
      product[j] *= factor;
    }
    return with(product);
  }

  /**
   * {@code f g}, whose degree is the sum of the two: exact but for rounding. O((L1 + L2)^3).
   *
   * @throws IllegalArgumentException if the disks differ or the degrees add up to more than 8190
   */
  public DiskInterpolant times(DiskInterpolant other) {
    checkSameDisk(other);
    return with(ExpansionAlgebra.product(expansion, other.expansion));
  }

  /** {@code x f}, one degree higher. O(L^2). */
  public DiskInterpolant timesX() {
    // x = centreX + radius u
    DiskInterpolant product = with(ExpansionAlgebra.timesCoordinate(expansion, true)).times(radius);
    return centreX == 0 ? product : product.plus(times(centreX));
  }

  /** {@code y f}, one degree higher. O(L^2). */
  public DiskInterpolant timesY() {
    DiskInterpolant product =
        with(ExpansionAlgebra.timesCoordinate(expansion, false)).times(radius);
    return centreY == 0 ? product : product.plus(times(centreY));
  }

  /** The projection to a lower degree; the same function if the degree is not lower. */
  public DiskInterpolant truncate(int newDegree) {
    if (newDegree < 0) {
      throw new IllegalArgumentException("degree: given " + newDegree + ", expected 0 or more");
    }
    return newDegree >= degree ? this : with(ExpansionAlgebra.toDegree(expansion, newDegree));
  }

  /**
   * Without its highest degrees, as far down as all coefficients there are negligible.
   *
   * @param tolerance over the largest coefficient
   */
  public DiskInterpolant chop(double tolerance) {
    return truncate(ExpansionAlgebra.significantDegree(expansion, limit(tolerance)));
  }

  /**
   * Negligible coefficients of all degrees set to 0, and the degree lowered accordingly.
   *
   * @param tolerance over the largest coefficient
   */
  public DiskInterpolant truncate(double tolerance) {
    double limit = limit(tolerance);
    double[] kept = expansion.clone();
    for (int j = 0; j < kept.length; j++) {
      kept[j] = Math.abs(kept[j]) <= limit ? 0 : kept[j];
    }
    return with(kept).chop(tolerance);
  }

  private double limit(double tolerance) {
    if (!(tolerance >= 0 && tolerance < 1)) {
      throw new IllegalArgumentException(
          "tolerance: given " + tolerance + ", expected a number from 0 to below 1");
    }
    return tolerance * ExpansionAlgebra.largest(expansion, 0);
  }

  /**
   * The function turned counterclockwise about the centre of the disk. O(L^2).
   *
   * @param angle in radians
   */
  public DiskInterpolant rotate(double angle) {
    if (!Double.isFinite(angle)) {
      throw new IllegalArgumentException("angle: given " + angle + ", expected a finite number");
    }
    return with(ExpansionAlgebra.rotate(expansion, angle));
  }

  /**
   * {@code g(u) = f(e u)} in the coordinates of the unit disk: the middle of the function, spread
   * over the whole disk. O(L^3).
   *
   * @param e above 0, at most 1
   */
  public DiskInterpolant scale(double e) {
    if (!(e > 0 && e <= 1)) {
      throw new IllegalArgumentException(
          "e: given " + e + ", expected above 0 and at most 1; pupilExtrapolated goes beyond");
    }
    return with(ExpansionAlgebra.scale(expansion, e));
  }

  /**
   * What a smaller pupil sees of a wavefront: {@code g(u) = f(shift + e exp(i rotation) u)} in the
   * coordinates of the unit disk, by values on the grid of the same degree; exact but for rounding.
   * O(L^4).
   *
   * @param e ratio of the radii, above 0
   * @param rotation of the small pupil, counterclockwise, in radians
   * @param shiftX centre of the small pupil
   * @param shiftY centre of the small pupil
   * @throws IllegalArgumentException if the small pupil leaves the disk
   */
  public DiskInterpolant pupil(double e, double rotation, double shiftX, double shiftY) {
    if (e + Math.hypot(shiftX, shiftY) > 1 + 1e-14) {
      throw new IllegalArgumentException(
          "pupil of radius "
              + e
              + " around ("
              + shiftX
              + ", "
              + shiftY
              + ") leaves the unit disk; lower one of them, or call pupilExtrapolated");
    }
    return pupilExtrapolated(e, rotation, shiftX, shiftY);
  }

  /**
   * As {@link #pupil} for any pupil, where polynomials are continued beyond the disk: they grow
   * like {@code |2 r|^degree}, and rounding errors with them.
   */
  public DiskInterpolant pupilExtrapolated(
      double e, double rotation, double shiftX, double shiftY) {
    if (!(e > 0) || !Double.isFinite(e + rotation + shiftX + shiftY)) {
      throw new IllegalArgumentException(
          "pupil: given radius "
              + e
              + ", rotation "
              + rotation
              + ", centre ("
              + shiftX
              + ", "
              + shiftY
              + "); expected finite numbers and a radius above 0");
    }
    DiskTransform transform = DiskTransform.ofDegree(degree);
    DiskRule rule = transform.rule();
    int samples = transform.rows();
    double[] x = new double[samples];
    double[] y = new double[samples];
    double c = e * Math.cos(rotation);
    double s = e * Math.sin(rotation);
    for (int k = 0; k < samples; k++) {
      double u = rule.x(k / rule.angles(), k % rule.angles());
      double v = rule.y(k / rule.angles(), k % rule.angles());
      x[k] = shiftX + (c * u - s * v);
      y[k] = shiftY + (s * u + c * v);
    }
    double[] values = evaluator().withOutside(Outside.EXTRAPOLATE).values(expansion, x, y, null);
    return with(transform.analyze(values));
  }

  /**
   * The Fourier transform {@code int f(x) e^(i k.x) dx} over the disk, in closed form. O(L^2 + |k|
   * radius).
   *
   * @param kx wave vector, radians per unit of length
   * @param ky wave vector
   */
  public FourierValue fourier(double kx, double ky) {
    if (!Double.isFinite(kx) || !Double.isFinite(ky)) {
      throw new IllegalArgumentException(
          "wave vector: given (" + kx + ", " + ky + "), expected finite numbers");
    }
    return ExpansionTransforms.fourier(expansion, radius * kx, radius * ky)
        .times(radius * radius)
        .turned(kx * centreX + ky * centreY);
  }

  /**
   * The Radon transform: the integral along the line {@code (x - centreX) cos phi + (y - centreY)
   * sin phi = q}, within the disk. O(L^2).
   *
   * @param q signed distance of the line from the centre of the disk; the integral is 0 where it
   *     misses the disk
   * @param phi angle of its normal, in radians
   */
  public double radon(double q, double phi) {
    if (Double.isNaN(q) || !Double.isFinite(phi)) {
      throw new IllegalArgumentException(
          "line: given q = " + q + ", phi = " + phi + ", expected numbers");
    }
    return radius * ExpansionTransforms.radon(expansion, q / radius, phi);
  }

  /**
   * The Hankel transform of one angular part: {@code int f_m(r) J_|m|(k r) r dr} from 0 to the
   * radius, f_m the factor of {@code cos(m theta)} for m from 0 on, of {@code sin(|m| theta)}
   * below.
   *
   * @param m angular order with sign
   * @param k wave number, 0 or more
   */
  public double hankel(int m, double k) {
    int order = Math.abs(m);
    if (order > degree) {
      return 0;
    }
    double[] column = new double[(degree - order) / 2 + 1];
    for (int n = 0; n < column.length; n++) {
      column[n] = expansion[CoefficientBlock.position(order + 2 * n, m)];
    }
    return radius * radius * HankelTransform.ofSeries(order, column, k * radius);
  }

  private void checkSameDisk(DiskInterpolant other) {
    if (centreX != other.centreX || centreY != other.centreY || radius != other.radius) {
      throw new IllegalArgumentException(
          this + " and " + other + ": expected functions on one disk; move one with on(x, y, r)");
    }
  }

  @Override
  public String toString() {
    return "DiskInterpolant[degree "
        + degree
        + ", radius "
        + radius
        + " around ("
        + centreX
        + ", "
        + centreY
        + ")]";
  }
}
