package org.quadrille.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.RunRecord;
import org.quadrille.cli.console.Units;
import org.quadrille.cli.reproduce.Claim;
import org.quadrille.cli.reproduce.ClaimList;
import org.quadrille.cli.reproduce.LqLoraReproduction;
import org.quadrille.cli.reproduce.Reproduction;
import org.quadrille.cli.reproduce.ZernikeReproduction;
import org.quadrille.cli.reproduce.federated.FedEpReproduction;
import org.quadrille.cli.reproduce.growth.LigoReproduction;
import org.quadrille.cli.reproduce.lora.LoraReproduction;
import org.quadrille.formats.AtomicFile;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quadrille reproduce}: the claims of a paper, measured on real data. */
@Command(
    name = "reproduce",
    description =
        "Measure the headline claims of a paper at the scale of this machine on real data, and say"
            + " of each whether it holds.",
    footer = {
      "",
      "Examples: quadrille reproduce lq-lora --quick",
      "          quadrille reproduce zernike --out zernike-results"
    })
final class ReproduceCommand extends QuadrilleCommand {
  private enum Paper {
    FEDEP("fedep"),
    LIGO("ligo"),
    LORA("lora"),
    LQ_LORA("lq-lora"),
    ZERNIKE("zernike");

    private final String name;

    Paper(String name) {
      this.name = name;
    }

    Reproduction reproduction() {
      return switch (this) {
        case FEDEP -> new FedEpReproduction();
        case LIGO -> new LigoReproduction();
        case LORA -> new LoraReproduction();
        case LQ_LORA -> new LqLoraReproduction();
        case ZERNIKE -> new ZernikeReproduction();
      };
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @Parameters(
      index = "0",
      paramLabel = "PAPER",
      description =
          "fedep: Guo, Greengard, Wang, Gelman, Kim and Xing, FedEP, 2023; ligo: Wang et al.,"
              + " Learning to Grow Pretrained Models, 2023; lq-lora: Guo, Greengard, Xing and Kim,"
              + " LQ-LoRA, 2024; zernike: Greengard and Serkh,"
              + " Zernike Polynomials, 2018.")
  private String paper;

  @Option(names = "--quick", description = "Fewer cases: half a minute to a few minutes.")
  private boolean quick;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Also write claims.json, run.json, tables and figures there; a long study that was stopped"
              + " goes on from what is there.")
  private Path out;

  @Override
  protected void execute(Console console) throws IOException, InterruptedException {
    Paper chosen = paper();
    RunRecord record = new RunRecord("reproduce", arguments(), options().seed());
    long start = System.nanoTime();
    Reproduction reproduction = chosen.reproduction();
    if (out != null) {
      reproduction.keepIn(out.resolve("runs"));
    }
    List<Claim> claims = reproduction.run(quick, options().seed(), console);
    double seconds = (System.nanoTime() - start) * 1e-9;
    ClaimList list = new ClaimList(reproduction.paper(), claims);
    list.print(console);
    console.print("");
    console.print(list.summary() + ", in " + Units.seconds(seconds));
    JsonObject document =
        list.toJson()
            .put("paper", chosen.toString())
            .put("quick", quick)
            .put("data", reproduction.data())
            .put("seconds", seconds);
    if (out != null) {
      Files.createDirectories(out);
      reproduction.write(out);
      AtomicFile.writeText(out.resolve("claims.json"), Json.writeIndented(document));
      record.timing("seconds", seconds);
      record.result("summary", list.summary());
      record.write(out.resolve("run.json"));
    }
    console.document(document);
  }

  private Paper paper() {
    for (Paper candidate : Paper.values()) {
      if (candidate.toString().equals(paper)) {
        return candidate;
      }
    }
    throw wrongUsage("no paper \"" + paper + "\"; there is " + List.of(Paper.values()));
  }
}
