package org.quadrille.cli.console;

/**
 * A job that cannot be done, told in one line: what went wrong, where, and what to do about it.
 * Ends the command with exit status 1.
 */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * A failure with its one-line explanation.
   *
   * @param message what, where and what to do, without a line break
   */
  public CommandFailure(String message) {
    super(message);
  }

  /** A failure with its one-line explanation and the exception behind it, for {@code --debug}. */
  public CommandFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
