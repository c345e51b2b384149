package org.quadrille.growth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.ParametricOperator;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.transformer.Architecture;

/** The count of operations against the products that growing really does. */
class CountedProductsTest {
  private static final Architecture SMALL = Architecture.gpt(11, 5, 6, 3, 2);
  private static final Architecture LARGE = Architecture.gpt(11, 5, 10, 5, 3);

  @Test
  void definitionCountsTheProductsOfGrowing() {
    GrowthPlan plan = GrowthPlan.of(SMALL, LARGE);
    double[] count = new double[1];
    GrowthTerm term = GrowthTerm.of(GrowthOrder.WIDTH_FIRST);
    for (String name : plan.mapNames()) {
      int[] sizes = plan.sizes(name);
      // Vectors (one column) are left out of the definition.
      term = term.withMap(name, new Counting(sizes[1], sizes[0], 1, count));
    }
    for (String name : plan.depthNames()) {
      // So are mixtures of vectors, which have at most as many elements as a hidden layer.
      term = term.withDepth(name, new Counting(3, 2, LARGE.hidden(), count));
    }
    GrowthOperator operator = GrowthOperator.of(plan, DType.F64, term);
    Growth growth = operator.on(FixedOperatorsTest.random(SMALL, 1));
    growth.grow();
    double forward = count[0];
    count[0] = 0;
    growth.backward(
        FixedOperatorsTest.random(LARGE, 1), operator.parameters().zerosLike(), Tensors.empty());
    double backward = count[0];
    GrowthFlops defined = GrowthFlops.of(SMALL, LARGE);
    // The second matrix of a feedforward layer is cheaper from the other side; the definition
    // counts all from one.
    int[] down = {6, 24, 10, 40};
    double savedForward = forward(down) - forward(turned(down));
    double savedBackward = backward(down) - backward(turned(down));
    assertTrue(savedForward > 0);
    assertEquals(defined.forward() - 2 * savedForward, forward);
    assertEquals(defined.backward() - 2 * savedBackward, backward);
  }

  /** Out before, in before, out after, in after: T = B W, then T A^T. */
  private static double forward(int... s) {
    return 2.0 * s[2] * s[0] * s[1] + 2.0 * s[2] * s[1] * s[3];
  }

  /** G A, then its product with W, and T^T G. */
  private static double backward(int... s) {
    return 2.0 * s[2] * s[3] * s[1] + 2.0 * s[2] * s[1] * s[0] + 2.0 * s[3] * s[2] * s[1];
  }

  private static int[] turned(int... s) {
    return new int[] {s[1], s[0], s[3], s[2]};
  }

  /** A full matrix that counts multiplications and additions, each two for an entry and column. */
  private static final class Counting implements ParametricOperator {
    private final Dense dense;
    private final int ignored;
    private final double[] count;

    Counting(int rows, int cols, int ignored, double[] count) {
      this.dense = Dense.of(GaussianMatrix.of(DType.F64, rows, rows, cols));
      this.ignored = ignored;
      this.count = count;
    }

    private void count(Tensor x) {
      if (x.size(1) > ignored) {
        count[0] += dense.flops(x.size(1));
      }
    }

    @Override
    public int rows() {
      return dense.rows();
    }

    @Override
    public int cols() {
      return dense.cols();
    }

    @Override
    public DType dtype() {
      return dense.dtype();
    }

    @Override
    public Tensor apply(Tensor x, Tensor out) {
      count(x);
      return dense.apply(x, out);
    }

    @Override
    public Tensor applyTransposed(Tensor y, Tensor out) {
      count(y);
      return dense.applyTransposed(y, out);
    }

    @Override
    public void accumulateGradients(Tensor x, Tensor gradY, Tensors gradients) {
      count(x);
      dense.accumulateGradients(x, gradY, gradients);
    }

    @Override
    public Tensors parameters() {
      return dense.parameters();
    }

    @Override
    public Tensor toDense() {
      return dense.toDense();
    }

    @Override
    public long parameterCount() {
      return dense.parameterCount();
    }

    @Override
    public long storageBits() {
      return dense.storageBits();
    }

    @Override
    public long flops(long k) {
      return dense.flops(k);
    }
  }
}
