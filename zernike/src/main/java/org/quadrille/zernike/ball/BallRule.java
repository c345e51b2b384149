package org.quadrille.zernike.ball;

import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.zernike.CompensatedSum;
import org.quadrille.zernike.RadialRule;

/**
 * A rule for integrals over the unit ball in D dimensions, exact for polynomials of total degree L:
 * a radial Gauss rule for the weight {@code r^(D-1)} times a product rule on the sphere (equal
 * angles, Gauss-Gegenbauer in the cosines of polar angles).
 *
 * {@snippet :
 * BallRule rule = BallRule.ofDegree(4, 10);
 * double volume = rule.integrate(x -> 1); // pi^2 / 2
 * }
 *
 * <p><b>Accuracy</b>: polynomials to 1e-14 of the integral of their absolute value. <b>Cost</b>:
 * {@link #size} evaluations, {@code (L+1)(L/2+1)^(D-2)} on each of some L/4 spheres (L/2 with nodes
 * in the radius); spheres are divided among threads, with the same bits for any number of them.
 * <b>Thread safety</b>: immutable.
 *
 * <p>Greengard and Serkh, Yale technical report 1539, 2018, section 4, for the radial rule.
 */
public final class BallRule {
  /** Largest dimension: product rules have too many points long before. */
  private static final int LARGEST_DIMENSION = 100;

  private final int dimension;
  private final int degree;
  private final RadialRule radial;
  private final SphereRule sphere;
  private final long size;

  private BallRule(int dimension, int degree, RadialRule.Variable variable) {
    if (dimension < 2 || dimension > LARGEST_DIMENSION || degree < 0) {
      throw new IllegalArgumentException(
          "dimension "
              + dimension
              + ", degree "
              + degree
              + ": expected a dimension from 2 to "
              + LARGEST_DIMENSION
              + " and a degree from 0 on");
    }
    Objects.requireNonNull(variable, "variable");
    this.dimension = dimension;
    this.degree = degree;
    int p = dimension - 2;
    // odd parts vanish on the sphere: what is left is even in r, and of degree 4 n - 2 at most
    radial =
        variable == RadialRule.Variable.SQUARED_RADIUS
            ? RadialRule.inSquaredRadius(degree / 4 + 1, p)
            : RadialRule.inRadius(degree / 2 + 1, p);
    sphere = new SphereRule(dimension, degree);
    try {
      size = Math.multiplyExact(sphere.size(), (long) radial.size());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "dimension "
              + dimension
              + ", degree "
              + degree
              + ": the rule has more than 2^63 points; choose a lower degree",
          e);
    }
  }

  /**
   * The rule with the fewest points: radial nodes in the squared radius.
   *
   * @param dimension D, 2 or more
   * @param degree L, 0 or more
   */
  public static BallRule ofDegree(int dimension, int degree) {
    return new BallRule(dimension, degree, RadialRule.Variable.SQUARED_RADIUS);
  }

  /**
   * The rule with a choice of radial nodes: those in the radius itself are twice as many for
   * polynomials, and better for functions with complex singularities next to the centre.
   */
  public static BallRule ofDegree(int dimension, int degree, RadialRule.Variable variable) {
    return new BallRule(dimension, degree, variable);
  }

  /** The dimension D. */
  public int dimension() {
    return dimension;
  }

  /** The total degree that the rule is exact to. */
  public int degree() {
    return degree;
  }

  /** Number of points. */
  public long size() {
    return size;
  }

  /**
   * The integral of a function over the unit ball; sums are compensated.
   *
   * @param f of the point, an array of D coordinates that is only valid during the call; called
   *     from several threads
   */
  public double integrate(ToDoubleFunction<double[]> f) {
    Objects.requireNonNull(f, "f");
    double[] parts = new double[radial.size()];
    double[] radii = radial.radii();
    double[] weights = radial.radialWeights();
    WorkerPool.shared()
        .forEach(
            parts.length,
            i -> {
              CompensatedSum sum = new CompensatedSum();
              sphere.forEach(
                  radii[i],
                  weights[i],
                  (point, weight) -> sum.add(weight * f.applyAsDouble(point)));
              parts[i] = sum.value();
            });
    CompensatedSum total = new CompensatedSum();
    for (double part : parts) {
      total.add(part);
    }
    return total.value();
  }

  /** Tells all points and weights, sphere by sphere from the centre, in a fixed order. */
  public void forEach(PointVisitor visitor) {
    Objects.requireNonNull(visitor, "visitor");
    double[] radii = radial.radii();
    double[] weights = radial.radialWeights();
    for (int i = 0; i < radii.length; i++) {
      sphere.forEach(radii[i], weights[i], visitor);
    }
  }

  @Override
  public String toString() {
    return "BallRule[D = " + dimension + ", degree = " + degree + ", " + size + " points]";
  }

  /** Is told points of a rule. */
  @FunctionalInterface
  public interface PointVisitor {
    /**
     * A point.
     *
     * @param point D coordinates, only valid during the call
     * @param weight its weight
     */
    void visit(double[] point, double weight);
  }
}
