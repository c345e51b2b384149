package org.quadrille.zernike.wavefront;

import java.util.Arrays;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** One fit: selects the samples that count, and feeds them to least squares block by block. */
final class FitRun {
  /** Fewest points of a block; blocks depend on the number of modes only. */
  private static final int BLOCK = 2048;

  /** A point on the edge may be rounded to a radius a little above 1. */
  private static final double LARGEST_SQUARE = 1 + 0x1p-50;

  private final FitOptions options;
  private final ModeColumns columns;
  private final double[] x;
  private final double[] y;
  private final double[] weights;

  FitRun(FitOptions options, double[] x, double[] y, double[] weights) {
    this.options = options;
    this.columns = new ModeColumns(options.degree());
    this.x = x;
    this.y = y;
    this.weights = weights;
    if (weights != null && weights.length != x.length) {
      throw new IllegalArgumentException(
          "weights: given " + weights.length + " numbers, expected " + x.length);
    }
  }

  WavefrontFit values(double[] values) {
    int[] used = select(values, values);
    LeastSquares problem = new LeastSquares(options.modes());
    for (int[] block : blocks(used)) {
      Tensor modes = columns.values(take(x, block), take(y, block));
      problem.add(equations(inBasis(modes), take(values, block), block));
    }
    return finish(problem, used, 1);
  }

  WavefrontFit slopes(double[] slopeX, double[] slopeY) {
    int[] used = select(slopeX, slopeY);
    LeastSquares problem = new LeastSquares(options.modes() - 1);
    for (int[] block : blocks(used)) {
      Tensor[] slopes = columns.slopes(take(x, block), take(y, block));
      problem.add(withoutPiston(equations(inBasis(slopes[0]), take(slopeX, block), block)));
      problem.add(withoutPiston(equations(inBasis(slopes[1]), take(slopeY, block), block)));
    }
    return finish(problem, used, 2);
  }

  /** Indices of the samples that are finite, inside and of some weight. */
  private int[] select(double[] first, double[] second) {
    int[] used = new int[x.length];
    int count = 0;
    for (int i = 0; i < x.length; i++) {
      if (weights != null && weights[i] < 0) {
        throw new IllegalArgumentException(
            "weight " + i + " is " + weights[i] + ", expected 0 or more");
      }
      boolean inside = x[i] * x[i] + y[i] * y[i] <= LARGEST_SQUARE;
      boolean finite = Double.isFinite(first[i]) && Double.isFinite(second[i]);
      boolean weighty = weights == null || (weights[i] > 0 && weights[i] < 1e300);
      if (inside && finite && weighty) {
        used[count++] = i;
      }
    }
    return Arrays.copyOf(used, count);
  }

  private int[][] blocks(int[] used) {
    int size = Math.max(BLOCK, 4 * columns.modes());
    int[][] blocks = new int[Math.ceilDiv(used.length, size)][];
    for (int b = 0; b < blocks.length; b++) {
      blocks[b] = Arrays.copyOfRange(used, b * size, Math.min(used.length, (b + 1) * size));
    }
    return blocks;
  }

  private static double[] take(double[] all, int[] indices) {
    double[] taken = new double[indices.length];
    for (int i = 0; i < taken.length; i++) {
      taken[i] = all[indices[i]];
    }
    return taken;
  }

  private Tensor inBasis(Tensor zernike) {
    return options.basis() == null ? zernike : options.basis().toThisBasis(zernike);
  }

  /** {@code [A b]} times the roots of the weights. */
  private Tensor equations(Tensor modes, double[] right, int[] block) {
    int n = modes.size(1);
    Tensor transposed = Tensor.zeros(DType.F64, n + 1, block.length);
    Tensor rows = transposed.transpose();
    rows.slice(1, 0, n).assign(modes);
    transposed.row(n).assign(Tensor.of(right, right.length));
    for (int i = 0; weights != null && i < block.length; i++) {
      Arithmetic.scale(Math.sqrt(weights[block[i]]), rows.row(i));
    }
    return rows;
  }

  private static Tensor withoutPiston(Tensor rows) {
    return rows.slice(1, 1, rows.size(1));
  }

  private double totalWeight(int[] used) {
    double total = 0;
    for (int i : used) {
      total += weights == null ? 1 : weights[i];
    }
    return total;
  }

  /**
   * Solves.
   *
   * @param perPoint equations of one point
   */
  private WavefrontFit finish(LeastSquares problem, int[] used, int perPoint) {
    if (used.length == 0) {
      throw new IllegalArgumentException(
          "fit: none of "
              + x.length
              + " samples is finite, inside the unit disk and of positive weight; expected more"
              + " than modes; are positions in pupil radii?");
    }
    double total = totalWeight(used);
    int missing = options.modes() - problem.unknowns();
    LeastSquares solved =
        options.ridge() == 0 ? problem : problem.with(ridge(problem.unknowns(), missing, total));
    LeastSquares.Solution solution = solved.solve(options.rankTolerance());
    double square = problem.squaredResidual(solution.x());
    long freedom = (long) perPoint * used.length - solution.rank();
    double variance = freedom > 0 ? square / freedom : Double.NaN;
    double[] coefficients = new double[options.modes()];
    double[] errors = new double[options.modes()];
    for (int j = 0; j < solution.x().length; j++) {
      coefficients[missing + j] = solution.x()[j];
      errors[missing + j] = Math.sqrt(variance * solution.variances()[j]);
    }
    return new WavefrontFit(
        options,
        coefficients,
        errors,
        Math.sqrt(square / (perPoint * total)),
        solution.conditionNumber(),
        solution.rank(),
        used.length,
        x.length - used.length);
  }

  /** Equations {@code (lambda total)^(1/2) d^2 c = 0}. */
  private Tensor ridge(int unknowns, int missing, double total) {
    Tensor rows = Tensor.zeros(DType.F64, unknowns, unknowns + 1);
    double root = Math.sqrt(options.ridge() * total);
    for (int d = 0, j = 0; d <= options.degree(); d++) {
      for (int m = -d; m <= d; m += 2, j++) {
        if (j >= missing) {
          rows.set(root * d * d, j - missing, j - missing);
        }
      }
    }
    return rows;
  }
}
