package org.quadrille.cli.reproduce.growth;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.reproduce.Claim;
import org.quadrille.cli.reproduce.Reproduction;
import org.quadrille.cli.reproduce.RunStore;
import org.quadrille.formats.JsonObject;

/**
 * LiGO at a scale of minutes: small transformers on the King James Bible, grown by every method and
 * trained on, against training from scratch.
 *
 * <p>Finished runs are kept in a folder, so a stopped study goes on where it was.
 */
public final class LigoReproduction implements Reproduction {
  private static final String TEXT = "kjv";

  private Path kept;
  private StudyResult result;
  private List<Claim> claims;

  /** The study without a folder: runs are kept only while it lasts. */
  public LigoReproduction() {}

  @Override
  public String paper() {
    return "Learning to Grow Pretrained Models for Efficient Transformer Training (Wang et al.,"
        + " ICLR 2023)";
  }

  @Override
  public void keepIn(Path folder) {
    kept = folder;
  }

  @Override
  public List<Claim> run(boolean quick, long seed, Console console) throws IOException {
    StudyPlan plan = quick ? StudyPlan.quick() : StudyPlan.full();
    if (!quick && kept == null) {
      console.warn(
          "runs are not kept: give --out DIR to be able to stop the study and go on later");
    }
    Path folder = kept == null ? Files.createTempDirectory("quadrille-ligo") : kept;
    try {
      StudyText text = StudyText.shipped(TEXT);
      RunStore store = new RunStore(folder);
      List<PartResult> parts = new ArrayList<>();
      for (StudyPart part : plan.parts()) {
        StudyRunner runner = new StudyRunner(text, part.recipe(), store, seed);
        parts.add(PartResult.of(part, text, runner.run(part.title(), part.runs(text), console)));
      }
      result = new StudyResult(parts);
    } finally {
      if (kept == null) {
        delete(folder);
      }
    }
    claims = GrowthClaims.of(result);
    return claims;
  }

  @Override
  public JsonObject data() {
    return result.toJson();
  }

  @Override
  public void write(Path folder) throws IOException {
    GrowthReport.write(result, claims, folder);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      walk.sorted(Comparator.reverseOrder())
          .forEach(
              path -> {
                try {
                  Files.delete(path);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
