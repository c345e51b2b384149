package org.quadrille.zernike.wavefront;

import java.util.Arrays;
import org.quadrille.zernike.RadialRule;

/**
 * Points and weights for integrals over a pupil within the unit disk: exact for polynomials on
 * disk, annulus, ellipse, rectangle and regular polygon, pixels on an arbitrary mask.
 *
 * {@snippet :
 * PupilQuadrature hexagon = PupilQuadrature.regularPolygon(12, 6, 0);
 * double area = hexagon.area(); // 3 sqrt(3) / 2
 * PupilBasis basis = PupilBasis.of(6, hexagon); // modes that are orthonormal on the hexagon
 * }
 *
 * <p>Gauss rules throughout ({@link RadialRule}); a polygon is cut into triangles with a vertex at
 * the origin, each a Gauss-Jacobi by a Gauss-Legendre rule. <b>Thread safety</b>: the arrays must
 * not be changed.
 *
 * @param x positions, in pupil radii
 * @param y positions
 * @param weights positive; their sum is the area of the pupil
 */
public record PupilQuadrature(double[] x, double[] y, double[] weights) {

  /** Checks that there are points, within the unit disk, and that weights are positive. */
  public PupilQuadrature {
    if (x.length == 0 || x.length != y.length || x.length != weights.length) {
      throw new IllegalArgumentException(
          "quadrature: given "
              + x.length
              + " x, "
              + y.length
              + " y, "
              + weights.length
              + " weights; expected equal numbers, at least 1");
    }
    for (int i = 0; i < x.length; i++) {
      // a few rounding errors beyond the edge are the edge
      if (!(x[i] * x[i] + y[i] * y[i] <= 1 + 1e-12) || !(weights[i] > 0 && weights[i] < 1e300)) {
        throw new IllegalArgumentException(
            "quadrature: point "
                + i
                + " at ("
                + x[i]
                + ", "
                + y[i]
                + ") of weight "
                + weights[i]
                + "; expected a point of the unit disk and a positive weight");
      }
    }
  }

  /** Area of the pupil: the sum of the weights. */
  public double area() {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    return sum;
  }

  /** Number of points. */
  public int size() {
    return x.length;
  }

  /**
   * The integral of a function.
   *
   * @param samples at the points
   */
  public double integrate(double[] samples) {
    if (samples.length != x.length) {
      throw new IllegalArgumentException(
          "samples: given " + samples.length + ", expected " + x.length + ", one for each point");
    }
    double sum = 0;
    for (int i = 0; i < samples.length; i++) {
      sum += weights[i] * samples[i];
    }
    return sum;
  }

  /**
   * The whole disk.
   *
   * @param degree total degree of the polynomials in x and y that are integrated exactly
   */
  public static PupilQuadrature disk(int degree) {
    return annulus(degree, 0);
  }

  /**
   * The annulus of radii {@code obscuration} to 1.
   *
   * @param degree of exactness, 0 to 1200
   * @param obscuration ratio of the radii, 0 to less than 1
   */
  public static PupilQuadrature annulus(int degree, double obscuration) {
    requireDegree(degree);
    requireObscuration(obscuration);
    // the mean over the angle is a polynomial in t = r^2 of degree at most degree / 2
    RadialRule rule = RadialRule.ofPower(degree / 4 + 1, 0);
    double[] weights = rule.weights();
    int angles = degree + 1;
    double inner = obscuration * obscuration;
    double width = (1 - obscuration) * (1 + obscuration);
    double[] x = new double[rule.size() * angles];
    double[] y = new double[x.length];
    double[] w = new double[x.length];
    for (int i = 0, k = 0; i < rule.size(); i++) {
      double r = Math.sqrt(Math.fma(width, rule.node(i), inner));
      // r dr = dt / 2
      double weight = 0.5 * width * weights[i] * (2 * Math.PI / angles);
      for (int j = 0; j < angles; j++, k++) {
        double angle = 2 * Math.PI * j / angles;
        x[k] = r * Math.cos(angle);
        y[k] = r * Math.sin(angle);
        w[k] = weight;
      }
    }
    return new PupilQuadrature(x, y, w);
  }

  /**
   * The ellipse {@code (x/a)^2 + (y/b)^2 <= 1}.
   *
   * @param degree of exactness, 0 to 1200
   * @param a half axis along x, above 0, at most 1
   * @param b half axis along y, above 0, at most 1
   */
  public static PupilQuadrature ellipse(int degree, double a, double b) {
    requireLength("half axis a", a);
    requireLength("half axis b", b);
    PupilQuadrature disk = disk(degree);
    return new PupilQuadrature(
        Arrays.stream(disk.x).map(v -> a * v).toArray(),
        Arrays.stream(disk.y).map(v -> b * v).toArray(),
        Arrays.stream(disk.weights).map(v -> a * b * v).toArray());
  }

  /**
   * The rectangle {@code |x| <= a, |y| <= b}.
   *
   * @param degree of exactness, 0 to 1200
   * @param a half width, above 0
   * @param b half height, above 0, with {@code a^2 + b^2 <= 1}
   */
  public static PupilQuadrature rectangle(int degree, double a, double b) {
    requireLength("half width a", a);
    requireLength("half height b", b);
    if (!(a * a + b * b <= 1 + 1e-12)) {
      throw new IllegalArgumentException(
          "rectangle: half sides " + a + ", " + b + ", expected corners in the unit disk");
    }
    requireDegree(degree);
    RadialRule rule = RadialRule.ofPower(degree / 2 + 1, 0);
    double[] weights = rule.weights();
    int n = rule.size();
    double[] x = new double[n * n];
    double[] y = new double[n * n];
    double[] w = new double[n * n];
    for (int i = 0, k = 0; i < n; i++) {
      for (int j = 0; j < n; j++, k++) {
        x[k] = a * (2 * rule.node(j) - 1);
        y[k] = b * (2 * rule.node(i) - 1);
        w[k] = 4 * a * b * weights[i] * weights[j];
      }
    }
    return new PupilQuadrature(x, y, w);
  }

  /**
   * The regular polygon with its corners on the unit circle, a hexagon for six sides.
   *
   * @param degree of exactness, 0 to 1200
   * @param sides 3 or more
   * @param angle of one corner, in radians from the x axis
   */
  public static PupilQuadrature regularPolygon(int degree, int sides, double angle) {
    requireDegree(degree);
    if (sides < 3 || sides > 1000 || !Double.isFinite(angle)) {
      throw new IllegalArgumentException(
          "polygon: " + sides + " sides, angle " + angle + "; expected 3 to 1000 sides");
    }
    // a triangle is rho ((1 - sigma) A + sigma B), of area element 2 area rho d(rho) d(sigma)
    RadialRule outward = RadialRule.ofPower(degree / 2 + 1, 1);
    RadialRule across = RadialRule.ofPower(degree / 2 + 1, 0);
    double[] outwardWeights = outward.weights();
    double[] acrossWeights = across.weights();
    int n = outward.size();
    double[] x = new double[sides * n * n];
    double[] y = new double[x.length];
    double[] w = new double[x.length];
    double twiceArea = Math.sin(2 * Math.PI / sides);
    int k = 0;
    for (int side = 0; side < sides; side++) {
      double from = angle + 2 * Math.PI * side / sides;
      double to = angle + 2 * Math.PI * (side + 1) / sides;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++, k++) {
          double rho = outward.node(i);
          double sigma = across.node(j);
          double complement = across.complement(j);
          x[k] = rho * (complement * Math.cos(from) + sigma * Math.cos(to));
          y[k] = rho * (complement * Math.sin(from) + sigma * Math.sin(to));
          w[k] = twiceArea * outwardWeights[i] * acrossWeights[j];
        }
      }
    }
    return new PupilQuadrature(x, y, w);
  }

  /**
   * The transparent pixels of a mask whose centres lie in the unit disk.
   *
   * @param grid where the pixels lie
   * @param transmission row-major, one number for each pixel: the weight of its area, 0 where the
   *     pupil is dark
   */
  public static PupilQuadrature mask(PixelGrid grid, double[] transmission) {
    grid.requirePixels("transmission", transmission);
    int[] inside = grid.inside();
    int count = 0;
    double[] x = new double[inside.length];
    double[] y = new double[inside.length];
    double[] w = new double[inside.length];
    double pixel = 1 / (grid.radius() * grid.radius());
    for (int index : inside) {
      double value = transmission[index];
      if (!(value >= 0 && value < 1e300)) {
        throw new IllegalArgumentException(
            "transmission " + index + " is " + value + ", expected 0 or more");
      }
      if (value > 0) {
        x[count] = grid.x(index);
        y[count] = grid.y(index);
        w[count++] = value * pixel;
      }
    }
    if (count == 0) {
      throw new IllegalArgumentException(
          "mask: no transparent pixel within the unit disk of " + grid);
    }
    return new PupilQuadrature(
        Arrays.copyOf(x, count), Arrays.copyOf(y, count), Arrays.copyOf(w, count));
  }

  static void requireObscuration(double obscuration) {
    if (!(obscuration >= 0 && obscuration < 1)) {
      throw new IllegalArgumentException(
          "obscuration: given "
              + obscuration
              + ", expected the inner over the outer radius, 0 to less than 1");
    }
  }

  private static void requireLength(String name, double length) {
    if (!(length > 0 && length <= 1)) {
      throw new IllegalArgumentException(
          name + ": given " + length + ", expected above 0, at most 1 (pupil radii)");
    }
  }

  private static void requireDegree(int degree) {
    if (degree < 0 || degree > 1200) {
      throw new IllegalArgumentException(
          "degree: given " + degree + ", expected 0 to 1200, the degree of exactness");
    }
  }
}
