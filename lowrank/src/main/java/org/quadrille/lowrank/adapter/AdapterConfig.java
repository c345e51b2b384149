package org.quadrille.lowrank.adapter;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What adapters look like and how they start. Every published variant is a choice of these options;
 * rates, preconditioners and schedules of rank belong to the optimizer.
 *
 * {@snippet :
 * AdapterConfig lora = AdapterConfig.rank(16);                       // alpha 32, all linear maps
 * AdapterConfig dora = lora.withMagnitude(Magnitude.DETACHED);
 * AdapterConfig pissa = lora.withStart(AdapterStart.principal());
 * AdapterConfig vera = AdapterConfig.rank(256).withForm(AdapterForm.VECTORS);
 * }
 *
 * @param rank r, 0 or more; 0 adds nothing
 * @param alpha numerator of the scale
 * @param scaleRule how the scale follows from alpha and rank
 * @param ranks ranks of maps whose names match a regular expression, instead of {@code rank}
 * @param alphas alphas of such maps, instead of {@code alpha}
 * @param targets which maps get an adapter
 * @param dropout rate on what goes into adapters in training, 0 to below 1
 * @param start first values of the factors
 * @param trained which factors are learned
 * @param form what an update is made of
 * @param magnitude whether row norms are parameters of their own
 * @param biases which biases are learned
 * @param seed of random first values; each map draws its own
 */
public record AdapterConfig(
    int rank,
    double alpha,
    ScaleRule scaleRule,
    Map<String, Integer> ranks,
    Map<String, Double> alphas,
    Targets targets,
    double dropout,
    AdapterStart start,
    TrainedParts trained,
    AdapterForm form,
    Magnitude magnitude,
    TrainedBiases biases,
    long seed) {

  /** Checks the numbers. */
  public AdapterConfig {
    requireRank(rank);
    requireAlpha(alpha);
    ranks.values().forEach(AdapterConfig::requireRank);
    alphas.values().forEach(AdapterConfig::requireAlpha);
    ranks.keySet().forEach(Targets::matching);
    alphas.keySet().forEach(Targets::matching);
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException(
          "dropout: given " + dropout + ", expected a number from 0 to below 1");
    }
    if (form == AdapterForm.VECTORS && trained != TrainedParts.BOTH) {
      throw new IllegalArgumentException(
          "trained parts "
              + trained
              + " with form VECTORS, whose factors are always fixed;"
              + " expected BOTH");
    }
    ranks = Map.copyOf(new LinkedHashMap<>(ranks));
    alphas = Map.copyOf(new LinkedHashMap<>(alphas));
  }

  /**
   * LoRA of that rank with alpha = 2 r on all linear maps, without dropout; A is drawn from U(-1 /
   * sqrt(in), 1 / sqrt(in)), B = 0.
   */
  public static AdapterConfig rank(int rank) {
    return new AdapterConfig(
        rank,
        2.0 * rank,
        ScaleRule.ALPHA_OVER_RANK,
        Map.of(),
        Map.of(),
        Targets.ALL_LINEAR,
        0,
        AdapterStart.kaimingUniform(),
        TrainedParts.BOTH,
        AdapterForm.FACTORS,
        Magnitude.NONE,
        TrainedBiases.NONE,
        0);
  }

  /** The rank at a map. */
  public int rankOf(String name) {
    return override(ranks, name, rank);
  }

  /** The scale at a map. */
  public double scaleOf(String name) {
    return scaleRule.scale(override(alphas, name, alpha), rankOf(name));
  }

  private static <T> T override(Map<String, T> overrides, String name, T otherwise) {
    for (Map.Entry<String, T> entry : overrides.entrySet()) {
      if (Targets.matching(entry.getKey()).matches(name)) {
        return entry.getValue();
      }
    }
    return otherwise;
  }

  /** The same with another alpha and rule. */
  public AdapterConfig withScale(ScaleRule newRule, double newAlpha) {
    return new AdapterConfig(
        rank, newAlpha, newRule, ranks, alphas, targets, dropout, start, trained, form, magnitude,
        biases, seed);
  }

  /** The same with other ranks and alphas where names match. */
  public AdapterConfig withOverrides(Map<String, Integer> newRanks, Map<String, Double> newAlphas) {
    return new AdapterConfig(
        rank, alpha, scaleRule, newRanks, newAlphas, targets, dropout, start, trained, form,
        magnitude, biases, seed);
  }

  /** The same on other maps. */
  public AdapterConfig withTargets(Targets newTargets) {
    return new AdapterConfig(
        rank,
        alpha,
        scaleRule,
        ranks,
        alphas,
        newTargets,
        dropout,
        start,
        trained,
        form,
        magnitude,
        biases,
        seed);
  }

  /** The same with dropout on what goes into adapters. */
  public AdapterConfig withDropout(double newDropout) {
    return new AdapterConfig(
        rank,
        alpha,
        scaleRule,
        ranks,
        alphas,
        targets,
        newDropout,
        start,
        trained,
        form,
        magnitude,
        biases,
        seed);
  }

  /** The same with other first values. */
  public AdapterConfig withStart(AdapterStart newStart) {
    return new AdapterConfig(
        rank, alpha, scaleRule, ranks, alphas, targets, dropout, newStart, trained, form, magnitude,
        biases, seed);
  }

  /** The same with other factors learned. */
  public AdapterConfig withTrained(TrainedParts newTrained) {
    return new AdapterConfig(
        rank,
        alpha,
        scaleRule,
        ranks,
        alphas,
        targets,
        dropout,
        start,
        newTrained,
        form,
        magnitude,
        biases,
        seed);
  }

  /** The same in another form. */
  public AdapterConfig withForm(AdapterForm newForm) {
    return new AdapterConfig(
        rank, alpha, scaleRule, ranks, alphas, targets, dropout, start, trained, newForm, magnitude,
        biases, seed);
  }

  /** The same with or without norms of their own. */
  public AdapterConfig withMagnitude(Magnitude newMagnitude) {
    return new AdapterConfig(
        rank,
        alpha,
        scaleRule,
        ranks,
        alphas,
        targets,
        dropout,
        start,
        trained,
        form,
        newMagnitude,
        biases,
        seed);
  }

  /** The same with other biases learned. */
  public AdapterConfig withBiases(TrainedBiases newBiases) {
    return new AdapterConfig(
        rank, alpha, scaleRule, ranks, alphas, targets, dropout, start, trained, form, magnitude,
        newBiases, seed);
  }

  /** The same with another seed. */
  public AdapterConfig withSeed(long newSeed) {
    return new AdapterConfig(
        rank, alpha, scaleRule, ranks, alphas, targets, dropout, start, trained, form, magnitude,
        biases, newSeed);
  }

  private static void requireRank(int rank) {
    if (rank < 0) {
      throw new IllegalArgumentException("rank: given " + rank + ", expected 0 or more");
    }
  }

  private static void requireAlpha(double alpha) {
    if (!Double.isFinite(alpha)) {
      throw new IllegalArgumentException("alpha: given " + alpha + ", expected a finite number");
    }
  }
}
