package org.quadrille.cli.check;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Progress;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.Objective;
import org.quadrille.quant.Fisher;
import org.quadrille.quant.FisherAccumulator;
import org.quadrille.transformer.Batch;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.models.MaskedWindows;
import org.quadrille.transformer.models.MaskedWords;
import org.quadrille.transformer.models.PretrainedModel;
import org.quadrille.transformer.models.SentenceEncoder;

/**
 * How much each weight matters, from texts without labels: mean squares of gradients, one sample at
 * a time (LQ-LoRA, section 3.4).
 *
 * <p>For a sentence encoder f the sample is a sentence and the function {@code v . f} with a random
 * direction {@code v ~ N(0, I)}: the mean over v is the diagonal of the Gauss-Newton matrix of the
 * sentence vector. For BERT the sample is a window with hidden words and the function their cross
 * entropy, as in the paper.
 */
public final class FisherEstimate {
  private static final int WINDOW = 62;
  private static final int PERIOD = 7;
  private static final int OFFSET = 3;

  private final RunnableModel model;
  private final int samples;
  private final long seed;

  private FisherEstimate(RunnableModel model, int samples, long seed) {
    this.model = model;
    this.samples = samples;
    this.seed = seed;
  }

  /**
   * An estimate, not started.
   *
   * @param name what the user called the model
   * @param path its file or folder
   * @param tokenizer {@code tokenizer.json} or {@code vocab.txt}; null if there is none
   * @param samples sentences or windows, at least 1
   * @param seed of the directions
   * @throws CommandFailure saying why the model cannot be run
   */
  public static FisherEstimate of(String name, Path path, Path tokenizer, int samples, long seed)
      throws IOException {
    return new FisherEstimate(RunnableModel.of(name, path, tokenizer), samples, seed);
  }

  /** What decides the result beside the weights of the model, as one line. */
  public String fingerprint() {
    return "samples="
        + samples
        + " seed="
        + seed
        + " pooling="
        + model.pooling()
        + " text="
        + new org.quadrille.cli.console.Digest().add(ShippedText.ESTIMATION.read()).hex();
  }

  /**
   * Fisher matrices by the names of the weights in the file; 8 bytes a weight while they are
   * summed.
   *
   * @param weights the names of the wanted ones
   * @throws CommandFailure if one of them is not a weight of the forward pass
   */
  public Map<String, Fisher> run(Collection<String> weights, Console console) throws IOException {
    PretrainedModel pretrained = model.read();
    Map<String, String> canonical = canonicalNames(pretrained, weights);
    Tensors gradients = Tensors.empty();
    Map<String, FisherAccumulator> sums = new LinkedHashMap<>();
    for (String weight : weights) {
      Tensor parameter = pretrained.parameters().get(canonical.get(weight));
      gradients.put(canonical.get(weight), Tensor.zeros(parameter.dtype(), parameter.shape()));
      sums.put(weight, new FisherAccumulator(parameter.size(0), parameter.size(1)));
    }
    Transformer transformer = pretrained.transformer();
    List<Objective> objectives = objectives(transformer);
    String what = RunnableModel.predictsWords(transformer) ? "windows" : "sentences";
    try (Progress progress = console.progress("estimating importances", objectives.size(), what)) {
      for (Objective objective : objectives) {
        objective.lossAndGradient(transformer.parameters(), gradients);
        sums.forEach((name, sum) -> sum.add(gradients.get(canonical.get(name))));
        progress.advance(1);
      }
    }
    Map<String, Fisher> fisher = new LinkedHashMap<>();
    sums.forEach((name, sum) -> fisher.put(name, sum.mean()));
    return fisher;
  }

  private Map<String, String> canonicalNames(
      PretrainedModel pretrained, Collection<String> weights) {
    Map<String, String> canonical = new LinkedHashMap<>();
    for (String name : pretrained.parameters().names()) {
      canonical.put(pretrained.names().fileName(name), name);
    }
    List<String> unknown = weights.stream().filter(w -> !canonical.containsKey(w)).toList();
    if (!unknown.isEmpty()) {
      throw new CommandFailure(
          model.path()
              + ": the forward pass does not use "
              + String.join(", ", unknown)
              + "; leave it out with --exclude");
    }
    return canonical;
  }

  private List<Objective> objectives(Transformer transformer) {
    return RunnableModel.predictsWords(transformer) ? windows(transformer) : sentences(transformer);
  }

  private List<Objective> windows(Transformer transformer) {
    MaskedWords words = model.words(transformer);
    String text = ShippedText.ESTIMATION.read();
    int most = model.tokenizer().encode(text).length / WINDOW;
    MaskedWindows windows = words.hide(text, Math.min(samples, most), WINDOW, PERIOD, OFFSET);
    List<Objective> objectives = new ArrayList<>();
    for (int i = 0; i < windows.count(); i++) {
      objectives.add(transformer.objective(windows.slice(i, i + 1).batch()));
    }
    return objectives;
  }

  private List<Objective> sentences(Transformer transformer) {
    SentenceEncoder encoder = model.encoder(transformer);
    List<Objective> objectives = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(seed);
    for (String sentence : RunnableModel.sentences(ShippedText.ESTIMATION, samples)) {
      int[] tokens = encoder.tokens(sentence);
      double[] direction = direction(random, transformer.architecture().width());
      objectives.add(
          transformer.objective(
              Batch.of(tokens, 1, tokens.length),
              (hidden, gradient) -> encoder.project(hidden, direction, gradient)));
    }
    return objectives;
  }

  private static double[] direction(RandomGenerator random, int width) {
    double[] direction = new double[width];
    for (int i = 0; i < width; i++) {
      direction[i] = random.nextGaussian();
    }
    return direction;
  }
}
