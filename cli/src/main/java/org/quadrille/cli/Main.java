package org.quadrille.cli;

import java.io.PrintWriter;
import java.util.ServiceLoader;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.ErrorLine;
import org.quadrille.cli.console.GlobalOptions;
import org.quadrille.cli.console.LauncherStreams;
import org.quadrille.cli.console.Machine;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * The {@code quadrille} command.
 *
 * <p>Exit status: 0 done; 1 the job failed, told in one line on standard error; 2 wrong usage.
 */
@Command(
    name = "quadrille",
    description = "Structured linear operators in pure Java: quantized, low-rank, Kronecker.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      InfoCommand.class,
      CompressCommand.class,
      QuantizeCommand.class,
      DecomposeCommand.class,
      AllocateCommand.class,
      AdaptersCommand.class,
      ZernikeCommand.class,
      TrainCommand.class,
      GenerateCommand.class,
      FederateCommand.class,
      GrowCommand.class,
      ReproduceCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  quadrille info",
      "  quadrille compress minilm --bits 3 --rank 8",
      "  quadrille decompose --in weight.npy --config nf3/64/fp8/256 --rank 8",
      "  quadrille zernike nodes --n 20 --two-a 0",
      "  quadrille bench gemm --quick",
      "",
      "Exit status: 0 done, 1 the job failed, 2 wrong usage."
    })
public final class Main implements Runnable {
  /** Exit status of a job that failed. */
  public static final int FAILED = 1;

  /** Exit status of wrong usage. */
  public static final int WRONG_USAGE = 2;

  @Mixin private GlobalOptions options;

  private final int terminalColumns;

  @Spec private CommandSpec command;

  private Main(int terminalColumns) {
    this.terminalColumns = terminalColumns;
  }

  /** Runs the command line and ends the Java machine with its exit status. */
  public static void main(String[] arguments) {
    LauncherStreams.restore();
    System.exit(
        run(
            new PrintWriter(System.out, true, System.out.charset()),
            new PrintWriter(System.err, true, System.err.charset()),
            Console.launcherColumns(),
            arguments));
  }

  /**
   * Runs the command line within a program.
   *
   * @param out standard output
   * @param err standard error
   * @param terminalColumns width of the terminal that {@code err} is; 0 if it is none
   * @param arguments what a user would type after {@code quadrille}
   * @return the exit status
   */
  public static int run(
      PrintWriter out, PrintWriter err, int terminalColumns, String... arguments) {
    Main main = new Main(terminalColumns);
    CommandLine line = new CommandLine(main);
    // Before the settings below, which reach the commands that are there.
    addFurtherCommands(line);
    line.setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(false)
        .setParameterExceptionHandler(Main::wrongUsage)
        .setExecutionExceptionHandler(main::failed);
    addHelp(line);
    return line.execute(arguments);
  }

  private static void addHelp(CommandLine line) {
    for (CommandLine command : line.getSubcommands().values()) {
      command.getCommandSpec().mixinStandardHelpOptions(true);
      addHelp(command);
    }
  }

  /** Commands of other modules on the class path, or a word about how to get them. */
  private static void addFurtherCommands(CommandLine line) {
    ServiceLoader.load(QuadrilleCommand.class).forEach(line::addSubcommand);
    if (!line.getSubcommands().containsKey(MissingBenchCommand.NAME)) {
      line.addSubcommand(new MissingBenchCommand());
    }
  }

  @Override
  public void run() {
    throw new ParameterException(command.commandLine(), "no command given");
  }

  /** The options that every command shares. */
  GlobalOptions options() {
    return options;
  }

  /** Width of the terminal that standard error is; 0 if it is none. */
  int terminalColumns() {
    return terminalColumns;
  }

  private static int wrongUsage(ParameterException e, String[] arguments) {
    CommandLine line = e.getCommandLine();
    line.getErr()
        .println(
            line.getCommandSpec().qualifiedName()
                + ": "
                + e.getMessage().strip().replaceAll("\\s*\\R\\s*", " ")
                + "; see "
                + line.getCommandSpec().qualifiedName()
                + " --help");
    return WRONG_USAGE;
  }

  private int failed(Exception e, CommandLine line, ParseResult parsed) {
    line.getErr().println(line.getCommandSpec().qualifiedName() + ": " + ErrorLine.of(e));
    if (options.debug()) {
      e.printStackTrace(line.getErr());
    }
    return FAILED;
  }

  /** Answers {@code --version}. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"quadrille " + Machine.version(), "JDK " + Machine.jdk()};
    }
  }
}
