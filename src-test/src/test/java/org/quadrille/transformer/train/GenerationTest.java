package org.quadrille.transformer.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.transformer.Batch;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.text.Sampling;
import org.quadrille.transformer.text.TextGenerator;

/** Sampling follows the distribution; the cache changes no choice. */
class GenerationTest {

  @Test
  void greedyTextIsThatWithoutACache() throws IOException {
    Transformer model = TinyRun.gpt(DType.F64);
    // Far from the small start values, so that choices differ.
    model.parameters().forEach((name, t) -> org.quadrille.linalg.Arithmetic.scale(8, t));
    int[] prompt = TinyRun.tokenizer().encode("in the ");
    List<Integer> told = new ArrayList<>();
    int[] made = TextGenerator.generate(model, prompt, 17, Sampling.GREEDY, told::add);
    assertArrayEquals(told.stream().mapToInt(Integer::intValue).toArray(), made);
    int[] text = prompt;
    for (int token : made) {
      Tensor logits = model.logits(Batch.of(text, 1, text.length));
      assertEquals(Sampling.GREEDY.choose(logits.row(text.length - 1), 0), token);
      text = Arrays.copyOf(text, text.length + 1);
      text[text.length - 1] = token;
    }
  }

  @Test
  void textOutgrowsThePositions() throws IOException {
    Transformer model = TinyRun.gpt(DType.F32);
    int[] prompt = new int[40];
    int[] made = TextGenerator.generate(model, prompt, 70, Sampling.at(1, 5), null);
    assertEquals(70, made.length);
    assertArrayEquals(made, TextGenerator.generate(model, prompt, 70, Sampling.at(1, 5), null));
    assertFalse(
        Arrays.equals(made, TextGenerator.generate(model, prompt, 70, Sampling.at(1, 6), null)));
    assertThrows(
        IllegalArgumentException.class,
        () -> TextGenerator.generate(model, new int[0], 1, Sampling.GREEDY, null));
  }

  @Test
  void drawsFollowTheDistribution() {
    double[] p = {0.4, 0.3, 0.2, 0.06, 0.04};
    Tensor logits = Tensor.of(Arrays.stream(p).map(Math::log).toArray(), 5);
    check(logits, Sampling.at(1, 1), p);
    check(logits, new Sampling(1, 2, 1, 2), new double[] {4 / 7.0, 3 / 7.0, 0, 0, 0});
    check(logits, new Sampling(1, 0, 0.75, 3), new double[] {4 / 9.0, 3 / 9.0, 2 / 9.0, 0, 0});
    // Temperature 1/2 squares the probabilities.
    double[] squares = {0.16, 0.09, 0.04, 0.0036, 0.0016};
    double sum = Arrays.stream(squares).sum();
    check(logits, Sampling.at(0.5, 4), Arrays.stream(squares).map(x -> x / sum).toArray());
  }

  private static void check(Tensor logits, Sampling sampling, double[] p) {
    int n = 20_000;
    int[] counts = new int[p.length];
    for (int i = 0; i < n; i++) {
      counts[sampling.choose(logits, i)]++;
    }
    for (int i = 0; i < p.length; i++) {
      // Four standard deviations.
      assertEquals(p[i], (double) counts[i] / n, 4 * Math.sqrt(p[i] * (1 - p[i]) / n) + 1e-12);
    }
  }

  @Test
  void narrowChoicesAreGreedy() {
    Tensor logits = Tensor.of(new float[] {1, 3, 3, Float.NEGATIVE_INFINITY}, 4);
    assertEquals(1, Sampling.GREEDY.choose(logits, 0));
    for (int i = 0; i < 50; i++) {
      assertEquals(1, new Sampling(1, 1, 1, 9).choose(logits, i));
      assertEquals(1, new Sampling(5, 0, 1e-9, 9).choose(logits, i));
      assertTrue(Sampling.at(1, 9).choose(logits, i) < 3);
    }
  }

  @Test
  void refusesNonsense() {
    assertThrows(IllegalArgumentException.class, () -> Sampling.at(-1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Sampling(1, -1, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Sampling(1, 0, 0, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> Sampling.GREEDY.choose(Tensor.of(new float[] {0, Float.NaN}, 2), 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> Sampling.GREEDY.choose(Tensor.zeros(DType.F32, 0), 0));
  }
}
