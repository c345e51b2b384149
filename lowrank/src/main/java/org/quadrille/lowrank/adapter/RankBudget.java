package org.quadrille.lowrank.adapter;

/**
 * How many ranks AdaLoRA keeps when (Zhang et al. 2023, equation 12): all of them for the first
 * steps, then as many as a cube falls to, at the end a fixed number.
 *
 * @param target ranks over all adapters at the end
 * @param steps of training
 * @param warmUp steps before any rank is taken away
 * @param settled last steps, in which nothing changes any more
 * @param every steps between two decisions
 * @param sensitivityDecay of the running mean of importances, 0.85
 * @param uncertaintyDecay of the running mean of their changes, 0.85
 * @param orthogonality weight of the penalty {@code |P^T P - I|^2 + |Q Q^T - I|^2}, 0 or more
 */
public record RankBudget(
    int target,
    long steps,
    long warmUp,
    long settled,
    long every,
    double sensitivityDecay,
    double uncertaintyDecay,
    double orthogonality) {

  /** Checks the numbers. */
  public RankBudget {
    if (target < 0 || steps < 1 || warmUp < 0 || settled < 0 || every < 1) {
      throw new IllegalArgumentException(
          "rank budget: given target "
              + target
              + ", "
              + steps
              + " steps, warm-up "
              + warmUp
              + ", settled "
              + settled
              + ", every "
              + every
              + "; expected positive steps and intervals and nothing negative");
    }
    if (warmUp + settled >= steps) {
      throw new IllegalArgumentException(
          "rank budget: warm-up "
              + warmUp
              + " and settled "
              + settled
              + " leave none of the "
              + steps
              + " steps to take ranks away");
    }
    requireBelowOne("sensitivityDecay", sensitivityDecay);
    requireBelowOne("uncertaintyDecay", uncertaintyDecay);
    if (!(orthogonality >= 0) || Double.isInfinite(orthogonality)) {
      throw new IllegalArgumentException(
          "orthogonality: given " + orthogonality + ", expected a finite number, 0 or more");
    }
  }

  /** Common numbers: decays 0.85, orthogonality 0.1, decisions at every tenth step. */
  public static RankBudget of(int target, long steps, long warmUp, long settled) {
    return new RankBudget(target, steps, warmUp, settled, 10, 0.85, 0.85, 0.1);
  }

  /**
   * Ranks to keep after a step.
   *
   * @param step from 1
   * @param all ranks at the start
   */
  public int at(long step, int all) {
    if (step <= warmUp) {
      return all;
    }
    if (step > steps - settled) {
      return Math.min(target, all);
    }
    // b = b_end + (b_start - b_end) (1 - (t - t_i) / (T - t_f - t_i))^3
    double left = 1 - (step - warmUp) / (double) (steps - settled - warmUp);
    return Math.min(all, (int) (target + (all - target) * left * left * left));
  }

  /** Whether ranks are chosen anew after a step. */
  boolean decides(long step) {
    return step > warmUp && (step > steps - settled || step % every == 0);
  }

  private static void requireBelowOne(String what, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          what + ": given " + value + ", expected a number from 0 to below 1");
    }
  }
}
