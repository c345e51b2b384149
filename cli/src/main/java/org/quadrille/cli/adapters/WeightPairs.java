package org.quadrille.cli.adapters;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.formats.Checkpoint;
import org.quadrille.linalg.Tensor;

/** Two models with the same weights, one trained from the other. */
public final class WeightPairs implements AutoCloseable {
  private final Checkpoint base;
  private final Checkpoint tuned;
  private final List<String> names;
  private final List<String> unmatched;

  private WeightPairs(
      Checkpoint base, Checkpoint tuned, List<String> names, List<String> unmatched) {
    this.base = base;
    this.tuned = tuned;
    this.names = names;
    this.unmatched = unmatched;
  }

  /**
   * Opens two models and pairs their linear weights by name.
   *
   * @param match regular expression that a part of the name must match; null for all
   * @throws CommandFailure if no weight is in both with one shape
   */
  public static WeightPairs open(Path basePath, Path tunedPath, String match) throws IOException {
    Checkpoint base = Checkpoint.open(basePath);
    Checkpoint tuned = null;
    try {
      tuned = Checkpoint.open(tunedPath);
      return pair(base, tuned, match);
    } catch (IOException | RuntimeException e) {
      base.close();
      if (tuned != null) {
        tuned.close();
      }
      throw e;
    }
  }

  private static WeightPairs pair(Checkpoint base, Checkpoint tuned, String match) {
    Pattern pattern = pattern(match);
    List<String> names = new ArrayList<>();
    List<String> unmatched = new ArrayList<>();
    List<String> there = tuned.names();
    for (String name : base.matrixNames()) {
      if (pattern.matcher(name).find()) {
        boolean same =
            there.contains(name)
                && Arrays.equals(base.info(name).shape(), tuned.info(name).shape());
        (same ? names : unmatched).add(name);
      }
    }
    if (names.isEmpty()) {
      throw new CommandFailure(
          "no linear weight of "
              + base.path()
              + (match == null ? "" : " that matches \"" + match + "\"")
              + " is in "
              + tuned.path()
              + " with the same shape; expected two models of one architecture");
    }
    return new WeightPairs(base, tuned, names, unmatched);
  }

  private static Pattern pattern(String match) {
    try {
      return Pattern.compile(match == null ? "" : match);
    } catch (PatternSyntaxException e) {
      throw new CommandFailure("\"" + match + "\" is no regular expression: " + e.getMessage());
    }
  }

  /** Names of the weights in both, in the order of the base. */
  public List<String> names() {
    return names;
  }

  /** Weights of the base that the other model lacks or has in another shape. */
  public List<String> unmatched() {
    return unmatched;
  }

  /** A weight of the base. */
  public Tensor base(String name) throws IOException {
    return base.read(name);
  }

  /** A weight of the tuned model, in the precision of that of the base. */
  public Tensor tuned(String name) throws IOException {
    return tuned.read(name).to(base(name).dtype());
  }

  /** The tuned model. */
  public Checkpoint tunedModel() {
    return tuned;
  }

  @Override
  public void close() {
    base.close();
    tuned.close();
  }
}
