package org.quadrille.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.linalg.Messages.assertRejected;
import static org.quadrille.linalg.SlowAlgebra.assertClose;
import static org.quadrille.linalg.SlowAlgebra.assertSameBits;
import static org.quadrille.linalg.SlowAlgebra.kronecker;
import static org.quadrille.linalg.SlowAlgebra.product;
import static org.quadrille.linalg.SlowAlgebra.random;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What is particular to each operator. */
class OperatorsTest {

  @Property(tries = 40)
  void kroneckerIsTheExplicitKroneckerProduct(
      @ForAll @IntRange(max = 5) int p,
      @ForAll @IntRange(max = 5) int q,
      @ForAll @IntRange(max = 5) int r,
      @ForAll @IntRange(max = 5) int s) {
    Tensor a = random(1, p, q);
    Tensor b = random(2, r, s);
    Kronecker k = Kronecker.of(a, b);
    assertSameBits(kronecker(a, b), k.toDense());
    Tensor x = random(3, q * s, 4);
    assertClose(product(kronecker(a, b), x), k.apply(x), 1e-12);
    assertEquals(p * q + r * s, k.parameterCount());
    assertEquals(64L * (p * q + r * s), k.storageBits());
  }

  @Test
  void kroneckerMapsRowMajorMatrices() {
    Tensor a = random(1, 2, 3);
    Tensor b = random(2, 4, 5);
    Tensor x = random(3, 3, 5);
    Tensor expected = product(product(a, x), b.transpose());
    assertClose(expected.reshape(8), Kronecker.of(a, b).apply(x.reshape(15)), 1e-13);
  }

  @Test
  void kroneckerTakesTheCheaperOrder() {
    // Left first costs 2 p s (q + r) flops a column, right first 2 q r (s + p).
    assertEquals(800 * 7, Kronecker.of(random(1, 2, 50), random(2, 50, 2)).flops(7));
    assertEquals(800, Kronecker.of(random(1, 50, 2), random(2, 2, 50)).flops(1));
  }

  @Test
  void kroneckerInSinglePrecisionAgreesWithDouble() {
    Tensor a = random(1, 3, 4);
    Tensor b = random(2, 5, 2);
    Tensor x = random(3, 8, 6);
    Tensor y = Kronecker.of(a.to(DType.F32), b.to(DType.F32)).apply(x.to(DType.F32));
    assertClose(Kronecker.of(a, b).apply(x), y, 1e-4);
  }

  @Test
  void selectionGathersAndScatters() {
    Selection s = Selection.of(DType.F64, 4, 2, 0, 2);
    Tensor x = Tensor.of(new double[] {10, 20, 30, 40}, 4);
    assertArrayEquals(new double[] {30, 10, 30}, s.apply(x).doubles());
    Tensor y = Tensor.of(new double[] {1, 2, 3}, 3);
    assertArrayEquals(new double[] {2, 0, 4, 0}, s.applyTransposed(y).doubles());
    assertRejected(() -> Selection.of(DType.F64, 4, 0, 4), "indices[1]", "4", "0 to 3");
    assertRejected(() -> Selection.of(DType.F64, -1), "cols");
  }

  @Test
  void lowRankOfRankZeroIsZero() {
    LowRank zero = LowRank.of(random(1, 4, 0), random(2, 0, 3));
    assertClose(Tensor.zeros(DType.F64, 4, 2), zero.apply(random(3, 3, 2)), 0);
    assertEquals(0, zero.flops(10));
    assertEquals(0, zero.rank());
  }

  @Test
  void parametersAreLive() {
    Tensor weight = random(1, 3, 3);
    Dense dense = Dense.of(weight);
    dense.parameters().get("weight").fill(0);
    assertClose(Tensor.zeros(DType.F64, 3), dense.apply(random(2, 3)), 0);
  }

  @Test
  void compositesPrefixParametersByPosition() {
    Sum sum =
        Sum.of(
            Selection.of(DType.F64, 3, 0, 1, 2),
            Product.of(Dense.of(random(1, 3, 3)), LowRank.of(random(2, 3, 1), random(3, 1, 3))));
    assertEquals(
        List.of("1.0.weight", "1.1.left", "1.1.right"), List.copyOf(sum.parameters().names()));
    assertEquals(3 + 9 + 6, sum.parameterCount());
  }

  @Test
  void productChoosesBracketsByFlops() {
    Dense wide = Dense.of(random(1, 2, 100));
    Dense tall = Dense.of(random(2, 100, 2));
    Product product = Product.of(wide, tall);
    // One column: right to left. Many columns: the 2 x 2 product first.
    assertEquals(2 * 2 * 100 + 2 * 100 * 2, product.flops(1));
    assertEquals(2 * 2 * 100 * 2 + 2L * 2 * 2 * 1_000_000, product.flops(1_000_000));
    Tensor x = random(3, 2, 50);
    assertClose(product(product.toDense(), x), product.apply(x), 1e-11);
    // 100 x 2 x 100: forming the outer product never pays.
    assertEquals(800L * 1_000_000, Product.of(tall, wide).flops(1_000_000));
  }

  @Test
  void productOrderIsAssociativeForEveryBracketing() {
    Tensor x = random(9, 4, 500);
    List<LinearOperator> factors =
        List.of(
            Dense.of(random(1, 3, 40)),
            Diagonal.of(random(2, 40)),
            LowRank.of(random(3, 40, 2), random(4, 2, 30)),
            Dense.of(random(5, 30, 3)),
            Kronecker.of(random(6, 3, 2), random(7, 1, 2)));
    Tensor expected = x;
    for (LinearOperator factor : factors.reversed()) {
      expected = factor.apply(expected);
    }
    double tolerance = 1e-12 * Norms.max(expected);
    Product all = Product.of(factors);
    assertClose(expected, all.apply(x), tolerance);
    Product nested =
        Product.of(
            Product.of(factors.subList(0, 2)),
            Product.of(Product.of(factors.subList(2, 4)), factors.get(4)));
    assertClose(expected, nested.apply(x), tolerance);
    assertTrue(all.flops(500) <= 500L * factors.stream().mapToLong(f -> f.flops(1)).sum());
  }

  @Test
  void operandsThatDoNotFitAreExplained() {
    LinearOperator a = Dense.of(random(1, 3, 5));
    assertRejected(() -> a.apply(random(2, 3)), "[3, 5]", "applyTransposed?");
    assertRejected(() -> a.apply(random(2, 4, 5)), "x.transpose()");
    assertRejected(() -> a.apply(random(2, 5).to(DType.F32)), "x.to(DType.F64)");
    assertRejected(() -> a.apply(random(2, 5), random(2, 4)), "expected shape [3]");
    assertRejected(
        () ->
            ((ParametricOperator) a)
                .accumulateGradients(random(1, 5), random(2, 3), Tensors.empty()),
        "weight");
    assertRejected(
        () ->
            ((ParametricOperator) a)
                .accumulateGradients(
                    random(1, 5), random(2, 3), Tensors.of("weight", random(1, 5, 3))),
        "zerosLike()");
  }

  @Test
  void definitionsThatDoNotFitAreExplained() {
    Tensor nan = random(1, 2, 2);
    nan.set(Double.NaN, 1, 0);
    assertRejected(() -> Dense.of(nan), "weight", "NaN at [1, 0]");
    assertRejected(() -> Dense.of(random(1, 3)), "expected a matrix");
    assertRejected(() -> Diagonal.of(random(1, 3, 3)), "expected a vector");
    assertRejected(() -> LowRank.of(random(1, 3, 2), random(2, 3, 4)), "[rows, r] and [r, cols]");
    assertRejected(() -> Kronecker.of(random(1, 3, 2), random(2, 3, 4).to(DType.F32)), "one dtype");
    assertRejected(() -> Scaled.of(Double.NaN, Dense.of(random(1, 2, 2))), "NaN");
    assertRejected(() -> Sum.of(), "at least one");
    assertRejected(
        () -> Sum.of(Dense.of(random(1, 2, 2)), Dense.of(random(1, 2, 3))), "[2, 2]", "[2, 3]");
    assertRejected(
        () -> Product.of(Dense.of(random(1, 2, 2)), Dense.of(random(1, 3, 2))), "factor 1");
  }
}
