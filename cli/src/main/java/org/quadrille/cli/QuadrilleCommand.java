package org.quadrille.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.ErrorLine;
import org.quadrille.cli.console.GlobalOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What all commands have in common: global options, a console and the way errors come out. */
abstract class QuadrilleCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Spec private CommandSpec command;

  @Override
  public final Integer call() throws Exception {
    Console console =
        new Console(
            command.commandLine().getOut(),
            command.commandLine().getErr(),
            options().json(),
            main.terminalColumns());
    try {
      options()
          .run(
              () -> {
                execute(console);
                return null;
              });
    } catch (OutOfMemoryError e) {
      throw new CommandFailure(ErrorLine.of(e), e);
    }
    return 0;
  }

  /** Does the job on the threads and the backend that were asked for. */
  abstract void execute(Console console) throws Exception;

  /** The options that every command shares. */
  final GlobalOptions options() {
    return main.options();
  }

  /** Everything the user typed after {@code quadrille}. */
  final List<String> arguments() {
    return command.root().commandLine().getParseResult().originalArgs();
  }

  /** An error of usage: exit status 2. */
  final ParameterException wrongUsage(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
