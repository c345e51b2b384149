package org.quadrille.growth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.quadrille.cli.train.TrainingText;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.Adam;
import org.quadrille.optim.ParameterGroups;
import org.quadrille.optim.Schedule;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.text.CharacterTokenizer;
import org.quadrille.transformer.text.TokenData;
import org.quadrille.transformer.text.Tokenizer;
import org.quadrille.transformer.train.TextTask;
import org.quadrille.transformer.train.Trainer;
import org.quadrille.transformer.train.TrainingPlan;

/** A trained model of one layer is grown in depth and width, on real text, in a second. */
class GrowthSmokeTest {
  private static final int WINDOWS = 128;

  @Test
  void learningBringsTheLargeModelBackToTheSource() throws IOException {
    String text = TrainingText.find("kjv").text();
    Tokenizer tokenizer = CharacterTokenizer.of(text);
    TokenData data = TokenData.split(tokenizer.encode(text));
    Architecture small = Architecture.gpt(tokenizer.size(), 32, 16, 2, 1);
    Architecture large = Architecture.gpt(tokenizer.size(), 32, 24, 3, 2);
    Transformer source = Transformer.random(small, DType.F32, 1);
    TextTask task = TextTask.nextToken(source, data, 8, 32, 1);
    TrainingPlan plan =
        TrainingPlan.of(300).withSchedule(Schedule.linear(20, 300, 0.1)).withClipping(1);
    new Trainer(source.parameters(), task, new Adam(ParameterGroups.of(6e-3)), plan).run();
    double before = task.evaluate(WINDOWS);

    GrowthOperator operator =
        LearnedStart.PUBLISHED.operator(GrowthPlan.of(small, large), DType.F32, 1);
    double start = loss(large, operator.apply(source.parameters()), data);
    TextTask batches = TextTask.nextToken(Transformer.random(large, DType.F32, 1), data, 8, 32, 2);
    LearnedGrowth learned =
        GrowthLearning.of(
                operator, source.parameters(), batches, LearningSettings.OURS.withSteps(60))
            .run();
    double after = loss(large, learned.grow(), data);
    assertTrue(after < start - 0.3, start + " to " + after);
    assertTrue(after < before + 0.1, after + " against " + before + " of the source");

    for (FixedGrowth exact :
        new FixedGrowth[] {
          LosslessGrowth.broken(small, large, DType.F32, 1),
          LosslessMixtures.of(small, large, DType.F32, 1)
        }) {
      assertEquals(before, loss(exact.large(), exact.apply(source.parameters()), data), 1e-4);
    }
  }

  private static double loss(Architecture architecture, Tensors weights, TokenData data) {
    return TextTask.nextToken(Transformer.of(architecture, weights), data, 8, 32, 1)
        .evaluate(WINDOWS);
  }
}
