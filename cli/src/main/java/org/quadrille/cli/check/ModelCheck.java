package org.quadrille.cli.check;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Progress;
import org.quadrille.formats.Checkpoint;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.QuantizedCheckpoint;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.models.MaskedWords;
import org.quadrille.transformer.models.WeightSource;

/**
 * Runs a model before and after compression on chapter 1 of Moby Dick: sentence encoders on its
 * first 64 sentences of 20 to 200 characters, BERT on 20 windows of 62 tokens in each of which
 * every seventh token, from the fourth, is hidden.
 */
public final class ModelCheck {
  private static final int SENTENCES = 64;
  private static final int WINDOWS = 20;
  private static final int WINDOW = 62;
  private static final int PERIOD = 7;
  private static final int OFFSET = 3;

  private final RunnableModel model;
  private final ShippedText text;
  private final int windows;
  private MaskedWords.Score wordsBefore;
  private Tensor vectorsBefore;

  private ModelCheck(RunnableModel model, ShippedText text, int windows) {
    this.model = model;
    this.text = text;
    this.windows = windows;
  }

  /**
   * A check, not started.
   *
   * @param name what the user called the model
   * @param path its file or folder
   * @param tokenizer {@code tokenizer.json} or {@code vocab.txt}; null if there is none
   * @throws CommandFailure saying why the model cannot be run
   */
  public static ModelCheck of(String name, Path path, Path tokenizer) throws IOException {
    return new ModelCheck(RunnableModel.of(name, path, tokenizer), ShippedText.EVALUATION, WINDOWS);
  }

  /** The same on another text, and on another number of windows of hidden words. */
  public ModelCheck on(ShippedText newText, int newWindows) {
    return new ModelCheck(model, newText, newWindows);
  }

  /**
   * Compares the model with what became of it.
   *
   * @param compressed the file that compression wrote
   */
  public CheckOutcome run(Path compressed, Console console) throws IOException {
    try (Progress progress = console.progress("running the model", 0, "");
        QuantizedCheckpoint file = QuantizedCheckpoint.open(compressed)) {
      progress.detail("before and after");
      return against(new CompressedWeights(file));
    }
  }

  /**
   * Compares the model with itself with other values of some weights.
   *
   * @param replacements by the name in the file, [out, in]
   */
  public CheckOutcome run(Map<String, Tensor> replacements) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(model.path())) {
      WeightSource original = WeightSource.of(checkpoint);
      return against(
          new WeightSource() {
            @Override
            public List<String> names() {
              return original.names();
            }

            @Override
            public int[] shape(String name) {
              return original.shape(name);
            }

            @Override
            public Tensor read(String name) throws IOException {
              Tensor replacement = replacements.get(name);
              return replacement == null ? original.read(name) : replacement;
            }
          });
    }
  }

  private CheckOutcome against(WeightSource weights) throws IOException {
    if (wordsBefore == null && vectorsBefore == null) {
      Transformer original = model.read().transformer();
      if (RunnableModel.predictsWords(original)) {
        wordsBefore = score(original);
      } else {
        vectorsBefore = vectors(original);
      }
    }
    Transformer changed = model.read(weights).transformer();
    return wordsBefore != null
        ? new CheckOutcome.Words(wordsBefore, score(changed))
        : CheckOutcome.Sentences.between(vectorsBefore, vectors(changed));
  }

  private Tensor vectors(Transformer transformer) {
    return model.encoder(transformer).encode(RunnableModel.sentences(text, SENTENCES));
  }

  private MaskedWords.Score score(Transformer transformer) {
    MaskedWords words = model.words(transformer);
    return words.score(words.hide(text.read(), windows, WINDOW, PERIOD, OFFSET));
  }
}
