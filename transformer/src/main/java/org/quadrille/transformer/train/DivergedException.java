package org.quadrille.transformer.train;

/** Training stopped because the loss or a gradient was not a finite number any more. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final long step;
  private final double rateFactor;
  private final long savedStep;

  DivergedException(long step, double rateFactor, long savedStep, Throwable cause) {
    super(
        "training diverged in step "
            + step
            + " at "
            + rateFactor
            + " of the peak rates: "
            + cause.getMessage()
            + (savedStep < 0
                ? "; no checkpoint was saved before"
                : "; the last good checkpoint is that of step " + savedStep)
            + "; lower the rate or clip gradients",
        cause);
    this.step = step;
    this.rateFactor = rateFactor;
    this.savedStep = savedStep;
  }

  /** The step, from 0. The weights are those before it. */
  public long step() {
    return step;
  }

  /** Factor of the peak rates in that step. */
  public double rateFactor() {
    return rateFactor;
  }

  /** Steps of the last checkpoint; -1 if there is none. */
  public long savedStep() {
    return savedStep;
  }
}
