package org.quadrille.lowrank.adapter;

import org.quadrille.optim.DecayRule;
import org.quadrille.optim.ParameterGroups;

/** Learning rates of adapters by factor. */
public final class AdapterRates {
  private AdapterRates() {}

  /** One rate for everything, no decay. */
  public static ParameterGroups of(double rate) {
    return ParameterGroups.of(rate);
  }

  /**
   * LoRA+ (Hayou et al. 2024, section 4): the left factor B, which starts at 0, learns {@code
   * ratio} times as fast as the right one; biases and norms do not decay.
   *
   * @param rate of A and everything else
   * @param ratio at least 1; 16 is common
   * @param decay weight decay by the PyTorch rule
   */
  public static ParameterGroups plus(double rate, double ratio, double decay) {
    if (!(ratio >= 1) || Double.isInfinite(ratio)) {
      throw new IllegalArgumentException(
          "ratio of the rates of B and A: given " + ratio + ", expected a finite number from 1 on");
    }
    return factors(rate * ratio, rate, decay)
        .undecayed(name -> name.endsWith(".bias") || name.contains("norm."));
  }

  /**
   * A rate for left factors and one for everything else.
   *
   * @param left rate of B
   * @param right rate of A
   * @param decay weight decay by the PyTorch rule
   */
  public static ParameterGroups factors(double left, double right, double decay) {
    return ParameterGroups.of(right, decay, DecayRule.PYTORCH)
        .with(name -> name.endsWith("." + AdaptedOperator.LEFT), left, decay, DecayRule.PYTORCH);
  }
}
