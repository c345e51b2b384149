package org.quadrille.cli.train;

import java.nio.file.Path;
import org.quadrille.linalg.DType;

/**
 * What a run trains.
 *
 * @param masked whether masked words are predicted rather than next tokens
 * @param text to learn
 * @param tokenizer what {@code --tokenizer} says; not used with a start
 * @param start a model to start from, or null
 * @param startDigest its SHA-256, or an empty string
 * @param model what a new model looks like
 * @param adapters low-rank adapters beside the weights of the start, or none
 * @param rates how weights move
 * @param batch windows of a step
 * @param inEpochs whether windows come in shuffled epochs
 * @param dropout rate
 * @param frozen regular expression of tensors that stay, or null
 * @param precision of the weights
 * @param seed of weights, windows, masks and dropout
 * @param evaluateEvery steps between evaluations
 * @param evaluationWindows windows of an evaluation
 * @param saveEvery steps between checkpoints
 * @param folder where files go
 */
public record TrainingSettings(
    boolean masked,
    TrainingText text,
    String tokenizer,
    Path start,
    String startDigest,
    ModelOptions model,
    AdapterOptions adapters,
    RateOptions rates,
    int batch,
    boolean inEpochs,
    double dropout,
    String frozen,
    DType precision,
    long seed,
    int evaluateEvery,
    int evaluationWindows,
    int saveEvery,
    Path folder) {

  /** Everything that the bits of the result depend on: a run resumes only with the same. */
  String fingerprint() {
    return String.join(
        "; ",
        masked ? "mlm" : "lm",
        text.sha256(),
        start == null ? tokenizer : startDigest,
        model.summary(),
        adapters.summary(),
        rates.summary(),
        batch + (inEpochs ? " epochs" : " windows"),
        "dropout " + dropout,
        "frozen " + frozen,
        precision.name(),
        "seed " + seed);
  }
}
