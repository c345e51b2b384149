package org.quadrille.cli;

import java.util.List;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Console;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * Stands in for {@code quadrille bench} where the benchmarks are not on the class path: they are a
 * module of their own, with native peers, that never ships.
 */
@Command(
    name = MissingBenchCommand.NAME,
    description = "Measure speed against other libraries (in a checkout of the sources only).")
final class MissingBenchCommand extends QuadrilleCommand {
  static final String NAME = "bench";

  /** Whatever follows; no complaint about options that only the real command knows. */
  @Unmatched private List<String> ignored;

  @Override
  protected boolean measuresThreads() {
    return true;
  }

  @Override
  protected void execute(Console console) {
    throw new CommandFailure(
        (ignored.isEmpty() ? "" : String.join(" ", ignored) + " cannot be measured: ")
            + "the benchmarks are not on the class path; run ./quadrille bench in a checkout of the"
            + " sources, which builds them, or add quadrille-jmh to the class path");
  }
}
