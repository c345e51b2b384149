package org.quadrille.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.ErrorLine;
import org.quadrille.cli.console.GlobalOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * What all commands have in common: global options, a console and the way errors come out.
 *
 * <p>A module that depends on this one may bring further commands: it provides classes of this type
 * to {@link java.util.ServiceLoader}, annotated as picocli wants a command. The benchmarks do so;
 * this module does not know them.
 */
public abstract class QuadrilleCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  /** For subclasses. */
  protected QuadrilleCommand() {}

  @Override
  public final Integer call() throws Exception {
    Console console =
        new Console(
            command.commandLine().getOut(),
            command.commandLine().getErr(),
            options().json(),
            main().terminalColumns());
    try {
      Callable<Void> job =
          () -> {
            execute(console);
            return null;
          };
      if (measuresThreads()) {
        job.call();
      } else {
        options().run(job);
      }
    } catch (OutOfMemoryError e) {
      throw new CommandFailure(ErrorLine.of(e), e);
    }
    return 0;
  }

  /** Does the job on the threads and the backend that were asked for. */
  protected abstract void execute(Console console) throws Exception;

  /**
   * Whether {@code --threads} may be a list of numbers to be measured one after the other; the
   * command then chooses threads and backend itself.
   */
  protected boolean measuresThreads() {
    return false;
  }

  /** The options that every command shares. */
  protected final GlobalOptions options() {
    return main().options();
  }

  /** The root, however deep the command lies below it. */
  private Main main() {
    return (Main) command.root().userObject();
  }

  /** Everything the user typed after {@code quadrille}. */
  protected final List<String> arguments() {
    return command.root().commandLine().getParseResult().originalArgs();
  }

  /** An error of usage: exit status 2. */
  protected final ParameterException wrongUsage(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
