package org.quadrille.cli.train;

import org.quadrille.lowrank.adapter.AdapterConfig;
import org.quadrille.lowrank.adapter.AdapterForm;
import org.quadrille.lowrank.adapter.AdapterStart;
import org.quadrille.lowrank.adapter.Magnitude;
import org.quadrille.lowrank.adapter.ScaleRule;
import org.quadrille.lowrank.adapter.Targets;
import picocli.CommandLine.Option;

/** The options that train low-rank adapters beside frozen weights instead of the weights. */
public final class AdapterOptions {
  /** Variants. */
  enum Kind {
    lora,
    rslora,
    dora,
    pissa,
    olora,
    milora,
    vera
  }

  @Option(
      names = "--adapter",
      paramLabel = "KIND",
      description =
          "Leave the weights of --model alone and train low-rank adapters beside them:"
              + " ${COMPLETION-CANDIDATES}. The model that is written has them merged.")
  private Kind kind;

  @Option(
      names = "--rank",
      paramLabel = "R",
      defaultValue = "8",
      description = "Rank of adapters (default: ${DEFAULT-VALUE}).")
  private int rank;

  @Option(
      names = "--alpha",
      paramLabel = "A",
      description =
          "Adapters are scaled by A / rank (rslora: by A / sqrt(rank); vera: by A)"
              + " (default: 2 R; vera: 1).")
  private Double alpha;

  @Option(
      names = "--targets",
      paramLabel = "MAPS",
      defaultValue = "all",
      description =
          "Which linear maps get an adapter: all, attention, feedforward, query-value, or a regular"
              + " expression (default: ${DEFAULT-VALUE}).")
  private String targets;

  @Option(
      names = "--adapter-dropout",
      paramLabel = "P",
      defaultValue = "0",
      description = "Dropout of what goes into adapters (default: ${DEFAULT-VALUE}).")
  private double dropout;

  @Option(
      names = "--left-ratio",
      paramLabel = "L",
      defaultValue = "1",
      description =
          "Left factors, which start at 0, learn so many times as fast; 16 is LoRA+ (default: 1).")
  private double leftRatio;

  /** Whether adapters are trained at all. */
  public boolean wanted() {
    return kind != null;
  }

  /** Rate of left factors over that of everything else. */
  double leftRatio() {
    return leftRatio;
  }

  /** A word for each choice, for the settings that a checkpoint remembers. */
  String summary() {
    return wanted()
        ? kind + " " + rank + " " + alpha + " " + targets + " " + dropout + " " + leftRatio
        : "no adapters";
  }

  /**
   * What the adapters look like.
   *
   * @param seed of their first values
   */
  AdapterConfig config(long seed) {
    double scaled = alpha != null ? alpha : kind == Kind.vera ? 1 : 2.0 * rank;
    AdapterConfig lora =
        AdapterConfig.rank(rank)
            .withScale(ScaleRule.ALPHA_OVER_RANK, scaled)
            .withTargets(chosenTargets())
            .withDropout(dropout)
            .withSeed(seed);
    return switch (kind) {
      case lora -> lora;
      case rslora -> lora.withScale(ScaleRule.ALPHA_OVER_ROOT_RANK, scaled);
      case dora -> lora.withMagnitude(Magnitude.DETACHED);
      case pissa -> lora.withStart(AdapterStart.principal());
      case olora -> lora.withStart(AdapterStart.orthonormal());
      case milora -> lora.withStart(AdapterStart.minor());
      case vera -> lora.withScale(ScaleRule.FIXED, scaled).withForm(AdapterForm.VECTORS);
    };
  }

  private Targets chosenTargets() {
    return switch (targets) {
      case "all" -> Targets.ALL_LINEAR;
      case "attention" -> Targets.ATTENTION;
      case "feedforward" -> Targets.FEEDFORWARD;
      case "query-value" -> Targets.QUERY_VALUE;
      default -> Targets.matching(targets);
    };
  }
}
