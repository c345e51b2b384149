package org.quadrille.lowrank;

import java.util.ArrayList;
import java.util.List;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;

/**
 * The factors of an update in double precision, the scale inside, column i of the left one as long
 * as row i of the right one, pairs whose product is zero dropped.
 *
 * @param left shape [rows, r]
 * @param right shape [r, cols]
 * @param weight sum of the products of the lengths, a bound of the nuclear norm
 */
record BalancedFactors(Tensor left, Tensor right, double weight) {

  static BalancedFactors of(LowRank update) {
    Tensor columns = update.left().transpose().to(DType.F64);
    Tensor rows = update.right().to(DType.F64);
    double root = Math.sqrt(Math.abs(update.scale()));
    List<double[]> factors = new ArrayList<>();
    List<Integer> kept = new ArrayList<>();
    double weight = 0;
    for (int i = 0; i < update.rank(); i++) {
      double b = Norms.frobenius(columns.row(i));
      double a = Norms.frobenius(rows.row(i));
      // Roots first: the product of the lengths may leave the range of doubles.
      double length = Math.sqrt(b) * Math.sqrt(a) * root;
      if (length > 0) {
        factors.add(new double[] {length / b * Math.signum(update.scale()), length / a});
        kept.add(i);
        weight += length * length;
      }
    }
    Tensor left = Tensor.zeros(DType.F64, kept.size(), update.rows());
    Tensor right = Tensor.zeros(DType.F64, kept.size(), update.cols());
    for (int i = 0; i < kept.size(); i++) {
      Arithmetic.scale(factors.get(i)[0], left.row(i).assign(columns.row(kept.get(i))));
      Arithmetic.scale(factors.get(i)[1], right.row(i).assign(rows.row(kept.get(i))));
    }
    return new BalancedFactors(left.transpose(), right, weight);
  }

  int rank() {
    return right.size(0);
  }

  /** Singular values below this may be rounding errors of larger ones that cancel. */
  double noise() {
    return Math.max(left.size(0), right.size(1)) * 0x1p-52 * weight;
  }
}
