package org.quadrille.cli.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.cli.BertFixture;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Console;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.quant.Fisher;
import org.quadrille.transformer.Head;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.models.MaskedWindows;
import org.quadrille.transformer.models.MaskedWords;
import org.quadrille.transformer.models.Pooling;
import org.quadrille.transformer.models.PretrainedModel;
import org.quadrille.transformer.models.SentenceEncoder;
import org.quadrille.transformer.text.WordPiece;

/** Estimated importances against squares of central differences in double precision. */
class FisherEstimateTest {
  private static final String WEIGHT = "encoder.layer.1.intermediate.dense.weight";
  private static final String CANONICAL = "layers.1.feedforward.up.weight";
  @TempDir private Path folder;

  private Fisher estimate(Path model, int samples) throws IOException {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    Map<String, Fisher> fisher =
        FisherEstimate.of("model", model, folder.resolve("vocab.txt"), samples, 7)
            .run(List.of(WEIGHT), new Console(nowhere, nowhere, false, 0));
    assertEquals(List.of(WEIGHT), List.copyOf(fisher.keySet()));
    return fisher.get(WEIGHT);
  }

  private static Transformer inDouble(Path model) throws IOException {
    PretrainedModel read = PretrainedModel.read(model);
    Tensors weights = Tensors.empty();
    read.parameters().forEach((name, tensor) -> weights.put(name, tensor.to(DType.F64)));
    return Transformer.of(read.architecture(), weights);
  }

  private WordPiece tokenizer() throws IOException {
    return WordPiece.fromVocabulary(folder.resolve("vocab.txt"), true);
  }

  /** Checks some elements against the mean square of the derivatives of the functions. */
  private static void assertSquares(
      Fisher fisher, Transformer model, List<ToDoubleFunction<Transformer>> functions) {
    Tensor weight = model.parameters().get(CANONICAL);
    double h = 1e-4;
    for (int i = 0; i < weight.size(0); i += 41) {
      int j = (7 * i) % weight.size(1);
      double start = weight.get(i, j);
      double squares = 0;
      for (ToDoubleFunction<Transformer> function : functions) {
        weight.set(start + h, i, j);
        double above = function.applyAsDouble(model);
        weight.set(start - h, i, j);
        double below = function.applyAsDouble(model);
        weight.set(start, i, j);
        double slope = (above - below) / (2 * h);
        squares += slope * slope / functions.size();
      }
      assertEquals(squares, fisher.get(i, j), 1e-3 * squares + 1e-4 * fisher.mean());
    }
  }

  @Test
  void windowsOfHiddenWordsGiveSquaresOfTheirLosses() throws IOException {
    Path file = BertFixture.write(folder, Head.MASKED_WORDS);
    Transformer model = inDouble(file);
    MaskedWindows windows =
        MaskedWords.of(model, tokenizer()).hide(ShippedText.ESTIMATION.read(), 2, 62, 7, 3);
    assertSquares(
        estimate(file, 2),
        model,
        List.of(
            m -> m.loss(windows.slice(0, 1).batch()), m -> m.loss(windows.slice(1, 2).batch())));
  }

  @Test
  void sentencesGiveSquaresOfProjections() throws IOException {
    Path file = BertFixture.write(folder, Head.NONE);
    Transformer model = inDouble(file);
    SentenceEncoder encoder = SentenceEncoder.of(model, tokenizer(), Pooling.MEAN).withLongest(128);
    List<String> sentences = ShippedText.ESTIMATION.sentences().subList(0, 2);
    SplittableRandom random = new SplittableRandom(7);
    double[][] directions = new double[2][32];
    for (double[] direction : directions) {
      for (int i = 0; i < direction.length; i++) {
        direction[i] = random.nextGaussian();
      }
    }
    assertSquares(
        estimate(file, 2),
        model,
        List.of(
            m -> product(directions[0], encoder.encode(sentences.subList(0, 1))),
            m -> product(directions[1], encoder.encode(sentences.subList(1, 2)))));
  }

  private static double product(double[] direction, Tensor vectors) {
    double sum = 0;
    for (int j = 0; j < direction.length; j++) {
      sum += direction[j] * vectors.get(0, j);
    }
    return sum;
  }

  @Test
  void weightsOutsideOfTheForwardPassAreRefused() throws IOException {
    Path file = BertFixture.write(folder, Head.NONE);
    FisherEstimate estimate = FisherEstimate.of("model", file, folder.resolve("vocab.txt"), 1, 7);
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    CommandFailure e =
        assertThrows(
            CommandFailure.class,
            () ->
                estimate.run(
                    List.of("pooler.dense.weight"), new Console(nowhere, nowhere, false, 0)));
    assertTrue(e.getMessage().contains("pooler.dense.weight"), e.getMessage());
    assertThrows(CommandFailure.class, () -> FisherEstimate.of("model", file, null, 1, 7));
  }
}
