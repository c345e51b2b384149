package org.quadrille.cli.grow;

import java.util.LinkedHashMap;
import java.util.Map;
import org.quadrille.cli.console.Table;
import org.quadrille.cli.console.Units;
import org.quadrille.formats.JsonObject;
import org.quadrille.growth.GrowthPlan;
import org.quadrille.growth.LearnedGrowth;
import org.quadrille.growth.plan.PlannedModel;
import org.quadrille.transformer.Architecture;

/**
 * What growth came to.
 *
 * @param small the model before
 * @param large its architecture after; null if the plan has none
 * @param plan tensors before and after
 * @param exact whether the large model computes the same function
 * @param reason why
 * @param numbers in all tensors after
 * @param learned losses; null if nothing was learned
 * @param check of both models run; null if they were not
 * @param learningSeconds making and learning the operator
 * @param growingSeconds growing and writing
 * @param bytes of the file
 */
public record GrowthOutcome(
    PlannedModel small,
    Architecture large,
    GrowthPlan plan,
    boolean exact,
    String reason,
    long numbers,
    LearnedGrowth learned,
    FunctionCheck check,
    double learningSeconds,
    double growingSeconds,
    long bytes) {

  /** Whether the check found a difference where there should be none. */
  public boolean failed() {
    return check != null && exact && !check.same();
  }

  /** A table for people. */
  public Table table(String method) {
    Table table = new Table().text(method).number("before").number("after");
    table.row("parameters", Units.count(small.parameterCount()), Units.count(numbers));
    table.row("layers", Integer.toString(plan.smallLayers()), Integer.toString(plan.largeLayers()));
    sizes()
        .forEach(
            (name, two) -> table.row(name, Integer.toString(two[0]), Integer.toString(two[1])));
    if (learned != null && learned.losses().length > 0) {
      double[] losses = learned.losses();
      table.row(
          "loss while learning, " + learned.steps() + " steps",
          Units.fixed(losses[0], 4),
          Units.fixed(losses[losses.length - 1], 4));
    }
    return table;
  }

  private Map<String, int[]> sizes() {
    Map<String, int[]> sizes = new LinkedHashMap<>();
    if (large == null) {
      small
          .groups()
          .forEach((name, group) -> sizes.put(name, new int[] {group.small(), group.large()}));
      return sizes;
    }
    Architecture a = small.architecture();
    sizes.put("width", new int[] {a.width(), large.width()});
    sizes.put("heads of " + a.headSize(), new int[] {a.heads(), large.heads()});
    if (a.keyHeads() != a.heads()) {
      sizes.put("key heads", new int[] {a.keyHeads(), large.keyHeads()});
    }
    sizes.put("hidden units", new int[] {a.hidden(), large.hidden()});
    return sizes;
  }

  /** What is true of the function, in a sentence. */
  public String verdict() {
    return (exact ? "keeps the function: " : "does not keep the function: ") + reason;
  }

  /** The document of the command. */
  public JsonObject toJson(String method) {
    JsonObject json =
        new JsonObject()
            .put("plan", small.plan().name())
            .put("method", method)
            .put("parametersIn", small.parameterCount())
            .put("parametersOut", numbers)
            .put("layersIn", plan.smallLayers())
            .put("layersOut", plan.largeLayers());
    JsonObject sizes = new JsonObject();
    sizes().forEach(sizes::put);
    json.put("sizes", sizes)
        .put("exact", exact)
        .put("reason", reason)
        .put("loss", learned == null ? new double[0] : learned.losses())
        .put("steps", learned == null ? 0 : learned.steps());
    if (learned != null) {
      json.put("learningEnded", learned.reason());
    }
    if (check != null) {
      json.put(
          "check",
          new JsonObject()
              .put("compared", check.compared())
              .put("tokens", check.tokens())
              .put("largestDifference", check.largestDifference())
              .put("largestValue", check.largestValue())
              .put("same", check.same()));
    }
    return json.put("learningSeconds", learningSeconds)
        .put("growingSeconds", growingSeconds)
        .put("bytesOut", bytes);
  }
}
