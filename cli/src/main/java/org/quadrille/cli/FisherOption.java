package org.quadrille.cli;

/** What compress answers to {@code --fisher auto}. */
final class FisherOption {
  static final String AUTO = "auto";

  /** The message of the usage error. */
  static final String NO_GRADIENTS =
      "--fisher auto: estimating Fisher information takes gradients, and this version cannot run"
          + " models; give a file of mean squared gradients (.safetensors, tensors named like the"
          + " weights)";

  private FisherOption() {}
}
