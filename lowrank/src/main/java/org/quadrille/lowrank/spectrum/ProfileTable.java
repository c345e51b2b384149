package org.quadrille.lowrank.spectrum;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.quadrille.formats.AtomicFile;
import org.quadrille.formats.JsonObject;

/**
 * Profiles of all weights of a model, and their means over what weights do and over depth.
 *
 * @param profiles in the order of the model
 */
public record ProfileTable(List<UpdateProfile> profiles) {
  private static final List<String> COLUMNS =
      List.of(
          "name",
          "rows",
          "cols",
          "r50",
          "r90",
          "r95",
          "r99",
          "gaussianReference",
          "normalizedRank",
          "stableRank",
          "effectiveRank",
          "participationRatio",
          "relativeNorm",
          "relativeSpectralNorm",
          "baseR90",
          "tunedR90",
          "intruders");

  /** Copies the list. */
  public ProfileTable {
    profiles = List.copyOf(profiles);
  }

  /**
   * Means of a group of weights.
   *
   * @param name of the group
   * @param count weights in it
   * @param r90 mean rank for 90 % of the energy
   * @param normalizedRank mean of {@link Spectrum#normalizedRank} at 90 %
   * @param relativeNorm mean relative norm of the updates
   */
  public record Group(
      String name, int count, double r90, double normalizedRank, double relativeNorm) {}

  /** Means over the weights of each kind, such as all query weights. */
  public List<Group> byKind() {
    return groups(profile -> ModuleName.of(profile.name()).kind());
  }

  /** Means over the weights of each layer; those without one under "other". */
  public List<Group> byLayer() {
    return groups(
        profile -> {
          int layer = ModuleName.of(profile.name()).layer();
          return layer < 0 ? "other" : "layer " + layer;
        });
  }

  private List<Group> groups(Function<UpdateProfile, String> key) {
    Map<String, List<UpdateProfile>> grouped = new LinkedHashMap<>();
    for (UpdateProfile profile : profiles) {
      grouped.computeIfAbsent(key.apply(profile), name -> new ArrayList<>()).add(profile);
    }
    List<Group> groups = new ArrayList<>();
    grouped.forEach(
        (name, members) ->
            groups.add(
                new Group(
                    name,
                    members.size(),
                    mean(members, p -> p.update().rankForEnergy(0.9)),
                    mean(members, p -> p.update().normalizedRank(0.9)),
                    mean(members, UpdateProfile::relativeNorm))));
    return groups;
  }

  private static double mean(List<UpdateProfile> profiles, ToDoubleFunction<UpdateProfile> value) {
    return profiles.stream().mapToDouble(value).average().orElse(0);
  }

  /** All profiles and group means as one JSON object. */
  public JsonObject toJson() {
    return new JsonObject()
        .put("matrices", profiles.stream().map(UpdateProfile::toJson).toList())
        .put("byKind", byKind().stream().map(ProfileTable::json).toList())
        .put("byLayer", byLayer().stream().map(ProfileTable::json).toList());
  }

  private static JsonObject json(Group group) {
    return new JsonObject()
        .put("name", group.name)
        .put("count", group.count)
        .put("r90", group.r90)
        .put("normalizedRank", group.normalizedRank)
        .put("relativeNorm", group.relativeNorm);
  }

  /**
   * Writes one line for each weight as CSV, complete or not at all.
   *
   * @throws IOException if writing fails
   */
  public void writeCsv(Path path) throws IOException {
    StringBuilder text = new StringBuilder(String.join(",", COLUMNS)).append('\n');
    for (UpdateProfile profile : profiles) {
      JsonObject json = profile.toJson();
      for (String column : COLUMNS) {
        Object value = json.get(column);
        text.append(column.equals("name") ? quoted(profile.name()) : value == null ? "" : value)
            .append(column.equals("intruders") ? '\n' : ',');
      }
    }
    AtomicFile.writeText(path, text);
  }

  private static String quoted(String name) {
    boolean plain = name.chars().noneMatch(c -> c == ',' || c == '"' || c < ' ');
    return plain ? name : '"' + name.replace("\"", "\"\"") + '"';
  }
}
