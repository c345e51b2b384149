package org.quadrille.zernike.ball;

/**
 * A product rule on the unit sphere in D dimensions, exact for polynomials of degree L: L + 1 equal
 * angles, and for each further polar angle j = 1 .. D - 2 a Gauss rule of {@code floor(L/2) + 1}
 * points in its cosine, for the weight {@code (1 - c^2)^((j-1)/2)}. Immutable.
 */
final class SphereRule {
  private final int dimension;
  private final int angles;
  private final GegenbauerRule[] polar;

  SphereRule(int dimension, int degree) {
    this.dimension = dimension;
    this.angles = degree + 1;
    polar = new GegenbauerRule[dimension - 2];
    for (int j = 1; j <= polar.length; j++) {
      polar[j - 1] = new GegenbauerRule(degree / 2 + 1, j - 1);
    }
  }

  /** Number of points; an exception where that is beyond a long. */
  long size() {
    long size = angles;
    for (GegenbauerRule rule : polar) {
      size = Math.multiplyExact(size, rule.size());
    }
    return size;
  }

  /** Tells all points on the sphere of a radius, in a fixed order. */
  void forEach(double radius, double factor, BallRule.PointVisitor visitor) {
    visit(polar.length, radius, factor, new double[dimension], visitor);
  }

  /** Chooses polar angle j; {@code radius} is that of the remaining sphere of lower dimension. */
  private void visit(
      int j, double radius, double factor, double[] point, BallRule.PointVisitor visitor) {
    if (j == 0) {
      double weight = factor * 2 * Math.PI / angles;
      for (int k = 0; k < angles; k++) {
        double angle = 2 * Math.PI * k / angles;
        point[0] = radius * Math.cos(angle);
        point[1] = radius * Math.sin(angle);
        visitor.visit(point, weight);
      }
      return;
    }
    GegenbauerRule rule = polar[j - 1];
    for (int i = 0; i < rule.size(); i++) {
      point[j + 1] = radius * rule.node(i);
      visit(j - 1, radius * rule.sine(i), factor * rule.weight(i), point, visitor);
    }
  }
}
