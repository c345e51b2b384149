package org.quadrille.linalg;

import static org.quadrille.linalg.SlowAlgebra.random;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** One operator of every kind, of random small shapes in F64. */
final class OperatorSamples {
  private static final List<Integer> SIZES = List.of(0, 1, 2, 3, 5, 7);

  private OperatorSamples() {}

  static Arbitrary<LinearOperator> all() {
    return arbitrary(
        List.of(
            OperatorSamples::dense,
            OperatorSamples::diagonal,
            OperatorSamples::kronecker,
            OperatorSamples::lowRank,
            OperatorSamples::selection,
            s -> Scaled.of(-1.5, kronecker(s)),
            s -> Transposed.of(lowRank(s)),
            s -> Transposed.of(kronecker(s)),
            s -> Transposed.of(selection(s)),
            OperatorSamples::sum,
            OperatorSamples::product,
            s -> Transposed.of(product(s)),
            s -> Transposed.of(sum(s))));
  }

  static Arbitrary<LinearOperator> parametric() {
    return all().filter(operator -> operator instanceof ParametricOperator);
  }

  private interface Maker {
    LinearOperator make(int[] sizes);
  }

  private static Arbitrary<LinearOperator> arbitrary(List<Maker> makers) {
    Arbitrary<int[]> sizes =
        Arbitraries.of(SIZES).list().ofSize(5).map(l -> l.stream().mapToInt(i -> i).toArray());
    return Arbitraries.of(makers).flatMap(maker -> sizes.map(maker::make));
  }

  private static LinearOperator dense(int[] s) {
    return Dense.of(random(1, s[0], s[1]));
  }

  private static LinearOperator diagonal(int[] s) {
    return Diagonal.of(random(2, s[0]));
  }

  private static LinearOperator kronecker(int[] s) {
    return Kronecker.of(random(3, s[0], s[1]), random(4, s[2], s[3]));
  }

  private static LinearOperator lowRank(int[] s) {
    return LowRank.of(random(5, s[0], s[2]), random(6, s[2], s[1]), 0.75);
  }

  private static LinearOperator selection(int[] s) {
    int cols = Math.max(1, s[1]);
    int[] indices = new int[s[0]];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = (3 * i + 1) % cols;
    }
    return Selection.of(DType.F64, cols, indices);
  }

  private static LinearOperator sum(int[] s) {
    return Sum.of(
        dense(s), Scaled.of(2, lowRank(s)), Transposed.of(Dense.of(random(7, s[1], s[0]))));
  }

  private static LinearOperator product(int[] s) {
    LinearOperator middle = kronecker(s);
    return Product.of(
        Dense.of(random(8, s[4], middle.rows())),
        middle,
        Diagonal.of(random(9, middle.cols())),
        LowRank.of(random(10, middle.cols(), s[3]), random(11, s[3], s[0])));
  }
}
