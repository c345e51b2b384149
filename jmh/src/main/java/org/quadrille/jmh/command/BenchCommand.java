package org.quadrille.jmh.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quadrille.cli.QuadrilleCommand;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.RunRecord;
import org.quadrille.cli.console.Table;
import org.quadrille.formats.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quadrille bench}: speed against other libraries and against what the hardware allows. */
@Command(
    name = "bench",
    description =
        "Measure speed against other libraries and against what the processor can do; without a"
            + " name, list what can be measured.",
    footer = {
      "",
      "Examples:",
      "  quadrille bench gemm --quick",
      "  quadrille bench gemm --peers openblas,mkl --sizes 256,1024,4096 --threads 1,2",
      "  quadrille bench gemm --interleaved --threads 1",
      "",
      "A ratio above 1 means that Quadrille is faster. A stopped job goes on where it was when the",
      "same command is given again."
    })
public final class BenchCommand extends QuadrilleCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "What to measure (default: show the list).")
  private String name;

  @Option(names = "--quick", description = "Fewer sizes and shorter runs, for a first look.")
  private boolean quick;

  @Option(
      names = "--interleaved",
      description =
          "Let the libraries take turns in one process and take the best turn of each, instead of"
              + " JMH with a process for each: better on a busy machine.")
  private boolean interleaved;

  @Option(
      names = "--peers",
      paramLabel = "LIST",
      split = ",",
      description =
          "Libraries to compare with: openblas, mkl (fetches 200 MB), ejml, ojalgo, netlib; or"
              + " none.")
  private List<String> peers;

  @Option(
      names = "--sizes",
      paramLabel = "LIST",
      split = ",",
      description = "Sizes n to measure (default: those of the suite).")
  private List<Integer> sizes;

  @Option(
      names = {"-p", "--parameter"},
      paramLabel = "NAME=V,V",
      description = "Values of any parameter of the benchmark, for example -p precision=float.")
  private Map<String, String> parameters;

  @Option(
      names = "--forks",
      paramLabel = "N",
      description = "Processes per case and library (default: 2, with --quick 1).")
  private Integer forks;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Folder for NAME.json, NAME.svg and run.json, and for what is finished if the run is"
              + " stopped (default: target/bench).")
  private Path out;

  /** Made by the service loader. */
  public BenchCommand() {}

  @Override
  protected boolean measuresThreads() {
    return true;
  }

  @Override
  protected void execute(Console console) throws IOException {
    if (name == null) {
      list(console);
      return;
    }
    Suite suite =
        Suites.find(name)
            .orElseThrow(
                () ->
                    wrongUsage(
                        "no suite is called "
                            + name
                            + "; there are "
                            + String.join(", ", Suites.all().stream().map(Suite::name).toList())));
    if (forks != null && forks < 1) {
      throw wrongUsage("--forks " + forks + ": expected 1 or more");
    }
    Path folder =
        out != null ? out : Path.of(System.getProperty("quadrille.home", "."), "target", "bench");
    RunRecord record = new RunRecord("bench", arguments(), options().seed());
    BenchRun run = new BenchRun(suite, settings(), folder, console);
    try {
      run.measure(record);
    } catch (BenchRun.NothingToMeasure e) {
      throw wrongUsage(e.getMessage());
    }
  }

  private static void list(Console console) {
    Table table = new Table().text("name").text("what is measured");
    List<JsonObject> suites = new ArrayList<>();
    for (Suite suite : Suites.all()) {
      table.row(suite.name(), suite.question());
      suites.add(new JsonObject().put("name", suite.name()).put("description", suite.question()));
    }
    console.print(table);
    console.print("");
    console.print("Measure one with: quadrille bench NAME [--quick]");
    console.document(new JsonObject().put("suites", suites));
  }

  private BenchSettings settings() {
    Map<String, List<String>> chosen = new LinkedHashMap<>();
    if (parameters != null) {
      parameters.forEach((key, values) -> chosen.put(key, List.of(values.split(","))));
    }
    if (chosen.containsKey(Trial.LIBRARY)) {
      throw wrongUsage("choose libraries with --peers, not with -p " + Trial.LIBRARY);
    }
    if (sizes != null) {
      for (int size : sizes) {
        if (size < 1) {
          throw wrongUsage("--sizes " + size + ": expected 1 or more");
        }
      }
      chosen.put("n", sizes.stream().map(String::valueOf).toList());
    }
    if (!options().threads().isEmpty()) {
      chosen.put("threads", options().threads().stream().map(String::valueOf).toList());
    }
    if (peers != null) {
      List<String> libraries = new ArrayList<>(List.of(Trial.OURS));
      peers.stream().filter(peer -> !peer.equals("none")).forEach(libraries::add);
      chosen.put(Trial.LIBRARY, libraries);
    }
    Effort effort = quick ? Effort.QUICK : Effort.FULL;
    return new BenchSettings(
        quick,
        interleaved,
        chosen,
        forks == null ? effort : effort.withForks(forks),
        options().backend().name());
  }
}
