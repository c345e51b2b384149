package org.quadrille.zernike;

import java.util.function.DoubleBinaryOperator;

/**
 * Integrates functions over a disk: a radial Gauss rule of M nodes times K equispaced angles {@code
 * theta_j = 2 pi j / K}.
 *
 * {@snippet :
 * DiskRule rule = DiskRule.inRadius(24, 60);
 * double integral = rule.integrate((x, y) -> Math.cos(20 * x)); // 0.0209962451927305
 * }
 *
 * <p>On the unit disk the value is {@code sum_i w_i (2 pi / K) sum_j f(r_i cos theta_j, r_i sin
 * theta_j)} (Greengard and Serkh, "Zernike Polynomials: Evaluation, Quadrature, and Interpolation",
 * 2018, section 4). Parts {@code r^k cos(N theta)}, {@code r^k sin(N theta)} are integrated exactly
 * while k is within the radial rule and N is not a positive multiple of K; a part whose N is such a
 * multiple counts as if it did not depend on the angle.
 *
 * <p><b>Accuracy</b>: sums are compensated, a few units in the last place of the sum of absolute
 * values. <b>Cost</b>: M K values of the function. <b>Thread safety</b>: immutable; functions are
 * called on the thread of the caller, ring by ring from the centre.
 */
public final class DiskRule {
  private final RadialRule radial;
  private final double[] radii;
  private final double[] weights;
  private final double[] cosines;
  private final double[] sines;
  private final double centreX;
  private final double centreY;
  private final double radius;

  private DiskRule(RadialRule radial, int angles, double centreX, double centreY, double radius) {
    if (radial.size() < 1 || angles < 1) {
      throw new IllegalArgumentException(
          radial.size() + " radial nodes, " + angles + " angles: expected at least 1 of each");
    }
    if (!(radius > 0)
        || !Double.isFinite(radius)
        || !Double.isFinite(centreX)
        || !Double.isFinite(centreY)) {
      throw new IllegalArgumentException(
          "disk of radius "
              + radius
              + " around ("
              + centreX
              + ", "
              + centreY
              + "): expected finite numbers and a radius above 0");
    }
    this.radial = radial;
    this.centreX = centreX;
    this.centreY = centreY;
    this.radius = radius;
    radii = radial.radii();
    weights = radial.radialWeights();
    cosines = RootsOfUnity.cosines(angles);
    sines = RootsOfUnity.sines(angles);
  }

  /**
   * The rule with nodes in the radius itself, the choice for functions that are not polynomials:
   * exact for radial degree 2M - 1, and the better one where singularities lie near the centre.
   *
   * @param radialNodes M, at least 1
   * @param angles K, at least 1; 2M go well with M nodes
   */
  public static DiskRule inRadius(int radialNodes, int angles) {
    return new DiskRule(RadialRule.inRadius(radialNodes, 0), angles, 0, 0, 1);
  }

  /**
   * The rule with nodes in the squared radius, half the nodes for the same degree: exact for even
   * radial degree to 4M - 2, which is what polynomials in x and y have.
   *
   * @param radialNodes M, at least 1
   * @param angles K, at least 1
   */
  public static DiskRule inSquaredRadius(int radialNodes, int angles) {
    return new DiskRule(RadialRule.inSquaredRadius(radialNodes, 0), angles, 0, 0, 1);
  }

  /**
   * The smallest rule of this kind that integrates all polynomials in x and y of a total degree
   * exactly.
   *
   * @param degree L, 0 or more
   */
  public static DiskRule exactTo(int degree) {
    if (degree < 0 || degree == Integer.MAX_VALUE) {
      throw new IllegalArgumentException("degree: given " + degree + ", expected 0 or more");
    }
    // only even radial degrees survive the sum over angles: 4M - 2 >= L or L - 1
    return inSquaredRadius(Math.max(1, Math.ceilDiv(degree - degree % 2 + 2, 4)), degree + 1);
  }

  /**
   * The same nodes on another disk.
   *
   * @param x centre
   * @param y centre
   * @param newRadius above 0
   */
  public DiskRule on(double x, double y, double newRadius) {
    return new DiskRule(radial, angles(), x, y, newRadius);
  }

  /** The rule along the radius, of the unit disk. */
  public RadialRule radial() {
    return radial;
  }

  /** M. */
  public int radialNodes() {
    return radii.length;
  }

  /** K. */
  public int angles() {
    return cosines.length;
  }

  /** M K, the number of nodes. */
  public long size() {
    return (long) radialNodes() * angles();
  }

  /**
   * First coordinate of a node.
   *
   * @param i ring, from 0 next to the centre
   * @param j angle number, from 0
   */
  public double x(int i, int j) {
    return Math.fma(radius * radii[i], cosines[j], centreX);
  }

  /**
   * Second coordinate of a node.
   *
   * @param i ring, from 0 next to the centre
   * @param j angle number, from 0
   */
  public double y(int i, int j) {
    return Math.fma(radius * radii[i], sines[j], centreY);
  }

  /** Weight of each node of ring i; they add up to the area of the disk. */
  public double weight(int i) {
    return weights[i] * (2 * Math.PI / angles()) * (radius * radius);
  }

  /**
   * The integral of a function.
   *
   * @param f of x and y; its values may be anything
   */
  public double integrate(DoubleBinaryOperator f) {
    CompensatedSum sum = new CompensatedSum();
    for (int i = 0; i < radii.length; i++) {
      CompensatedSum ring = new CompensatedSum();
      for (int j = 0; j < cosines.length; j++) {
        ring.add(f.applyAsDouble(x(i, j), y(i, j)));
      }
      sum.add(weights[i] * ring.value());
    }
    return scaled(sum);
  }

  /**
   * The integral of a function that takes many points at once, a ring at a time.
   *
   * @param f its values may be anything
   */
  public double integrate(DiskFunction f) {
    int k = angles();
    double[] x = new double[k];
    double[] y = new double[k];
    double[] values = new double[k];
    CompensatedSum sum = new CompensatedSum();
    for (int i = 0; i < radii.length; i++) {
      for (int j = 0; j < k; j++) {
        x[j] = x(i, j);
        y[j] = y(i, j);
      }
      f.values(x, y, values);
      sum.add(weights[i] * ringSum(values, 0));
    }
    return scaled(sum);
  }

  /**
   * The integral of a function given at the nodes.
   *
   * @param samples M K values, the K of a ring together, rings from the centre; not modified
   */
  public double integrateSamples(double[] samples) {
    if (samples.length != size()) {
      throw new IllegalArgumentException(
          "samples: given "
              + samples.length
              + ", expected "
              + radialNodes()
              + " rings of "
              + angles()
              + " = "
              + size());
    }
    CompensatedSum sum = new CompensatedSum();
    for (int i = 0; i < radii.length; i++) {
      sum.add(weights[i] * ringSum(samples, i * angles()));
    }
    return scaled(sum);
  }

  /**
   * The integral of a function with an estimate of its error, from a second rule of three quarters
   * of the nodes: some 1.6 times the cost of {@link #integrate(DoubleBinaryOperator)}.
   *
   * @param f of x and y; its values may be anything
   */
  public DiskIntegral integrateWithEstimate(DoubleBinaryOperator f) {
    double value = integrate(f);
    return new DiskIntegral(value, Math.abs(value - coarser().integrate(f)));
  }

  /** The same kind of rule with three quarters of the nodes, rounded down, either way. */
  private DiskRule coarser() {
    int nodes = Math.max(1, (int) (3L * radialNodes() / 4));
    int fewerAngles = Math.max(1, (int) (3L * angles() / 4));
    DiskRule unit =
        radial.variable() == RadialRule.Variable.RADIUS
            ? inRadius(nodes, fewerAngles)
            : inSquaredRadius(nodes, fewerAngles);
    return unit.on(centreX, centreY, radius);
  }

  /**
   * Values of a function at the nodes, as {@link #integrateSamples} takes them.
   *
   * @param f of x and y
   * @throws IllegalArgumentException if there are more nodes than an array can hold
   */
  public double[] sample(DoubleBinaryOperator f) {
    if (size() > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException(
          size() + " nodes do not fit an array; integrate the function ring by ring");
    }
    double[] samples = new double[(int) size()];
    int k = angles();
    for (int i = 0; i < radii.length; i++) {
      for (int j = 0; j < k; j++) {
        samples[i * k + j] = f.applyAsDouble(x(i, j), y(i, j));
      }
    }
    return samples;
  }

  private double ringSum(double[] values, int from) {
    CompensatedSum ring = new CompensatedSum();
    for (int j = 0; j < cosines.length; j++) {
      ring.add(values[from + j]);
    }
    return ring.value();
  }

  private double scaled(CompensatedSum sum) {
    return sum.value() * (2 * Math.PI / angles()) * (radius * radius);
  }

  @Override
  public String toString() {
    return "DiskRule[" + radialNodes() + " rings of " + angles() + ", " + radial.variable() + "]";
  }
}
