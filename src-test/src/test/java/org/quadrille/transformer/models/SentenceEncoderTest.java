package org.quadrille.transformer.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.Objective;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Batch;
import org.quadrille.transformer.Head;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.text.WordPiece;

/** Sentence vectors of a small random model, in double precision. */
class SentenceEncoderTest {
  private static final WordPiece TOKENIZER =
      WordPiece.of(
          List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "d", "e", "##a"),
          true);

  private static Transformer model() {
    Architecture architecture =
        Architecture.bert(TOKENIZER.size(), 40, 12, 3, 2).withHead(Head.NONE);
    Transformer model = Transformer.random(architecture, DType.F64, 3);
    Random random = new Random(1);
    // Weights of the size of trained ones, so that tokens matter.
    model
        .parameters()
        .forEach(
            (name, tensor) -> {
              for (int i = 0; i < tensor.length(); i++) {
                tensor.doubles()[i] += 0.3 * random.nextGaussian();
              }
            });
    return model;
  }

  private static List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    Random random = new Random(2);
    for (int i = 0; i < 60; i++) {
      StringBuilder text = new StringBuilder("a");
      for (int j = random.nextInt(30); j > 0; j--) {
        text.append(' ').append((char) ('a' + random.nextInt(5)));
      }
      sentences.add(text.toString());
    }
    return sentences;
  }

  @Test
  void paddedBatchesGiveWhatSingleSentencesGive() {
    for (Pooling pooling : Pooling.values()) {
      SentenceEncoder encoder = SentenceEncoder.of(model(), TOKENIZER, pooling);
      List<String> sentences = sentences();
      Tensor together = encoder.encode(sentences);
      assertArrayEquals(new int[] {60, 12}, together.shape());
      for (int i = 0; i < sentences.size(); i++) {
        double[] alone = encoder.encode(List.of(sentences.get(i))).toDoubles();
        assertArrayEquals(alone, together.row(i).toDoubles(), 1e-13);
        assertEquals(1, SentenceEncoder.cosine(together, i, i), 1e-14);
      }
    }
  }

  @Test
  void vectorsAreMeansOfHiddenStates() {
    Transformer model = model();
    int[] tokens = TOKENIZER.sequence("a b c");
    Tensor hidden = model.hidden(Batch.of(tokens, 1, tokens.length));
    double[] mean = new double[12];
    double norm = 0;
    for (int j = 0; j < 12; j++) {
      for (int i = 0; i < tokens.length; i++) {
        mean[j] += hidden.get(i, j) / tokens.length;
      }
      norm += mean[j] * mean[j];
    }
    Tensor vector = SentenceEncoder.of(model, TOKENIZER, Pooling.MEAN).encode(List.of("a b c"));
    Tensor first = SentenceEncoder.of(model, TOKENIZER, Pooling.FIRST).encode(List.of("a b c"));
    double scale = hidden.get(0, 0) / first.get(0, 0);
    for (int j = 0; j < 12; j++) {
      assertEquals(mean[j] / Math.sqrt(norm), vector.get(0, j), 1e-14);
      assertEquals(hidden.get(0, j), scale * first.get(0, j), 1e-12);
    }
  }

  @Test
  void longSentencesAreCutBeforeTheSeparator() {
    SentenceEncoder encoder = SentenceEncoder.of(model(), TOKENIZER, Pooling.MEAN).withLongest(5);
    assertArrayEquals(new int[] {2, 5, 6, 7, 3}, encoder.tokens("a b c d e"));
    assertArrayEquals(new int[] {2, 5, 3}, encoder.tokens("a"));
    assertThrows(IllegalArgumentException.class, () -> encoder.withLongest(41));
    assertThrows(IllegalArgumentException.class, () -> encoder.encode(List.of()));
  }

  @Test
  void gradientOfAProjectionIsThatOfDifferences() {
    Transformer model = model();
    SentenceEncoder encoder = SentenceEncoder.of(model, TOKENIZER, Pooling.MEAN);
    double[] direction = new Random(5).doubles(12, -1, 1).toArray();
    int[] tokens = encoder.tokens("a b c d");
    Batch batch = Batch.of(tokens, 1, tokens.length);
    Objective objective =
        model.objective(
            batch,
            (hidden, gradient) ->
                encoder.project(
                    hidden,
                    direction,
                    gradient == null ? Tensor.zeros(DType.F64, hidden.shape()) : gradient));
    Tensors gradients = model.parameters().zerosLike();
    objective.lossAndGradient(model.parameters(), gradients);
    for (String name :
        List.of("layers.0.attention.query.weight", "layers.1.feedforward.down.weight")) {
      Tensor weight = model.parameters().get(name);
      for (int i = 0; i < weight.length(); i += 13) {
        double h = 1e-5;
        double start = weight.doubles()[i];
        weight.doubles()[i] = start + h;
        double above = objective.loss(model.parameters());
        weight.doubles()[i] = start - h;
        double below = objective.loss(model.parameters());
        weight.doubles()[i] = start;
        assertEquals((above - below) / (2 * h), gradients.get(name).doubles()[i], 1e-8, name);
      }
    }
    Tensor vector = encoder.encode(List.of("a b c d")).row(0);
    double product = 0;
    for (int j = 0; j < 12; j++) {
      product += direction[j] * vector.get(j);
    }
    assertEquals(product, objective.loss(model.parameters()), 1e-14);
  }

  @Test
  void refusesATokenizerThatIsLargerThanTheModel() {
    Architecture small = Architecture.bert(5, 8, 12, 3, 1).withHead(Head.NONE);
    Transformer model = Transformer.random(small, DType.F32, 1);
    assertThrows(
        IllegalArgumentException.class, () -> SentenceEncoder.of(model, TOKENIZER, Pooling.MEAN));
  }
}
