package org.quadrille.transformer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.Frozen;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Sum;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.Adam;
import org.quadrille.optim.ParameterGroups;
import org.quadrille.optim.StepObjective;
import org.quadrille.transformer.train.Trainer;
import org.quadrille.transformer.train.TrainingHistory;
import org.quadrille.transformer.train.TrainingPlan;

/** Twelve steps of Adam on a fixed batch, all weights or low-rank updates only. */
class TinyGptTrajectoryTest {
  private static final double TOLERANCE = 1e-9;

  private final JsonObject data;
  private final Batch batch;
  private final Transformer model;

  TinyGptTrajectoryTest() throws IOException {
    data = BlockData.read("low-rank", "tiny_gpt.json");
    Architecture architecture =
        Architecture.gpt(
                data.intValue("V"),
                data.intValue("T"),
                data.intValue("d"),
                data.intValue("heads"),
                data.intValue("layers"))
            .withBiases(false)
            .withHead(Head.UNTIED);
    batch =
        Batch.of(BlockData.ints(data.get("x")), data.intValue("batch"), data.intValue("T"))
            .withTargets(BlockData.ints(data.get("y")));
    model = Transformer.of(architecture, BlockData.tensors(data.object("params"), architecture));
  }

  @Test
  void allWeights() throws IOException {
    check(data.object("trajectories").numbers("full"), model, true);
  }

  @Test
  void lowRankUpdatesOnly() throws IOException {
    JsonObject lora = data.object("lora");
    Transformer adapted = model;
    for (String key : lora.object("A").members().keySet()) {
      String name = BlockData.name(key).replace(".weight", "");
      Tensor a = BlockData.tensor(lora.object("A").get(key));
      Tensor b = BlockData.tensor(lora.object("B").get(key));
      adapted =
          adapted.withOperator(
              name,
              Sum.of(
                  Frozen.of(Dense.of(model.parameters().get(name + ".weight"))),
                  LowRank.of(Tensor.zeros(DType.F64, b.shape()), a, lora.number("s"))));
    }
    check(data.object("trajectories").numbers("lora"), adapted, false);
  }

  private void check(double[] expected, Transformer trained, boolean everything) {
    Tensors before = trained.parameters().copy();
    Trainer trainer =
        new Trainer(
                trained.parameters(),
                StepObjective.fixed(trained.objective(batch)),
                new Adam(ParameterGroups.of(1e-2), Adam.Options.DEFAULT.withBetas(0.9, 0.95)),
                TrainingPlan.of(expected.length - 1))
            .freezing(name -> !everything && !name.endsWith(".left") && !name.endsWith(".right"));
    TrainingHistory history = trainer.run();
    for (int i = 0; i < history.steps(); i++) {
      assertEquals(expected[i], history.loss(i), TOLERANCE, "step " + i);
    }
    assertEquals(expected[expected.length - 1], trained.loss(batch), TOLERANCE, "after");
    if (!everything) {
      assertArrayEquals(
          before.get("head.weight").doubles(), trained.parameters().get("head.weight").doubles());
    }
  }
}
