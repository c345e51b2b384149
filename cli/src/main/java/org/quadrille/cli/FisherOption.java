package org.quadrille.cli;

/** What the commands answer to {@code --fisher}. */
final class FisherOption {
  /** The message of the usage error. */
  static final String NOT_IN_THIS_VERSION =
      "--fisher: this version does not weight errors by Fisher information; leave the option out";

  private FisherOption() {}
}
