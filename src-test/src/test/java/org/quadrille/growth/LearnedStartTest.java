package org.quadrille.growth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.transformer.Architecture;

/** Start values: what holds for every draw. */
class LearnedStartTest {
  private static final Architecture SMALL =
      Architecture.bert(7, 4, 4, 2, 2).withClassifier(2, true);
  private static final Architecture LARGE =
      Architecture.bert(7, 4, 6, 3, 3).withClassifier(2, true);
  private static final GrowthPlan PLAN = GrowthPlan.of(SMALL, LARGE);

  @Test
  void mixturesSumToOneAndPeakAtTheirSource() {
    int[][] sizes = {{1, 1}, {2, 4}, {3, 7}, {6, 12}, {4, 4}};
    for (DepthStart start : DepthStart.values()) {
      for (int[] size : sizes) {
        Tensor mixture = start.mixture(DType.F64, size[0], size[1], new SplittableRandom(3));
        int[] source =
            start.name().startsWith("INTERLACE")
                ? LayerSources.interpolation(size[0], size[1])
                : LayerSources.stack(size[0], size[1]);
        for (int l = 0; l < size[1]; l++) {
          double[] row = mixture.row(l).toDoubles();
          double sum = 0;
          int peak = 0;
          for (int j = 0; j < row.length; j++) {
            sum += row[j];
            assertTrue(row[j] >= 0);
            peak = row[j] > row[peak] ? j : peak;
          }
          assertEquals(1, sum, 1e-15);
          if (!start.name().startsWith("RANDOM")) {
            assertEquals(source[l], peak, start + " row " + l);
          }
        }
      }
    }
  }

  @Test
  void newRowsSumToOneExceptWithUnnormalizedNoise() {
    for (WidthStart start : WidthStart.values()) {
      Tensor added = start.added(DType.F64, 5, 12, new SplittableRandom(1));
      assertArrayEquals(new int[] {7, 5}, added.shape());
      for (int i = 0; i < 7; i++) {
        double sum = 0;
        double largest = 0;
        for (int j = 0; j < 5; j++) {
          sum += added.get(i, j);
          largest = Math.max(largest, added.get(i, j));
        }
        if (start == WidthStart.SELECTION_NOISY) {
          assertEquals(1, largest);
          assertTrue(sum > 1 && sum < 1 + 4 * 0.03);
        } else {
          assertEquals(1, sum, 1e-15);
        }
      }
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> WidthStart.RANDOM.added(DType.F64, 5, 4, new SplittableRandom(1)));
  }

  @Test
  void publishedStartKeepsOldElementsAndTiesReaders() {
    GrowthOperator operator = LearnedStart.PUBLISHED.operator(PLAN, DType.F64, 4);
    GrowthTerm term = operator.terms().getFirst();
    for (String name : PLAN.mapNames()) {
      Tensor map = term.resolve(name, PLAN).getFirst().toDense();
      for (int i = 0; i < map.size(1); i++) {
        for (int j = 0; j < map.size(1); j++) {
          assertEquals(i == j ? 1 : 0, map.get(i, j), name);
        }
      }
    }
    assertTrue(operator.parameters().contains("maps.residual.new"));
    assertTrue(!operator.parameters().contains("maps.residual.in.new"));
    assertTrue(operator.parameters().contains("depth.attention.query.bias.weight"));
  }

  @Test
  void untiedMapsStartEqualAndSameSeedsGiveSameBits() {
    Tensors x = FixedOperatorsTest.random(SMALL, 1);
    Tensors tied = LearnedStart.PUBLISHED.operator(PLAN, DType.F64, 4).apply(x);
    GrowthOperator untied = LearnedStart.PUBLISHED.withTied(false).operator(PLAN, DType.F64, 4);
    assertTrue(untied.parameters().contains("maps.residual.in.new"));
    Tensors other = untied.apply(x);
    Tensors again = LearnedStart.PUBLISHED.operator(PLAN, DType.F64, 4).apply(x);
    Tensors different = LearnedStart.PUBLISHED.operator(PLAN, DType.F64, 5).apply(x);
    for (String name : tied.names()) {
      assertArrayEquals(tied.get(name).toDoubles(), other.get(name).toDoubles(), name);
      assertArrayEquals(tied.get(name).toDoubles(), again.get(name).toDoubles(), name);
    }
    assertTrue(
        different.get("embeddings.token.weight").get(0, 5)
            != tied.get("embeddings.token.weight").get(0, 5));
  }

  @Test
  void fixedOperatorsMadeLearnableStartAsTheyWere() {
    Tensors x = FixedOperatorsTest.random(SMALL, 2);
    WidthCopies copies = WidthCopies.random(SMALL, LARGE, 1);
    FixedGrowth[] all = {
      FixedOperators.copies(SMALL, LARGE, DType.F64, copies, 0, 1, 0),
      FixedOperators.advanced(SMALL, LARGE, DType.F64, copies, 0, 1, 0),
      FixedOperators.directCopy(SMALL, LARGE, DType.F64, 1, 0, 0, 1),
      LosslessGrowth.broken(SMALL, LARGE, DType.F64, 1)
    };
    for (FixedGrowth fixed : all) {
      GrowthOperator learned = LearnedStart.from(fixed.operator());
      GrowthData.assertClose(fixed.apply(x), learned.apply(x), 1e-13);
      assertTrue(
          learned.parameters().elementCount() > fixed.operator().parameters().elementCount());
    }
  }
}
