package org.quadrille.cli.grow;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.quadrille.formats.Json;
import org.quadrille.growth.FixedGrowth;
import org.quadrille.growth.GrowthOperatorFile;
import org.quadrille.growth.GrowthPlan;
import org.quadrille.growth.plan.PlannedModel;
import org.quadrille.growth.plan.TargetSizes;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.train.ArchitectureJson;

/** An operator in a file, with the architectures that it was made for. */
public final class SavedOperator {
  private static final String SMALL = "quadrille.small";
  private static final String LARGE = "quadrille.large";
  private static final String EXACT = "quadrille.exact";
  private static final String REASON = "quadrille.reason";

  private SavedOperator() {}

  static void write(FixedGrowth growth, PlannedModel small, Path path) throws IOException {
    Map<String, String> notes = new LinkedHashMap<>();
    if (growth.large() != null) {
      notes.put(SMALL, Json.write(ArchitectureJson.write(small.architecture())));
      notes.put(LARGE, Json.write(ArchitectureJson.write(growth.large())));
    }
    notes.put(EXACT, Boolean.toString(growth.exact()));
    notes.put(REASON, growth.reason());
    GrowthOperatorFile.write(growth.operator(), notes, path);
  }

  /**
   * The sizes that an operator makes, where the user has not said others.
   *
   * @throws IOException if the file holds no growth operator
   */
  public static TargetSizes sizes(Path path, TargetSizes given) throws IOException {
    Architecture large = noted(GrowthOperatorFile.notes(path), LARGE);
    if (large == null) {
      return given;
    }
    return new TargetSizes(
        given.width() > 0 ? given.width() : large.width(),
        given.layers() > 0 ? given.layers() : large.layers(),
        given.heads() > 0 ? given.heads() : large.heads(),
        given.keyHeads() > 0 ? given.keyHeads() : large.keyHeads(),
        given.hidden() > 0 ? given.hidden() : large.hidden());
  }

  static FixedGrowth read(Path path, GrowthPlan plan) throws IOException {
    Map<String, String> notes = GrowthOperatorFile.notes(path);
    return new FixedGrowth(
        GrowthOperatorFile.read(path, plan),
        null,
        false,
        notes.getOrDefault(REASON, "not known: the plan does not say what the tensors are for"));
  }

  /** The operator for a model; its normalizations change as those it was made for did. */
  static FixedGrowth read(Path path, Architecture small, TargetSizes sizes) throws IOException {
    Map<String, String> notes = GrowthOperatorFile.notes(path);
    Architecture madeFor = noted(notes, SMALL);
    Architecture made = noted(notes, LARGE);
    Architecture large = sizes.apply(small);
    if (madeFor != null && made != null && madeFor.epsilon() > 0) {
      large = large.withEpsilon(small.epsilon() * (made.epsilon() / madeFor.epsilon()));
    }
    boolean exact =
        madeFor != null && Boolean.parseBoolean(notes.get(EXACT)) && sameFunction(small, madeFor);
    return new FixedGrowth(
        GrowthOperatorFile.read(path, GrowthPlan.of(small, large)),
        large,
        exact,
        exact || notes.containsKey(REASON)
            ? notes.getOrDefault(REASON, "as it was made")
            : "not known: the file does not say what it was made for");
  }

  /** Whether what keeps the function of the one keeps that of the other. */
  private static boolean sameFunction(Architecture a, Architecture b) {
    return a.width() == b.width()
        && a.layers() == b.layers()
        && a.normFirst() == b.normFirst()
        && a.meanCentered() == b.meanCentered()
        && a.head() == b.head()
        && (a.classes() > 0) == (b.classes() > 0)
        && a.pooled() == b.pooled();
  }

  private static Architecture noted(Map<String, String> notes, String key) throws IOException {
    return notes.containsKey(key) ? ArchitectureJson.read(Json.parseObject(notes.get(key))) : null;
  }
}
