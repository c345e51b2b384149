package org.quadrille.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.lowrank.adapter.AdapterConfig;
import org.quadrille.lowrank.adapter.AdapterStart;
import org.quadrille.lowrank.adapter.Adapters;
import org.quadrille.lowrank.adapter.ScaleRule;
import org.quadrille.lowrank.adapter.Targets;
import org.quadrille.optim.Adam;
import org.quadrille.optim.Objective;
import org.quadrille.optim.Optimizer;
import org.quadrille.optim.ParameterGroups;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Batch;
import org.quadrille.transformer.Transformer;

/** LQ-LoRA: quantized weights stay as they are, the low-rank part beside them is trained. */
class QuantizedTrainingTest {
  private static final int RANK = 4;

  @Test
  void onlyTheLowRankPartLearns() {
    Transformer model = Transformer.random(Architecture.gpt(20, 16, 64, 4, 1), DType.F32, 1);
    Map<String, LinearOperator> bases = new LinkedHashMap<>();
    Map<String, LowRank> factors = new LinkedHashMap<>();
    for (String name : model.parameters().names()) {
      String map = name.replaceFirst("\\.weight$", "");
      if (Targets.ALL_LINEAR.matches(map)) {
        LqResult result =
            LqDecomposition.decompose(
                model.parameters().get(name),
                LqOptions.of(QuantizationConfig.parse("nf3/64/fp8/256"), RANK));
        bases.put(map, new Quantized(result.quantized()));
        factors.put(map, result.lowRank());
      }
    }
    assertEquals(6, bases.size());
    Adapters adapters =
        Adapters.attach(
            bases,
            AdapterConfig.rank(RANK)
                .withScale(ScaleRule.FIXED, 1)
                .withStart(AdapterStart.explicit(factors)));
    Tensor start = adapters.operators().get("layers.0.attention.query").toDense();
    Tensor weight = model.parameters().get("layers.0.attention.query.weight");
    double error = Norms.frobenius(Arithmetic.subtract(start, weight)) / Norms.frobenius(weight);
    assertTrue(error < 0.25, "starts near the weight: " + error);
    double[] base = bases.get("layers.0.attention.query").toDense().toDoubles();

    Transformer adapted = adapters.into(model, Transformer::withOperator);
    Random random = new Random(2);
    int[] tokens = random.ints(64, 0, 20).toArray();
    int[] targets = random.ints(64, 0, 20).toArray();
    Objective objective = adapted.objective(Batch.of(tokens, 4, 16).withTargets(targets));
    Tensors gradients = adapters.parameters().zerosLike();
    Optimizer optimizer = new Adam(ParameterGroups.of(1e-2));
    double first = objective.loss(adapted.parameters());
    for (int i = 0; i < 60; i++) {
      objective.lossAndGradient(adapted.parameters(), gradients);
      optimizer.step(adapted.parameters(), gradients, 1);
    }
    double last = objective.loss(adapted.parameters());
    assertTrue(last < first - 0.5, first + " to " + last);
    assertArrayEquals(base, bases.get("layers.0.attention.query").toDense().toDoubles());
    // 3 bits and the scales, instead of 32.
    long bits = bases.values().stream().mapToLong(LinearOperator::storageBits).sum();
    assertTrue(bits < 3.3 * (4 * 64 * 64 + 2 * 64 * 256), "bits " + bits);
  }
}
