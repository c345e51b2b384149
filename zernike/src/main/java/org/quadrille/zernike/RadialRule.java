package org.quadrille.zernike;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;

/**
 * A Gauss rule for radial integrals on the disk and on balls.
 *
 * <p>All kinds are one rule, the n-point Gauss rule on [0, 1] for the weight t^a ({@link
 * #ofPower}), with t the radius or its square. Its nodes are the zeros of the Jacobi polynomial
 * {@code P_n^(a,0)(1 - 2t)}.
 *
 * {@snippet :
 * RadialRule rule = RadialRule.inRadius(20, 0); // on the disk
 * double integral = rule.integrate(r -> 1 / (1 + 25 * r * r)); // of f(r) r dr
 * }
 *
 * <p><b>Accuracy</b>: nodes and the distances to 1 to 1e-14 relative (the smaller of the two),
 * scaled weights to 2e-14 for a up to 100, 2e-13 up to 1000; tested to a million nodes.
 * <b>Cost</b>: O(n), some 20 ns a node. <b>Thread safety</b>: immutable.
 *
 * <p>Greengard and Serkh, "Zernike Polynomials: Evaluation, Quadrature, and Interpolation", Yale
 * technical report 1539, 2018, section 4; in place of their Newton iterations, O(n^2), which {@link
 * Method#PRUFER_NEWTON} keeps, nodes come from a phase function.
 */
public final class RadialRule {
  /** What the nodes of a rule are. */
  public enum Variable {
    /** t is the radius: exact for polynomials in r of degree 2n - 1. */
    RADIUS,
    /** t is the square of the radius: exact for even polynomials in r of degree 4n - 2. */
    SQUARED_RADIUS
  }

  /** How nodes and weights are found. */
  public enum Method {
    /** The fastest one that is accurate: {@link #MARCH} for few nodes, else {@link #PHASE}. */
    AUTO,
    /**
     * Taylor series from node to node, all from t = 1 (Glaser, Liu and Rokhlin, 2007). O(n);
     * weights lose accuracy as n grows, 1e-9 at 10^4.
     */
    MARCH,
    /** A phase function that does not oscillate, and marches next to the ends only. O(n). */
    PHASE,
    /**
     * The way of Greengard and Serkh: Prüfer angle from zero to zero, then Newton's method with the
     * recurrence in n. O(n^2), errors absolute; for comparison.
     */
    PRUFER_NEWTON
  }

  private static final int ARRAYS = 3;

  private static final double LARGEST_EDGE_POWER = 10;

  private final Variable variable;
  private final double power;
  private final double edgePower;
  private final double[] nodes;
  private final double[] complements;
  private final double[] scaledWeights;

  private RadialRule(Variable variable, int n, double power, double edgePower, Method method) {
    this.variable = variable;
    this.power = power;
    this.edgePower = edgePower;
    if (n < 0 || !(power >= 0 && power <= 1e9)) {
      throw new IllegalArgumentException(
          "n = " + n + ", a = " + power + ": expected n from 0 on and a from 0 to 1e9");
    }
    if (!(edgePower > -1 && edgePower <= LARGEST_EDGE_POWER)) {
      throw new IllegalArgumentException(
          "b = " + edgePower + ": expected a number above -1 to " + LARGEST_EDGE_POWER);
    }
    Objects.requireNonNull(method, "method");
    long bytes = (long) ARRAYS * Double.BYTES * n;
    if (bytes > Runtime.getRuntime().maxMemory()) {
      throw new IllegalArgumentException(
          "n = "
              + n
              + ": nodes and weights take "
              + bytes
              + " bytes, the heap has "
              + Runtime.getRuntime().maxMemory()
              + "; give the program more with -Xmx");
    }
    if (n == 0) {
      nodes = new double[0];
      complements = nodes;
      scaledWeights = nodes;
    } else {
      GaussNodes found = GaussNodes.of(n, power, edgePower, method);
      nodes = found.t();
      complements = found.s();
      scaledWeights = found.scaledWeights();
    }
  }

  /**
   * The rule for {@code integral of f(t) t^a dt} from 0 to 1, exact for polynomials of degree 2n -
   * 1.
   *
   * @param n number of nodes, 0 or more
   * @param a 0 or more
   */
  public static RadialRule ofPower(int n, double a) {
    return ofPower(n, a, Method.AUTO);
  }

  /** The rule of {@link #ofPower(int, double)} by a method of choice. */
  public static RadialRule ofPower(int n, double a, Method method) {
    return new RadialRule(Variable.RADIUS, n, a, 0, method);
  }

  /**
   * The rule for {@code integral of f(t) t^a (1-t)^b dt} from 0 to 1, of Jacobi's weight, exact for
   * polynomials of degree 2n - 1, as for functions on the disk that vanish or have a pole of low
   * order at the edge. Scaled weights are divided by {@code t^a (1-t)^b}. Accuracy: as without b,
   * but for 1e-14 (1 + |b|) in weights.
   *
   * @param n number of nodes, 0 or more
   * @param a 0 or more
   * @param b above -1 to 10
   */
  public static RadialRule ofPowers(int n, double a, double b) {
    return new RadialRule(Variable.RADIUS, n, a, b, Method.AUTO);
  }

  /**
   * The authors' radial rule, for {@code integral of f(r) r^(p+1) dr}: nodes in the radius itself,
   * exact for polynomials in r of degree 2n - 1.
   *
   * @param n number of nodes, 0 or more
   * @param p dimension minus 2, 0 on the disk
   */
  public static RadialRule inRadius(int n, int p) {
    checkDimension(p);
    return new RadialRule(Variable.RADIUS, n, p + 1.0, 0, Method.AUTO);
  }

  /**
   * The rule in the squared radius, for {@code integral of f(r) r^(p+1) dr} of functions even in r:
   * half the nodes for the same degree, as for products of two modes of one angular order.
   *
   * @param n number of nodes, 0 or more
   * @param p dimension minus 2, 0 on the disk
   */
  public static RadialRule inSquaredRadius(int n, int p) {
    checkDimension(p);
    return new RadialRule(Variable.SQUARED_RADIUS, n, 0.5 * p, 0, Method.AUTO);
  }

  /**
   * The rule whose nodes are the zeros of {@code R_{N,n}}, for {@code integral of g(r) r^(2N+p+1)
   * dr}, g even.
   *
   * @param n number of nodes, 0 or more
   * @param order angular order N, 0 or more
   * @param p dimension minus 2, 0 on the disk
   */
  public static RadialRule ofOrder(int n, int order, int p) {
    checkDimension(p);
    if (order < 0) {
      throw new IllegalArgumentException("order: given " + order + ", expected 0 or more");
    }
    return new RadialRule(Variable.SQUARED_RADIUS, n, order + 0.5 * p, 0, Method.AUTO);
  }

  private static void checkDimension(int p) {
    if (p < 0) {
      throw new IllegalArgumentException(
          "p: given " + p + ", expected the dimension minus 2, 0 on the disk");
    }
  }

  /** Number of nodes. */
  public int size() {
    return nodes.length;
  }

  /** The exponent a of the weight t^a. */
  public double power() {
    return power;
  }

  /** The exponent b of a factor (1-t)^b in the weight; 0 but for {@link #ofPowers}. */
  public double edgePower() {
    return edgePower;
  }

  /** What t is. */
  public Variable variable() {
    return variable;
  }

  /** t of node i, ascending, from 0. */
  public double node(int i) {
    return nodes[i];
  }

  /** 1 - t of node i to its own full relative accuracy. */
  public double complement(int i) {
    return complements[i];
  }

  /** Weight in t of node i divided by t^a. */
  public double scaledWeight(int i) {
    return scaledWeights[i];
  }

  /** All t, ascending; a copy. */
  public double[] nodes() {
    return nodes.clone();
  }

  /** All 1 - t; a copy. */
  public double[] complements() {
    return complements.clone();
  }

  /** All radii, ascending: t or its root. */
  public double[] radii() {
    return variable == Variable.RADIUS
        ? nodes.clone()
        : Arrays.stream(nodes).map(Math::sqrt).toArray();
  }

  /**
   * Weights in t divided by t^a: they integrate {@code g(t) dt} where g holds the factor t^a, and
   * do not underflow next to 0 as the others do for large a; a copy.
   */
  public double[] scaledWeights() {
    return scaledWeights.clone();
  }

  /**
   * Weights in t, for {@code integral of f(t) t^a dt}; 0 where they fall below the double range.
   */
  public double[] weights() {
    double[] weights = new double[nodes.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = weight(i);
    }
    return weights;
  }

  /** Weights in r, for {@code integral of f(r) r^(p+1) dr}: half of those in t if t = r^2. */
  public double[] radialWeights() {
    double[] weights = weights();
    if (variable == Variable.SQUARED_RADIUS) {
      for (int i = 0; i < weights.length; i++) {
        weights[i] *= 0.5;
      }
    }
    return weights;
  }

  /** Weight in t of node i, for {@code integral of f(t) t^a dt}; 0 below the double range. */
  public double weight(int i) {
    // log1p keeps the relative accuracy of t next to 1
    double logarithm = nodes[i] < 0.5 ? Math.log(nodes[i]) : Math.log1p(-complements[i]);
    double weight = power == 0 ? scaledWeights[i] : scaledWeights[i] * Math.exp(power * logarithm);
    return edgePower == 0 ? weight : weight * Math.pow(complements[i], edgePower);
  }

  /**
   * The integral of {@code f(r) r^(p+1) dr} from 0 to 1, with p of the factory method; of {@code
   * f(t) t^a dt} for {@link #ofPower}. The sum is compensated.
   *
   * @param f of the radius (for ofPower, of t); its values may be anything
   */
  public double integrate(DoubleUnaryOperator f) {
    boolean squared = variable == Variable.SQUARED_RADIUS;
    CompensatedSum sum = new CompensatedSum();
    for (int i = 0; i < nodes.length; i++) {
      double r = squared ? Math.sqrt(nodes[i]) : nodes[i];
      sum.add(weight(i) * f.applyAsDouble(r));
    }
    return squared ? 0.5 * sum.value() : sum.value();
  }

  @Override
  public String toString() {
    return "RadialRule[n = "
        + size()
        + ", t^"
        + power
        + (edgePower == 0 ? "" : " (1-t)^" + edgePower)
        + ", t = "
        + variable
        + "]";
  }
}
