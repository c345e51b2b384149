package org.quadrille.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.linalg.SlowAlgebra.assertClose;
import static org.quadrille.linalg.SlowAlgebra.assertSameBits;
import static org.quadrille.linalg.SlowAlgebra.product;
import static org.quadrille.linalg.SlowAlgebra.random;
import static org.quadrille.linalg.SlowAlgebra.strided;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What must hold for every operator. */
class OperatorLawsTest {
  private static final int TRIES = 150;

  @Provide
  Arbitrary<LinearOperator> operators() {
    return OperatorSamples.all();
  }

  @Provide
  Arbitrary<LinearOperator> parametricOperators() {
    return OperatorSamples.parametric();
  }

  @Property(tries = TRIES)
  void applyingIsMultiplyingByTheDenseMatrix(
      @ForAll("operators") LinearOperator a, @ForAll @IntRange(max = 6) int k) {
    Tensor x = random(20, a.cols(), k);
    Tensor y = random(21, a.rows(), k);
    Tensor dense = a.toDense();
    assertClose(product(dense, x), a.apply(x), tolerance(a));
    assertClose(product(dense.transpose(), y), a.applyTransposed(y), tolerance(a));
  }

  @Property(tries = TRIES)
  void stridesOfOperandAndResultDoNotMatter(
      @ForAll("operators") LinearOperator a, @ForAll @IntRange(min = 1, max = 5) int k) {
    Tensor x = random(20, a.cols(), k);
    Tensor batchOfRows = x.transpose().copy().transpose();
    Tensor expected = a.apply(x);
    assertClose(expected, a.apply(strided(x)), tolerance(a));
    assertClose(expected, a.apply(batchOfRows), tolerance(a));
    Tensor gaps = strided(Tensor.zeros(DType.F64, a.rows(), k).fill(Double.NaN));
    assertClose(expected, a.apply(x, gaps), tolerance(a));
    Tensor rowsOut = Tensor.zeros(DType.F64, k, a.rows()).fill(Double.NaN);
    a.apply(batchOfRows, rowsOut.transpose());
    assertClose(expected, rowsOut.transpose(), tolerance(a));
  }

  @Property(tries = TRIES)
  void addingToAResultIsApplyingAndThenAdding(
      @ForAll("operators") LinearOperator a, @ForAll @IntRange(max = 20) int k) {
    Tensor x = random(20, a.cols(), k);
    Tensor y = random(21, a.rows(), k);
    for (double beta : new double[] {0, 1, -0.5}) {
      Tensor expected = Arithmetic.axpy(1.5, a.apply(x), Arithmetic.scaled(beta, y));
      // Old contents are not read where they count for nothing.
      Tensor start = beta == 0 ? y.copy().fill(Double.NaN) : y;
      assertClose(expected, a.apply(1.5, x, beta, strided(start)), 5 * tolerance(a));
      Tensor back = Arithmetic.axpy(1.5, a.applyTransposed(y), Arithmetic.scaled(beta, x));
      Tensor end = beta == 0 ? x.copy().fill(Double.NaN) : x.copy();
      assertClose(back, a.applyTransposed(1.5, y, beta, end), 5 * tolerance(a));
    }
  }

  @Property(tries = TRIES)
  void vectorsAreSingleColumns(@ForAll("operators") LinearOperator a) {
    Tensor x = random(20, a.cols(), 1);
    Tensor y = random(21, a.rows(), 1);
    assertClose(a.apply(x).reshape(a.rows()), a.apply(x.reshape(a.cols())), tolerance(a));
    assertClose(
        a.applyTransposed(y).reshape(a.cols()),
        a.applyTransposed(y.reshape(a.rows())),
        tolerance(a));
  }

  @Property(tries = TRIES)
  void transposeIsAdjoint(@ForAll("operators") LinearOperator a) {
    Tensor x = random(20, a.cols(), 3);
    Tensor y = random(21, a.rows(), 3);
    double left = Arithmetic.dot(a.apply(x), y);
    double right = Arithmetic.dot(x, a.applyTransposed(y));
    assertEquals(left, right, 20 * tolerance(a));
  }

  @Property(tries = TRIES)
  void applicationIsLinear(@ForAll("operators") LinearOperator a) {
    Tensor x = random(20, a.cols(), 2);
    Tensor z = random(22, a.cols(), 2);
    Tensor combined = a.apply(Arithmetic.axpy(-2.5, z, x.copy()));
    Tensor separate = Arithmetic.axpy(-2.5, a.apply(z), a.apply(x));
    assertClose(separate, combined, 5 * tolerance(a));
  }

  @Property(tries = TRIES)
  void transposingTwiceGivesTheOperator(@ForAll("operators") LinearOperator a) {
    LinearOperator twice = Transposed.of(Transposed.of(a));
    assertSameBits(a.toDense(), twice.toDense());
    if (!(a instanceof Transposed)) {
      assertSame(a, twice);
    }
    LinearOperator once = Transposed.of(a);
    assertEquals(a.rows(), once.cols());
    assertEquals(a.parameterCount(), once.parameterCount());
    assertSameBits(a.toDense().transpose().copy(), once.toDense());
  }

  @Property(tries = TRIES)
  void countsAreNotNegativeAndGrowWithColumns(@ForAll("operators") LinearOperator a) {
    assertTrue(a.parameterCount() >= 0);
    assertTrue(a.storageBits() >= a.parameterCount());
    assertTrue(a.flops(1) <= a.flops(2));
    assertEquals(0, a.flops(0), a.flops(1));
    assertTrue(a.toString().length() > 4);
  }

  @Property(tries = TRIES)
  void gradientsAgreeWithCentralDifferences(
      @ForAll("parametricOperators") LinearOperator operator,
      @ForAll @IntRange(min = 1, max = 3) int k) {
    ParametricOperator a = (ParametricOperator) operator;
    Tensor x = random(20, a.cols(), k);
    Tensor g = random(21, a.rows(), k);
    Tensors gradients = a.parameters().zerosLike();
    a.accumulateGradients(x, g, gradients);
    a.parameters()
        .forEach(
            (name, parameter) -> {
              for (int i = 0; i < parameter.length(); i++) {
                // L = <g, A x> is a polynomial of degree 1 in each number: no truncation error.
                double expected = centralDifference(a, x, g, parameter.doubles(), i);
                double actual = gradients.get(name).doubles()[i];
                assertEquals(expected, actual, 1e3 * tolerance(a), name + "[" + i + "]");
              }
            });
  }

  @Property(tries = 60)
  void gradientsDoNotDependOnStrides(
      @ForAll("parametricOperators") LinearOperator operator,
      @ForAll @IntRange(min = 1, max = 4) int k) {
    ParametricOperator a = (ParametricOperator) operator;
    Tensor x = random(20, a.cols(), k);
    Tensor g = random(21, a.rows(), k);
    Tensors expected = a.parameters().zerosLike();
    a.accumulateGradients(x, g, expected);
    Tensors ofRows = a.parameters().zerosLike();
    a.accumulateGradients(
        x.transpose().copy().transpose(), g.transpose().copy().transpose(), ofRows);
    Tensors ofGaps = a.parameters().zerosLike();
    a.accumulateGradients(strided(x), g, ofGaps);
    expected.forEach(
        (name, tensor) -> {
          assertClose(tensor, ofRows.get(name), 1e3 * tolerance(a));
          assertClose(tensor, ofGaps.get(name), 1e3 * tolerance(a));
        });
  }

  @Property(tries = 40)
  void gradientsAreAddedToWhatIsThere(@ForAll("parametricOperators") LinearOperator operator) {
    ParametricOperator a = (ParametricOperator) operator;
    Tensor x = random(20, a.cols());
    Tensor g = random(21, a.rows());
    Tensors once = a.parameters().zerosLike();
    a.accumulateGradients(x, g, once);
    Tensors twice = once.copy();
    a.accumulateGradients(x, g, twice);
    once.forEach(
        (name, tensor) ->
            assertClose(Arithmetic.scaled(2, tensor), twice.get(name), 10 * tolerance(a)));
  }

  private static double centralDifference(
      LinearOperator a, Tensor x, Tensor g, double[] parameter, int i) {
    double old = parameter[i];
    parameter[i] = old + 0.5;
    double above = Arithmetic.dot(g, a.apply(x));
    parameter[i] = old - 0.5;
    double below = Arithmetic.dot(g, a.apply(x));
    parameter[i] = old;
    return above - below;
  }

  /** Rounding of products of at most four Gaussian factors with inner lengths below 50. */
  private static double tolerance(LinearOperator a) {
    return 1e-11 * Math.max(1, Norms.max(a.toDense()));
  }
}
