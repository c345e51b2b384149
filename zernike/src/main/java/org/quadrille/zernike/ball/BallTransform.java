package org.quadrille.zernike.ball;

import java.util.Objects;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.OperatorChecks;
import org.quadrille.linalg.Tensor;
import org.quadrille.zernike.RadialColumn;
import org.quadrille.zernike.RadialRule;

/**
 * The map from coefficients of orthonormal ball modes of degree L to values on a tensor grid: M =
 * floor(L/2) + 1 radii (Gauss, in the squared radius), L + 1 polar angles (Gauss-Legendre in the
 * cosine), 2L + 1 equal azimuths. {@link #analyze} goes back, exactly but for rounding.
 *
 * <p>Modes are {@code Rbar^1_{N,n}(r) S_{N,m}}, with the real harmonics of {@link
 * SphericalHarmonics}; their integrals over the unit ball of {@code f g} are 1 or 0. Coefficients
 * lie by N, then m from -N to N, then n: see {@link #index}. Samples lie sphere by sphere from the
 * centre, ring by ring with the cosine ascending, azimuths from 0. As an operator the transform is
 * the synthesis S, with the exact transpose; the analysis is {@code S^T W}, with the weights W of
 * the grid, for {@code S^T W S = 1}.
 *
 * {@snippet :
 * BallTransform transform = new BallTransform(20);
 * double[] coefficients = transform.analyze(transform.sample((x, y, z) -> Math.exp(x * y - z)));
 * double mean = coefficients[transform.index(0, 0, 0)] / Math.sqrt(4 * Math.PI / 3);
 * }
 *
 * <p><b>Accuracy</b>: analysis of a synthesis returns coefficients to 1e-14 of their norm at degree
 * 64. <b>Cost</b>: some 4 L^4 flops in matrix products, L^3 numbers of memory. <b>Bits</b>: the
 * same for every number of threads. <b>Thread safety</b>: immutable.
 */
public final class BallTransform implements LinearOperator {
  /** Memory for a grid is then some gigabytes. */
  private static final int LARGEST_DEGREE = 400;

  private final BallModes modes;
  private final int degree;
  private final BallGrid grid;
  private final int spheres;
  private final int rings;
  private final double[] weights;

  /** Rbar of order N at [n, radius]. */
  private final Tensor[] radial;

  /** Legendre functions of order m at [N - m, polar angle]. */
  private final Tensor[] legendre;

  /** Azimuthal functions at [L + m, azimuth]: sines for m below 0. */
  private final Tensor azimuthal;

  /**
   * Prepares grid and matrices.
   *
   * @param degree L, 0 to 400
   */
  public BallTransform(int degree) {
    if (degree < 0 || degree > LARGEST_DEGREE) {
      throw new IllegalArgumentException(
          "degree: given " + degree + ", expected 0 to " + LARGEST_DEGREE);
    }
    this.degree = degree;
    this.modes = new BallModes(degree);
    RadialRule rule = RadialRule.inSquaredRadius(degree / 2 + 1, 1);
    this.grid = new BallGrid(rule, degree + 1, 2 * degree + 1);
    this.spheres = rule.size();
    this.rings = degree + 1;
    this.weights = grid.weights();
    this.radial = new Tensor[degree + 1];
    this.legendre = new Tensor[degree + 1];
    SphericalHarmonics harmonics = new SphericalHarmonics(degree);
    WorkerPool.shared()
        .forEach(
            degree + 1,
            order -> {
              radial[order] = radialMatrix(rule, order);
              legendre[order] = legendreMatrix(harmonics.column(order));
            });
    this.azimuthal = azimuthalMatrix(2 * degree + 1);
  }

  private Tensor radialMatrix(RadialRule rule, int order) {
    int count = modes.radialCount(order);
    RadialColumn column = new RadialColumn(order, 1, count);
    double[] values = new double[count];
    double[] matrix = new double[count * spheres];
    for (int i = 0; i < spheres; i++) {
      column.values(rule.node(i), rule.complement(i), values);
      for (int n = 0; n < count; n++) {
        // Rbar = (2 (2n + N + p/2 + 1))^(1/2) R, p = 1
        matrix[n * spheres + i] = Math.sqrt(2 * (2 * n + order + 1.5)) * values[n];
      }
    }
    return Tensor.of(matrix, count, spheres);
  }

  private Tensor legendreMatrix(LegendreColumn column) {
    double[] values = new double[column.count()];
    double[] matrix = new double[column.count() * rings];
    for (int j = 0; j < rings; j++) {
      column.values(grid.polar().node(j), grid.polar().sine(j), values, 0);
      for (int n = 0; n < values.length; n++) {
        matrix[n * rings + j] = values[n];
      }
    }
    return Tensor.of(matrix, column.count(), rings);
  }

  private Tensor azimuthalMatrix(int azimuths) {
    Tensor matrix = Tensor.zeros(DType.F64, 2 * degree + 1, azimuths);
    for (int m = 0; m <= degree; m++) {
      double factor = SphericalHarmonics.azimuthalFactor(m);
      for (int k = 0; k < azimuths; k++) {
        // the product of integers modulo the period: angles without rounding errors of large ones
        double angle = 2 * Math.PI * (m * k % azimuths) / azimuths;
        matrix.set(factor * Math.sin(angle), degree - m, k);
        matrix.set(factor * Math.cos(angle), degree + m, k);
      }
    }
    return matrix;
  }

  /** The degree L. */
  public int degree() {
    return degree;
  }

  /**
   * Index of the coefficient of a mode.
   *
   * @param order angular order N
   * @param m -N to N, below 0 for sines of azimuth
   * @param radialIndex n, with N + 2n at most L
   */
  public int index(int order, int m, int radialIndex) {
    return modes.index(order, m, radialIndex);
  }

  /** Number of grid points. */
  @Override
  public int rows() {
    return grid.size();
  }

  /** Number of modes, {@code (L+1)(L+2)(L+3)/6}. */
  @Override
  public int cols() {
    return modes.count();
  }

  @Override
  public DType dtype() {
    return DType.F64;
  }

  /** Weights of the grid points, for integrals over the unit ball; a copy. */
  public double[] weights() {
    return weights.clone();
  }

  /** Values of a function on the grid; it is called on the thread of the caller. */
  public double[] sample(BallFunction f) {
    return grid.sample(Objects.requireNonNull(f, "f"));
  }

  /**
   * Values on the grid of the function with given coefficients.
   *
   * @param coefficients {@link #cols} finite numbers, not modified
   */
  public double[] synthesize(double[] coefficients) {
    check("coefficients", coefficients, cols());
    return synthesis(coefficients);
  }

  /**
   * Coefficients of the function with given values on the grid: its projection on the modes of
   * degree L, if its own degree is at most L or else but for aliasing.
   *
   * @param samples {@link #rows} finite numbers, not modified
   */
  public double[] analyze(double[] samples) {
    check("samples", samples, rows());
    double[] weighted = new double[samples.length];
    for (int i = 0; i < samples.length; i++) {
      weighted[i] = weights[i] * samples[i];
    }
    return adjoint(weighted);
  }

  private static void check(String name, double[] values, int expected) {
    Objects.requireNonNull(values, name);
    if (values.length != expected) {
      throw new IllegalArgumentException(
          name + ": given " + values.length + " numbers, expected " + expected);
    }
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            name + ": number " + i + " is " + values[i] + ", expected finite numbers");
      }
    }
  }

  private double[] synthesis(double[] coefficients) {
    // sums over n: of each N, [m, radius]
    Tensor[] ofOrder = new Tensor[degree + 1];
    for (int order = 0; order <= degree; order++) {
      ofOrder[order] = MatrixProduct.multiply(block(coefficients, order), radial[order]);
    }
    // sums over N: of each m, [radius, polar angle]
    Tensor parts = Tensor.zeros(DType.F64, 2 * degree + 1, spheres * rings);
    for (int m = -degree; m <= degree; m++) {
      int size = Math.abs(m);
      double[] gathered = new double[spheres * (degree - size + 1)];
      for (int order = size; order <= degree; order++) {
        double[] from = ofOrder[order].doubles();
        for (int i = 0; i < spheres; i++) {
          gathered[i * (degree - size + 1) + order - size] = from[(order + m) * spheres + i];
        }
      }
      Tensor factor = Tensor.of(gathered, spheres, degree - size + 1);
      MatrixProduct.multiply(1, factor, legendre[size], 0, part(parts, m));
    }
    // sums over m
    return MatrixProduct.multiply(parts.transpose(), azimuthal).doubles();
  }

  /** The transpose of {@link #synthesis}, step by step. */
  private double[] adjoint(double[] samples) {
    Tensor rows = Tensor.of(samples, spheres * rings, azimuthal.size(1));
    Tensor parts = MatrixProduct.multiply(azimuthal, rows.transpose());
    double[][] ofOrder = new double[degree + 1][];
    for (int order = 0; order <= degree; order++) {
      ofOrder[order] = new double[(2 * order + 1) * spheres];
    }
    for (int m = -degree; m <= degree; m++) {
      int size = Math.abs(m);
      Tensor product = MatrixProduct.multiply(part(parts, m), legendre[size].transpose());
      double[] gathered = product.doubles();
      for (int order = size; order <= degree; order++) {
        for (int i = 0; i < spheres; i++) {
          ofOrder[order][(order + m) * spheres + i] =
              gathered[i * (degree - size + 1) + order - size];
        }
      }
    }
    double[] coefficients = new double[cols()];
    for (int order = 0; order <= degree; order++) {
      Tensor from = Tensor.of(ofOrder[order], 2 * order + 1, spheres);
      MatrixProduct.multiply(1, from, radial[order].transpose(), 0, block(coefficients, order));
    }
    return coefficients;
  }

  /** Coefficients of one N as [m, n]. */
  private Tensor block(double[] coefficients, int order) {
    int count = modes.radialCount(order);
    return Tensor.view(
        coefficients, modes.offset(order), new int[] {2 * order + 1, count}, new int[] {count, 1});
  }

  /** The part of one m as [radius, polar angle]. */
  private Tensor part(Tensor parts, int m) {
    return Tensor.view(
        parts.doubles(),
        (degree + m) * spheres * rings,
        new int[] {spheres, rings},
        new int[] {rings, 1});
  }

  @Override
  public Tensor apply(Tensor x, Tensor out) {
    OperatorChecks.check(this, x, out, rows(), cols(), "apply");
    OperatorChecks.checkSeparate(x, out, "apply");
    for (int column = 0; column < (x.rank() == 1 ? 1 : x.size(1)); column++) {
      put(synthesis(column(x, column)), out, column);
    }
    return out;
  }

  @Override
  public Tensor applyTransposed(Tensor y, Tensor out) {
    OperatorChecks.check(this, y, out, cols(), rows(), "applyTransposed");
    OperatorChecks.checkSeparate(y, out, "applyTransposed");
    for (int column = 0; column < (y.rank() == 1 ? 1 : y.size(1)); column++) {
      put(adjoint(column(y, column)), out, column);
    }
    return out;
  }

  private static double[] column(Tensor x, int column) {
    double[] values = new double[x.size(0)];
    for (int i = 0; i < values.length; i++) {
      values[i] = x.rank() == 1 ? x.get(i) : x.get(i, column);
    }
    return values;
  }

  private static void put(double[] values, Tensor out, int column) {
    for (int i = 0; i < values.length; i++) {
      if (out.rank() == 1) {
        out.set(values[i], i);
      } else {
        out.set(values[i], i, column);
      }
    }
  }

  @Override
  public Tensor toDense() {
    Tensor identity = Tensor.zeros(DType.F64, cols(), cols());
    for (int j = 0; j < cols(); j++) {
      identity.set(1, j, j);
    }
    return apply(identity);
  }

  /** Radii and cosines of the grid with their weights. */
  @Override
  public long parameterCount() {
    return 2L * (spheres + rings);
  }

  @Override
  public long storageBits() {
    return parameterCount() * dtype().bits();
  }

  @Override
  public long flops(long k) {
    long flops = 2L * rows() * (2 * degree + 1);
    for (int order = 0; order <= degree; order++) {
      flops += 2 * (2L * order + 1) * modes.radialCount(order) * spheres;
      flops += (order == 0 ? 2 : 4) * (degree - order + 1L) * spheres * rings;
    }
    return flops * k;
  }

  @Override
  public String toString() {
    return "BallTransform[degree " + degree + ", " + rows() + " points]";
  }
}
