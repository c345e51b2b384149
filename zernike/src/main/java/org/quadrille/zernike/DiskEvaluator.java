package org.quadrille.zernike;

import java.util.Objects;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;

/**
 * Values and derivatives of expansions in Zernike modes of the disk, and of all modes, at any
 * points.
 *
 * {@snippet :
 * DiskEvaluator evaluator = DiskEvaluator.ofDegree(20);
 * double[] expansion = ZernikeBasis.NOLL.toPlainOsa(nollCoefficients);
 * double[] w = evaluator.values(expansion, x, y, null);
 * }
 *
 * <p>Expansions are arrays of the coefficients of plain modes in OSA order, (L + 1)(L + 2) / 2 of
 * them (see {@link DiskModes}); {@link ZernikeBasis} converts others. Points are pairs (x, y) in
 * the unit disk; a point whose x or y is NaN has the value NaN.
 *
 * <p>Radial polynomials by the four-term relation {@code R_d^N = r (R_(d-1)^|N-1| + R_(d-1)^(N+1))
 * - R_(d-2)^N} (Shakibaei and Paramesran 2013), many points at a time, sums accumulated on the way;
 * derivatives of expansions by {@link SpectralDerivative}. <b>Accuracy</b>: a mode of degree d is
 * off by some 1e-15, next to the edge by at most the larger of 1e-14 and 3e-17 d^2. <b>Cost</b>: (L
 * + 1)^2 multiply-adds a point. Threads share out the points; the bits do not depend on them.
 * <b>Thread safety</b>: immutable.
 */
public final class DiskEvaluator {
  /** Highest degree in single precision. */
  public static final int LARGEST_SINGLE_DEGREE = 100;

  private final int degree;
  private final Outside outside;

  private DiskEvaluator(int degree, Outside outside) {
    this.degree = degree;
    this.outside = outside;
  }

  /**
   * An evaluator of modes up to a degree, which answers NaN outside the disk.
   *
   * @param degree L, 0 to {@link DiskModes#LARGEST_DEGREE}
   */
  public static DiskEvaluator ofDegree(int degree) {
    DiskModes.checkDegree(degree);
    return new DiskEvaluator(degree, Outside.NAN);
  }

  /** The same with another answer for points outside the disk. */
  public DiskEvaluator withOutside(Outside policy) {
    return new DiskEvaluator(degree, Objects.requireNonNull(policy, "outside"));
  }

  /** Highest degree of a mode, L. */
  public int degree() {
    return degree;
  }

  /** Number of modes, (L + 1)(L + 2) / 2. */
  public int modeCount() {
    return DiskModes.count(degree);
  }

  /** What happens with points outside the disk. */
  public Outside outside() {
    return outside;
  }

  /** Value of an expansion at one point. */
  public double value(double[] plainOsa, double x, double y) {
    return values(plainOsa, new double[] {x}, new double[] {y}, null)[0];
  }

  /**
   * Values of an expansion.
   *
   * @param plainOsa its coefficients, {@link #modeCount} of them, not modified
   * @param x first coordinates of the points, not modified
   * @param y second coordinates, as many, not modified
   * @param out at least as many elements, overwritten; or null
   * @return out, or a new array
   */
  public double[] values(double[] plainOsa, double[] x, double[] y, double[] out) {
    checkExpansion(plainOsa.length);
    PointBlocks.checkPoints(x.length, y.length);
    double[] values = PointBlocks.output("out", out, x.length);
    sum(new double[][] {plainOsa}, degree, x, y, new double[][] {values});
    return values;
  }

  /**
   * Gradients of an expansion.
   *
   * @param plainOsa its coefficients, not modified
   * @param x first coordinates of the points, not modified
   * @param y second coordinates, not modified
   * @param dx derivatives by x, overwritten
   * @param dy derivatives by y, overwritten
   */
  public void gradients(double[] plainOsa, double[] x, double[] y, double[] dx, double[] dy) {
    checkExpansion(plainOsa.length);
    PointBlocks.checkPoints(x.length, y.length);
    double[][] derivatives = {SpectralDerivative.x(plainOsa), SpectralDerivative.y(plainOsa)};
    double[][] outs = {
      PointBlocks.output("dx", Objects.requireNonNull(dx, "dx"), x.length),
      PointBlocks.output("dy", Objects.requireNonNull(dy, "dy"), x.length)
    };
    sum(derivatives, Math.max(degree - 1, 0), x, y, outs);
  }

  /**
   * {@code d2f/dx2 + d2f/dy2} of an expansion.
   *
   * @param plainOsa its coefficients, not modified
   * @param x first coordinates of the points, not modified
   * @param y second coordinates, not modified
   * @param out at least as many elements, overwritten; or null
   * @return out, or a new array
   */
  public double[] laplacians(double[] plainOsa, double[] x, double[] y, double[] out) {
    checkExpansion(plainOsa.length);
    PointBlocks.checkPoints(x.length, y.length);
    double[] laplacians = PointBlocks.output("out", out, x.length);
    double[][] derivative = {SpectralDerivative.laplacian(plainOsa)};
    sum(derivative, Math.max(degree - 2, 0), x, y, new double[][] {laplacians});
    return laplacians;
  }

  /**
   * Second derivatives of an expansion.
   *
   * @param plainOsa its coefficients, not modified
   * @param x first coordinates of the points, not modified
   * @param y second coordinates, not modified
   * @param dxx derivatives by x twice, overwritten
   * @param dxy derivatives by x and y, overwritten
   * @param dyy derivatives by y twice, overwritten
   */
  public void hessians(
      double[] plainOsa, double[] x, double[] y, double[] dxx, double[] dxy, double[] dyy) {
    checkExpansion(plainOsa.length);
    PointBlocks.checkPoints(x.length, y.length);
    double[] byX = SpectralDerivative.x(plainOsa);
    double[] byY = SpectralDerivative.y(plainOsa);
    double[][] derivatives = {
      SpectralDerivative.x(byX), SpectralDerivative.y(byX), SpectralDerivative.y(byY)
    };
    double[][] outs = {
      PointBlocks.output("dxx", Objects.requireNonNull(dxx, "dxx"), x.length),
      PointBlocks.output("dxy", Objects.requireNonNull(dxy, "dxy"), x.length),
      PointBlocks.output("dyy", Objects.requireNonNull(dyy, "dyy"), x.length)
    };
    sum(derivatives, Math.max(degree - 2, 0), x, y, outs);
  }

  /**
   * All modes at all points, plain, in OSA order.
   *
   * @param x first coordinates of the points, not modified
   * @param y second coordinates, not modified
   * @param out at least {@code modeCount() * x.length} elements, overwritten; or null
   * @return matrix [modes, points], row-major: mode j at point i is element {@code j * x.length +
   *     i}
   */
  public double[] modes(double[] x, double[] y, double[] out) {
    PointBlocks.checkPoints(x.length, y.length);
    int points = x.length;
    double[] modes = PointBlocks.output("out", out, (long) modeCount() * points);
    Kernels kernels = KernelProvider.active();
    PointBlocks.forEach(
        points,
        modeCount(),
        (from, to) -> {
          PolarPoints polar = new PolarPoints(to - from);
          polar.take(x, y, from, to, outside);
          kernels.zernikeModes(
              degree,
              to - from,
              polar.radius,
              polar.radiusLow,
              polar.cosine,
              polar.sine,
              0,
              modes,
              from,
              points);
        });
    return modes;
  }

  /**
   * Gradients of all modes at all points, plain, in OSA order.
   *
   * @param x first coordinates of the points, not modified
   * @param y second coordinates, not modified
   * @param dx derivatives by x, at least {@code modeCount() * x.length} elements, overwritten: the
   *     layout is that of {@link #modes}
   * @param dy derivatives by y, likewise
   */
  public void modeGradients(double[] x, double[] y, double[] dx, double[] dy) {
    int points = x.length;
    PointBlocks.output("dx", Objects.requireNonNull(dx, "dx"), (long) modeCount() * points);
    PointBlocks.output("dy", Objects.requireNonNull(dy, "dy"), (long) modeCount() * points);
    // the modes lie where the derivatives by y will be
    modes(x, y, dy);
    PointBlocks.forEach(
        points, modeCount(), (from, to) -> ModeGradients.ofModes(degree, points, from, to, dx, dy));
  }

  /**
   * Values of an expansion in single precision, to degree {@link #LARGEST_SINGLE_DEGREE}: each mode
   * is off by at most 1e-5. Half the memory and the time of the double method.
   *
   * @param plainOsa its coefficients, not modified
   * @param x first coordinates of the points, not modified
   * @param y second coordinates, not modified
   * @param out at least as many elements, overwritten; or null
   * @return out, or a new array
   */
  public float[] values(float[] plainOsa, float[] x, float[] y, float[] out) {
    checkExpansion(plainOsa.length);
    float[] values = singleOutput(out, x.length, y.length, 1);
    double[] wide = new double[plainOsa.length];
    for (int j = 0; j < wide.length; j++) {
      wide[j] = plainOsa[j];
    }
    Kernels kernels = KernelProvider.active();
    PointBlocks.forEach(
        x.length,
        modeCount(),
        (from, to) ->
            new SingleBlock(kernels, degree, x, y, from, to, outside).sum(plainOsa, wide, values));
    return values;
  }

  /**
   * All modes at all points in single precision, each off by at most 1e-5: as the double method.
   *
   * @param x first coordinates of the points, not modified
   * @param y second coordinates, not modified
   * @param out at least {@code modeCount() * x.length} elements, overwritten; or null
   * @return matrix [modes, points], row-major
   */
  public float[] modes(float[] x, float[] y, float[] out) {
    float[] modes = singleOutput(out, x.length, y.length, modeCount());
    Kernels kernels = KernelProvider.active();
    PointBlocks.forEach(
        x.length,
        modeCount(),
        (from, to) ->
            new SingleBlock(kernels, degree, x, y, from, to, outside).modes(modes, x.length));
    return modes;
  }

  private float[] singleOutput(float[] out, int x, int y, int perPoint) {
    if (degree > LARGEST_SINGLE_DEGREE) {
      throw new IllegalArgumentException(
          "degree "
              + degree
              + " in single precision: expected at most "
              + LARGEST_SINGLE_DEGREE
              + "; use double arrays");
    }
    PointBlocks.checkPoints(x, y);
    return PointBlocks.output("out", out, (long) perPoint * x);
  }

  private void sum(double[][] expansions, int degree, double[] x, double[] y, double[][] outs) {
    Kernels kernels = KernelProvider.active();
    PointBlocks.forEach(
        x.length,
        modeCount(),
        (from, to) -> {
          PolarPoints polar = new PolarPoints(to - from);
          polar.take(x, y, from, to, outside);
          for (int k = 0; k < expansions.length; k++) {
            kernels.zernikeSum(
                degree,
                expansions[k],
                0,
                to - from,
                polar.radius,
                polar.radiusLow,
                polar.cosine,
                polar.sine,
                0,
                outs[k],
                from);
          }
        });
  }

  private void checkExpansion(int length) {
    if (length != modeCount()) {
      throw new IllegalArgumentException(
          "expansion: given "
              + length
              + " coefficients, expected "
              + modeCount()
              + " for degree "
              + degree
              + "; fill up with zeros, or use DiskEvaluator.ofDegree(DiskModes.degree(length))");
    }
  }
}
