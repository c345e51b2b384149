package org.quadrille.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.QRDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;

class WeightedLeastSquaresTest {
  private static Tensor gaussian(long seed, int rows, int cols) {
    return GaussianMatrix.of(DType.F32, seed, rows, cols);
  }

  private static double error(Tensor target, Fisher fisher, Tensor left, Tensor right) {
    return fisher.distance(target.toFloats(), MatrixProduct.multiply(left, right).floats());
  }

  /**
   * Each column against the QR solution of diag(F_j)^(1/2) L1 x = diag(F_j)^(1/2) a_j by
   * Hipparchus.
   */
  @Property(tries = 20)
  void refitSolvesTheWeightedProblemOfEveryColumn(
      @ForAll @IntRange(min = 6, max = 30) int rows,
      @ForAll @IntRange(min = 1, max = 20) int cols,
      @ForAll @IntRange(min = 1, max = 5) int rank,
      @ForAll @IntRange(min = 0, max = 2) int form,
      @ForAll long seed) {
    Tensor target = gaussian(seed, rows, cols);
    Tensor left = gaussian(seed + 1, rows, rank);
    Tensor full = FisherTest.squaredGradients(rows, cols, seed);
    Fisher fisher =
        switch (form) {
          case 0 -> Fisher.of(full);
          case 1 -> Fisher.ofFactors(full.transpose().row(0).toDoubles(), full.row(0).toDoubles());
          default -> null;
        };
    Tensor right =
        WeightedLeastSquares.refitRight(target, fisher, left, gaussian(seed + 2, rank, cols));
    for (int j = 0; j < cols; j++) {
      RealMatrix a = new Array2DRowRealMatrix(rows, rank);
      RealVector b = new ArrayRealVector(rows);
      for (int i = 0; i < rows; i++) {
        double root = fisher == null ? 1 : Math.sqrt(fisher.get(i, j));
        b.setEntry(i, root * target.get(i, j));
        for (int k = 0; k < rank; k++) {
          a.setEntry(i, k, root * left.get(i, k));
        }
      }
      RealVector x = new QRDecomposition(a).getSolver().solve(b);
      for (int k = 0; k < rank; k++) {
        assertEquals(x.getEntry(k), right.get(k, j), 1e-5 * x.getNorm() + 1e-6);
      }
    }
  }

  @Test
  void sweepsNeverRaiseTheError() {
    Tensor target = gaussian(1, 70, 50);
    FullFisher fisher = new FullFisher(FisherTest.squaredGradients(70, 50, 2));
    LowRank factors = LowRank.of(gaussian(3, 70, 6), gaussian(4, 6, 50));
    double last = error(target, fisher, factors.left(), factors.right());
    double first = last;
    for (int sweep = 0; sweep < 8; sweep++) {
      factors = WeightedLeastSquares.sweep(target, fisher, factors, 1);
      double error = error(target, fisher, factors.left(), factors.right());
      assertTrue(error <= last * (1 + 1e-6), sweep + ": " + error + " after " + last);
      last = error;
    }
    assertTrue(last < 0.5 * first);
  }

  @Test
  void sweepsBeatTheScaledDecomposition() {
    Tensor w = gaussian(5, 60, 80);
    LqOptions options =
        LqOptions.of(QuantizationConfig.parse("nf3/16/fp8/16"), 8)
            .withFisher(Fisher.of(FisherTest.squaredGradients(60, 80, 6)));
    double without = LqDecomposition.decompose(w, options.withSweeps(0, 0)).weightedError();
    double with = LqDecomposition.decompose(w, options.withSweeps(0, 3)).weightedError();
    assertTrue(with < 0.99 * without, with + " against " + without);
  }

  @Test
  void singularSystemsAreLeftAlone() {
    Tensor target = gaussian(7, 9, 8);
    FullFisher fisher = new FullFisher(FisherTest.squaredGradients(9, 8, 8));
    Tensor zeros = Tensor.zeros(DType.F32, 2, 8);
    LowRank start = LowRank.of(Tensor.zeros(DType.F32, 9, 2), zeros);
    LowRank same = WeightedLeastSquares.sweep(target, fisher, start, 2);
    assertArrayEquals(zeros.floats(), same.right().floats());
    Tensor right =
        WeightedLeastSquares.refitRight(target, null, Tensor.zeros(DType.F32, 9, 2), zeros);
    assertArrayEquals(zeros.floats(), right.floats());
  }

  @Test
  void panelsMakeNoDifference() {
    // more rows and columns than one panel of 512
    Tensor target = gaussian(9, 530, 520);
    FullFisher fisher = new FullFisher(FisherTest.squaredGradients(530, 520, 10));
    LowRank start = LowRank.of(gaussian(11, 530, 2), gaussian(12, 2, 520));
    LowRank whole = WeightedLeastSquares.sweep(target, fisher, start, 1);
    // factors are balanced afterwards, which scales a column as a whole: ratios of rows remain
    double expected = firstOfRow(target, fisher, start, 529) / firstOfRow(target, fisher, start, 3);
    double ratio = whole.left().get(529, 0) / whole.left().get(3, 0);
    assertEquals(expected, ratio, 1e-5 * Math.abs(expected));
  }

  /** First element of a row of L1 by Cramer's rule for its two normal equations. */
  private static double firstOfRow(Tensor target, Fisher fisher, LowRank start, int row) {
    double xx = 0;
    double xy = 0;
    double yy = 0;
    double bx = 0;
    double by = 0;
    for (int j = 0; j < target.size(1); j++) {
      double f = fisher.get(row, j);
      double x = start.right().get(0, j);
      double y = start.right().get(1, j);
      xx += f * x * x;
      xy += f * x * y;
      yy += f * y * y;
      bx += f * x * target.get(row, j);
      by += f * y * target.get(row, j);
    }
    return (yy * bx - xy * by) / (xx * yy - xy * xy);
  }
}
