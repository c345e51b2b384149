package org.quadrille.cli.reproduce.lora;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.reproduce.Claim;
import org.quadrille.cli.reproduce.Reproduction;
import org.quadrille.cli.reproduce.RunStore;
import org.quadrille.formats.JsonObject;

/**
 * Learning and forgetting of low-rank adapters and full finetuning, at a scale of minutes a run.
 *
 * <p>Finished runs are kept in a folder, so a stopped study goes on where it was.
 */
public final class LoraReproduction implements Reproduction {
  private static final int SEEDS = 3;

  private Path kept;
  private List<StudyResult> results;
  private List<Claim> claims;

  /** The study without a folder: runs are kept only while it lasts. */
  public LoraReproduction() {}

  @Override
  public String paper() {
    return "LoRA Learns Less and Forgets Less (Biderman et al., TMLR 2024)";
  }

  @Override
  public void keepIn(Path folder) {
    kept = folder;
  }

  @Override
  public List<Claim> run(boolean quick, long seed, Console console) throws IOException {
    if (!quick && kept == null) {
      console.warn(
          "runs are not kept: give --out DIR to be able to stop the study and go on later");
    }
    Path folder = kept == null ? Files.createTempDirectory("quadrille-lora") : kept;
    try {
      TuningRunner runner = new TuningRunner(StudyTexts.shipped(), new RunStore(folder), seed);
      Map<TuningRunner.Run, TuningOutcome> outcomes =
          runner.run("finetuning", runs(quick), console);
      results = new ArrayList<>();
      claims = new ArrayList<>();
      for (StudyScale scale : List.of(StudyScale.SMALL, StudyScale.MAIN)) {
        StudyResult result = StudyResult.of(scale, outcomes);
        if (!result.outcomes().isEmpty()) {
          results.add(result);
          claims.addAll(new LoraClaims(result).all());
        }
      }
    } finally {
      if (kept == null) {
        delete(folder);
      }
    }
    return claims;
  }

  /** All runs, those that decide most claims first. */
  static List<TuningRunner.Run> runs(boolean quick) {
    List<TuningRunner.Run> runs = new ArrayList<>();
    int seeds = quick ? 1 : SEEDS;
    for (int number = 1; number <= seeds; number++) {
      add(runs, StudyScale.SMALL, StudyMethods.SMALL, number);
    }
    if (quick) {
      return runs;
    }
    for (int number = 1; number <= seeds; number++) {
      add(runs, StudyScale.SMALL, StudyMethods.RATES, number);
      add(runs, StudyScale.SMALL, StudyMethods.REGULARIZERS, number);
      add(runs, StudyScale.SMALL, StudyMethods.ABLATIONS, number);
    }
    add(runs, StudyScale.SMALL, StudyMethods.VARIANTS, 1);
    for (int number = 1; number <= seeds; number++) {
      add(runs, StudyScale.MAIN, StudyMethods.MAIN, number);
    }
    return runs;
  }

  private static void add(
      List<TuningRunner.Run> runs, StudyScale scale, List<TuningMethod> methods, int number) {
    methods.forEach(method -> runs.add(new TuningRunner.Run(scale, method, number)));
  }

  @Override
  public JsonObject data() {
    List<JsonObject> rows = new ArrayList<>();
    results.forEach(result -> rows.addAll(result.toJson()));
    return new JsonObject().put("methods", rows);
  }

  @Override
  public void write(Path folder) throws IOException {
    new LoraReport(results, claims).write(folder);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
