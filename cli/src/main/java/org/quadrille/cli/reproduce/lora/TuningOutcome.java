package org.quadrille.cli.reproduce.lora;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.JsonObject;

/**
 * What one run of finetuning gave.
 *
 * @param trained numbers that were trained
 * @param curve losses along the run, the first before any step
 * @param matrices what became of each linear map
 * @param uniqueTexts mean number of different texts among those drawn for one prompt
 * @param seconds of training and measuring, with whatever else the machine did
 */
record TuningOutcome(
    long trained,
    List<Point> curve,
    Map<String, MatrixChange> matrices,
    double uniqueTexts,
    double seconds) {

  /**
   * Losses after some steps, nats per character of held-out text.
   *
   * @param step steps taken
   * @param source loss on the text that the model knew
   * @param target loss on the text it learns
   * @param divergence mean Kullback-Leibler divergence from the start on the source text
   * @param rank90 median over the maps of the rank of 90 % of the energy of the change; 0 at the
   *     start
   */
  record Point(int step, double source, double target, double divergence, double rank90) {}

  /**
   * The change of one linear map.
   *
   * @param rows of the map
   * @param cols of the map
   * @param singularValues of the change, descending
   * @param rank90Before rank of 90 % of the energy of the weight before
   * @param rank90After the same after
   * @param cosines of each of the leading left singular vectors after with the nearest one before
   */
  record MatrixChange(
      int rows,
      int cols,
      double[] singularValues,
      int rank90Before,
      int rank90After,
      double[] cosines) {}

  /** Before any step. */
  Point start() {
    return curve.getFirst();
  }

  /** After the last step. */
  Point end() {
    return curve.getLast();
  }

  JsonObject toJson() {
    JsonObject changes = new JsonObject();
    matrices.forEach(
        (name, change) ->
            changes.put(
                name,
                new JsonObject()
                    .put("rows", change.rows())
                    .put("cols", change.cols())
                    .put("singularValues", boxed(change.singularValues()))
                    .put("rank90Before", change.rank90Before())
                    .put("rank90After", change.rank90After())
                    .put("cosines", boxed(change.cosines()))));
    return new JsonObject()
        .put("trained", trained)
        .put(
            "curve",
            curve.stream()
                .map(
                    point ->
                        new JsonObject()
                            .put("step", point.step())
                            .put("source", point.source())
                            .put("target", point.target())
                            .put("divergence", point.divergence())
                            .put("rank90", point.rank90()))
                .toList())
        .put("matrices", changes)
        .put("uniqueTexts", uniqueTexts)
        .put("seconds", seconds);
  }

  /** Single precision is enough for spectra and keeps files small. */
  private static List<Float> boxed(double[] values) {
    List<Float> boxed = new ArrayList<>();
    for (double value : values) {
      boxed.add((float) value);
    }
    return boxed;
  }

  static TuningOutcome of(JsonObject json) throws FormatException {
    List<Point> curve = new ArrayList<>();
    for (Object each : json.array("curve")) {
      JsonObject point = (JsonObject) each;
      curve.add(
          new Point(
              point.intValue("step"),
              point.number("source"),
              point.number("target"),
              point.number("divergence"),
              point.number("rank90")));
    }
    Map<String, MatrixChange> matrices = new LinkedHashMap<>();
    JsonObject changes = json.object("matrices");
    for (String name : changes.members().keySet()) {
      JsonObject change = changes.object(name);
      matrices.put(
          name,
          new MatrixChange(
              change.intValue("rows"),
              change.intValue("cols"),
              change.numbers("singularValues"),
              change.intValue("rank90Before"),
              change.intValue("rank90After"),
              change.numbers("cosines")));
    }
    return new TuningOutcome(
        json.integer("trained"),
        List.copyOf(curve),
        matrices,
        json.number("uniqueTexts"),
        json.number("seconds"));
  }
}
