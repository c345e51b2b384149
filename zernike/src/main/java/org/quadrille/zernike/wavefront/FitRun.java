package org.quadrille.zernike.wavefront;

import java.util.Arrays;
import java.util.Optional;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** One fit: selects the samples that count, and feeds them to least squares block by block. */
final class FitRun {
  /** Fewest and most points of a block; blocks depend on the number of modes only. */
  private static final int BLOCK = 2048;

  private static final int MOST = 8192;

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
    return finish(
        used,
        1,
        options.modes(),
        block -> {
          Tensor modes = inBasis(columns.values(take(x, block), take(y, block)));
          return equations(new Tensor[] {modes}, new double[][] {take(values, block)}, block, 0);
        });
  }

  WavefrontFit slopes(double[] slopeX, double[] slopeY) {
    int[] used = select(slopeX, slopeY);
    return finish(
        used,
        2,
        options.modes() - 1,
        block -> {
          Tensor[] slopes = columns.slopes(take(x, block), take(y, block));
          Tensor[] inBasis = {inBasis(slopes[0]), inBasis(slopes[1])};
          double[][] right = {take(slopeX, block), take(slopeY, block)};
          return equations(inBasis, right, block, 1);
        });
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
    int size = Math.max(BLOCK, Math.min(MOST, 4 * columns.modes()));
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

  /**
   * {@code [A b]} times the roots of the weights, parts below each other.
   *
   * @param skipped columns that are left out, from the first on
   */
  private Tensor equations(Tensor[] parts, double[][] right, int[] block, int skipped) {
    int n = parts[0].size(1) - skipped;
    int points = block.length;
    int rows = parts.length * points;
    double[] roots = new double[points];
    for (int i = 0; i < points; i++) {
      roots[i] = weights == null ? 1 : Math.sqrt(weights[block[i]]);
    }
    double[] data = new double[Math.multiplyExact(n + 1, rows)];
    for (int part = 0; part < parts.length; part++) {
      // columns are contiguous
      double[] modes = parts[part].transpose().contiguous().doubles();
      for (int j = 0; j <= n; j++) {
        double[] column = j < n ? modes : right[part];
        int from = j < n ? (j + skipped) * points : 0;
        int to = j * rows + part * points;
        for (int i = 0; i < points; i++) {
          data[to + i] = roots[i] * column[from + i];
        }
      }
    }
    return Tensor.of(data, n + 1, rows).transpose();
  }

  private double totalWeight(int[] used) {
    double total = 0;
    for (int i : used) {
      total += weights == null ? 1 : weights[i];
    }
    return total;
  }

  /** Equations of some points. */
  private interface Equations {
    Tensor of(int[] block);
  }

  /**
   * Solves.
   *
   * @param perPoint equations of one point
   */
  private WavefrontFit finish(int[] used, int perPoint, int unknowns, Equations equations) {
    if (used.length == 0) {
      throw new IllegalArgumentException(
          "fit: none of "
              + x.length
              + " samples is finite, inside the unit disk and of positive weight; expected more"
              + " than modes; are positions in pupil radii?");
    }
    double total = totalWeight(used);
    int missing = options.modes() - unknowns;
    LeastSquares.Solution solution = solve(blocks(used), total, unknowns, equations);
    double square = solution.squaredResidual();
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

  private LeastSquares.Solution solve(
      int[][] blocks, double total, int unknowns, Equations equations) {
    boolean isPlain = options.ridge() == 0 && options.rankTolerance() == 0;
    // few points are quickly done by the method that takes any matrix
    if (isPlain && blocks.length > 1) {
      Optional<LeastSquares.Solution> solution =
          SeminormalEquations.solve(unknowns, blocks.length, i -> equations.of(blocks[i]));
      if (solution.isPresent()) {
        return solution.get();
      }
    }
    LeastSquares problem = new LeastSquares(unknowns);
    for (int[] block : blocks) {
      problem.add(equations.of(block));
    }
    if (options.ridge() == 0) {
      return problem.solve(options.rankTolerance());
    }
    LeastSquares.Solution ridged =
        problem
            .with(ridge(unknowns, options.modes() - unknowns, total))
            .solve(options.rankTolerance());
    return new LeastSquares.Solution(
        ridged.x(),
        ridged.variances(),
        ridged.conditionNumber(),
        ridged.rank(),
        problem.squaredResidual(ridged.x()));
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
