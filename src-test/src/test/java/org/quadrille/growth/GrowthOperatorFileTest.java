package org.quadrille.growth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.SafetensorsWriter;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.Frozen;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.Kronecker;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.transformer.Architecture;

/** Saved operators: every kind comes back bit for bit, ties and all. */
class GrowthOperatorFileTest {
  private static final Architecture SMALL = Architecture.gpt(7, 4, 4, 2, 2);
  private static final Architecture LARGE = Architecture.gpt(7, 4, 6, 3, 3);
  private static final GrowthPlan PLAN = GrowthPlan.of(SMALL, LARGE);

  @TempDir Path folder;

  @Test
  void everyKindOfOperatorGrowsTheSameBitsAfterwards() throws IOException {
    int number = 0;
    for (DType dtype : DType.values()) {
      for (GrowthOperator operator : operators(dtype)) {
        Path path = folder.resolve("operator" + number++ + ".safetensors");
        GrowthOperatorFile.write(operator, path);
        GrowthOperator again = GrowthOperatorFile.read(path, PLAN);
        Tensors x = small(dtype, 1);
        assertSame(operator.apply(x), again.apply(x));
        // The same names: one set of numbers for all that is tied.
        assertEquals(
            operator.parameters().names().toString(), again.parameters().names().toString());
        assertSame(operator.parameters(), again.parameters());
        Path second = folder.resolve("again.safetensors");
        GrowthOperatorFile.write(again, second);
        assertArrayEquals(Files.readAllBytes(path), Files.readAllBytes(second));
        // On another checkpoint.
        Tensors other = small(dtype, 2);
        assertSame(operator.apply(other), again.apply(other));
      }
    }
    assertTrue(number >= 18, number + " operators");
  }

  @Test
  void readersOfGroupedValuesStayTied() throws IOException {
    Architecture small = Architecture.llama(7, 4, 8, 4, 2, 2, 12);
    GrowthPlan plan = GrowthPlan.of(small, Architecture.llama(7, 4, 12, 6, 3, 3, 20));
    GrowthOperator operator = LearnedStart.PUBLISHED.operator(plan, DType.F64, 3);
    Path path = folder.resolve("grouped.safetensors");
    GrowthOperatorFile.write(operator, path);
    GrowthOperator again = GrowthOperatorFile.read(path, plan);
    again.parameters().get("maps.value.new").fill(0.5);
    operator.parameters().get("maps.value.new").fill(0.5);
    Tensors x = FixedOperatorsTest.random(small, 1);
    assertSame(operator.apply(x), again.apply(x));
  }

  @Test
  void refusesWhatItCannotKeepOrRead() throws IOException {
    Path path = folder.resolve("operator.safetensors");
    GrowthOperator unknown =
        GrowthOperator.of(
            GrowthPlan.of(SMALL, SMALL),
            DType.F64,
            GrowthTerm.of(GrowthOrder.WIDTH_FIRST)
                .withMap(
                    "hidden",
                    Kronecker.of(
                        GaussianMatrix.of(DType.F64, 1, 4, 4),
                        GaussianMatrix.of(DType.F64, 1, 4, 4))));
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> GrowthOperatorFile.write(unknown, path));
    assertTrue(refused.getMessage().contains("map hidden"), refused.getMessage());
    assertTrue(Files.notExists(path));

    new SafetensorsWriter().add("x", Tensor.zeros(DType.F32, 2)).write(path);
    assertThrows(FormatException.class, () -> GrowthOperatorFile.read(path, PLAN));
    String[] broken = {
      "{}",
      "{\"version\":2}",
      "{\"version\":1,\"dtype\":\"F16\",\"operators\":[],\"terms\":[],\"additive\":{}}",
      "{\"version\":1,\"dtype\":\"F64\",\"operators\":[3],\"terms\":[],\"additive\":{}}",
      "{\"version\":1,\"dtype\":\"F64\",\"operators\":[{\"kind\":\"dense\"}],\"terms\":[],\"additive\":{}}",
      "{\"version\":1,\"dtype\":\"F64\",\"operators\":[{\"kind\":\"frozen\",\"of\":0}],\"terms\":[],\"additive\":{}}",
      "{\"version\":1,\"dtype\":\"F64\",\"operators\":[{\"kind\":\"selection\",\"small\":1,\"source\":[1]}],\"terms\":[],\"additive\":{}}",
      "{\"version\":1,\"dtype\":\"F64\",\"operators\":[],\"terms\":[4],\"additive\":{}}"
    };
    for (String text : broken) {
      new SafetensorsWriter()
          .metadata("quadrille.growth", text)
          .add("x", Tensor.zeros(DType.F32, 2))
          .write(path);
      assertThrows(FormatException.class, () -> GrowthOperatorFile.read(path, PLAN), text);
    }
    GrowthOperatorFile.write(LearnedStart.PUBLISHED.operator(PLAN, DType.F64, 1), path);
    GrowthPlan wider = GrowthPlan.of(SMALL, Architecture.gpt(7, 4, 8, 4, 3));
    IllegalArgumentException other =
        assertThrows(IllegalArgumentException.class, () -> GrowthOperatorFile.read(path, wider));
    assertTrue(other.getMessage().contains("residual"), other.getMessage());
  }

  private static List<GrowthOperator> operators(DType dtype) {
    WidthCopies copies = WidthCopies.random(SMALL, LARGE, 1);
    List<GrowthOperator> all = new ArrayList<>();
    all.add(LearnedStart.PUBLISHED.operator(PLAN, dtype, 3));
    all.add(
        LearnedStart.PUBLISHED
            .withPerLayer(GrowthOrder.DEPTH_FIRST, true)
            .operator(PLAN, dtype, 3));
    all.add(LearnedStart.PUBLISHED.withTied(false).operator(PLAN, dtype, 3));
    GrowthOperator stacked = FixedOperators.copies(SMALL, LARGE, dtype, copies, 0, 1, 0).operator();
    all.add(stacked);
    all.add(LearnedStart.from(stacked));
    all.add(FixedOperators.advanced(SMALL, LARGE, dtype, copies, 0, 1, 0).operator());
    all.add(FixedOperators.directCopy(SMALL, LARGE, dtype, 1, 0, 1, 0).operator());
    all.add(LosslessGrowth.broken(SMALL, LARGE, dtype, 1).operator());
    LowRank part =
        LowRank.of(GaussianMatrix.of(dtype, 1, 7, 2), GaussianMatrix.of(dtype, 2, 2, 6), 1.0 / 3);
    all.add(
        GrowthOperator.of(
                PLAN,
                dtype,
                GrowthTerm.of(GrowthOrder.WIDTH_FIRST)
                    .withMap("residual", AxisMap.average(dtype, 6, 4))
                    .withMap("query", AxisMap.headBlocks(GaussianMatrix.of(dtype, 3, 3, 2), 2))
                    .withMap("key", AxisMap.padding(dtype, 6, 4))
                    .withMap(
                        "value",
                        AxisMap.lowRankOver(
                            GaussianMatrix.of(dtype, 4, 6, 1), GaussianMatrix.of(dtype, 5, 1, 4)))
                    .withMap(
                        "hidden", Frozen.of(AxisMap.dense(GaussianMatrix.of(dtype, 6, 24, 16))))
                    .withDepth(GrowthPlan.ALL, AxisMap.dense(GaussianMatrix.of(dtype, 7, 3, 2))))
            .plus(Map.of("embeddings.token.weight", part))
            .plus(Map.of("embeddings.token.weight", Dense.of(GaussianMatrix.of(dtype, 8, 7, 6)))));
    return all;
  }

  private static Tensors small(DType dtype, long seed) {
    Tensors converted = Tensors.empty();
    FixedOperatorsTest.random(SMALL, seed)
        .forEach((name, tensor) -> converted.put(name, tensor.to(dtype)));
    return converted;
  }

  private static void assertSame(Tensors expected, Tensors actual) {
    assertEquals(expected.names().toString(), actual.names().toString());
    for (String name : expected.names()) {
      assertArrayEquals(expected.get(name).toDoubles(), actual.get(name).toDoubles(), name);
    }
  }
}
