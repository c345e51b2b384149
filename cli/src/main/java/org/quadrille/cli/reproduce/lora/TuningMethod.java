package org.quadrille.cli.reproduce.lora;

import java.util.Locale;
import org.quadrille.lowrank.adapter.AdapterConfig;
import org.quadrille.optim.DecayRule;

/**
 * One way to finetune. Two methods of one name finetune in the same way but for the rate.
 *
 * @param name unique for everything but the rate
 * @param rate peak learning rate
 * @param adapters low-rank adapters, or null to train dense weights
 * @param blocksOnly whether dense training is restricted to the linear maps of the layers
 * @param decay weight decay
 * @param rule what the decay means
 * @param residualDropout rate on residual branches
 * @param attentionDropout rate on attention probabilities
 * @param replay part of each batch that comes from the source text
 */
record TuningMethod(
    String name,
    double rate,
    AdapterConfig adapters,
    boolean blocksOnly,
    double decay,
    DecayRule rule,
    double residualDropout,
    double attentionDropout,
    double replay) {

  /** All weights. */
  static TuningMethod full(double rate) {
    return dense("full", rate, false);
  }

  /** All linear maps of the layers: what adapters could change, without their limit of rank. */
  static TuningMethod blocks(double rate) {
    return dense("blocks", rate, true);
  }

  private static TuningMethod dense(String name, double rate, boolean blocksOnly) {
    return new TuningMethod(name, rate, null, blocksOnly, 0, DecayRule.PYTORCH, 0, 0, 0);
  }

  /** Adapters of that rank on all linear maps of the layers, scale 2. */
  static TuningMethod lora(int rank, double rate) {
    return adapted("LoRA " + rank, rate, AdapterConfig.rank(rank));
  }

  /** Adapters of another kind. */
  static TuningMethod adapted(String name, double rate, AdapterConfig adapters) {
    return new TuningMethod(name, rate, adapters, false, 0, DecayRule.PYTORCH, 0, 0, 0);
  }

  /** Full finetuning with weight decay. */
  TuningMethod decaying(String newName, double newDecay, DecayRule newRule) {
    return new TuningMethod(
        newName,
        rate,
        adapters,
        blocksOnly,
        newDecay,
        newRule,
        residualDropout,
        attentionDropout,
        replay);
  }

  /** The same with dropout. */
  TuningMethod dropping(String newName, double residual, double attention) {
    return new TuningMethod(
        newName, rate, adapters, blocksOnly, decay, rule, residual, attention, replay);
  }

  /** The same with source text in every batch. */
  TuningMethod replaying(String newName, double part) {
    return new TuningMethod(
        newName, rate, adapters, blocksOnly, decay, rule, residualDropout, attentionDropout, part);
  }

  /** Name and rate. */
  String label() {
    return name + String.format(Locale.ROOT, " (%s)", rate());
  }

  /** Whether this is the same method at whatever rate. */
  boolean isKindOf(TuningMethod other) {
    return name.equals(other.name);
  }

  /** All that a result depends on. */
  String key() {
    return name
        + ", rate "
        + rate
        + (adapters == null ? "" : ", rank " + adapters.rank() + ", alpha " + adapters.alpha())
        + ", decay "
        + decay
        + " "
        + rule
        + ", dropout "
        + residualDropout
        + " "
        + attentionDropout
        + ", replay "
        + replay;
  }
}
