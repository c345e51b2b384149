package org.quadrille.cli.reproduce.lora;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.text.Sampling;
import org.quadrille.transformer.text.TextGenerator;
import org.quadrille.transformer.text.TokenData;

/** How many different texts a model makes of one prompt at a low temperature. */
final class SampleDiversity {
  private static final int PROMPTS = 12;
  private static final int SAMPLES = 50;
  private static final int CHARACTERS = 12;

  /** At 0.8 nearly all samples differ, and nothing can be told apart. */
  private static final double TEMPERATURE = 0.3;

  private final int[][] prompts = new int[PROMPTS][];

  /**
   * Prompts from held-out text.
   *
   * @param length positions of the model
   */
  SampleDiversity(TokenData data, int length) {
    int prompt = length / 2;
    int[] held = data.validation();
    for (int i = 0; i < PROMPTS; i++) {
      int from = (int) ((long) i * (held.length - prompt) / PROMPTS);
      prompts[i] = Arrays.copyOfRange(held, from, from + prompt);
    }
  }

  /** Mean number of different texts among 50 of 12 characters. */
  double uniqueTexts(Transformer model) {
    int unique = 0;
    for (int i = 0; i < PROMPTS; i++) {
      Set<String> texts = new HashSet<>();
      for (int sample = 0; sample < SAMPLES; sample++) {
        Sampling sampling = Sampling.at(TEMPERATURE, 1000L * i + sample);
        texts.add(
            Arrays.toString(TextGenerator.generate(model, prompts[i], CHARACTERS, sampling, null)));
      }
      unique += texts.size();
    }
    return (double) unique / PROMPTS;
  }
}
