package org.quadrille.jmh.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.quadrille.formats.JsonObject;

/**
 * A case with what its libraries took.
 *
 * @param what the case
 * @param byLibrary measurement by library, ours first
 * @param floor what the hardware allows, or null if that is not measured
 */
record Outcome(Case what, Map<String, Measurement> byLibrary, Measurement floor) {

  /** Ours. */
  Measurement ours() {
    return byLibrary.get(Trial.OURS);
  }

  /** Libraries other than ours. */
  List<String> peers() {
    return byLibrary.keySet().stream().filter(name -> !name.equals(Trial.OURS)).toList();
  }

  /** How many times as fast ours is as a peer. */
  double ratio(String peer) {
    return ours().speedOver(byLibrary.get(peer));
  }

  /** Ours as a share of what the hardware allows, if that was measured in the same unit. */
  OptionalDouble share() {
    return floor == null || !floor.unit().equals(ours().unit())
        ? OptionalDouble.empty()
        : OptionalDouble.of(ours().speedOver(floor));
  }

  /** One row per peer, or a row without one if there is none. */
  List<JsonObject> rows() {
    List<JsonObject> rows = new ArrayList<>();
    for (String peer : peers()) {
      rows.add(
          row()
              .put("peer", byLibrary.get(peer).value())
              .put("peerName", peer)
              .put("ratio", ratio(peer)));
    }
    return rows.isEmpty()
        ? List.of(row().put("peer", null).put("peerName", null).put("ratio", null))
        : rows;
  }

  private JsonObject row() {
    JsonObject row =
        new JsonObject()
            .put("name", what.name())
            .put("operation", what.operation())
            .put("parameters", new LinkedHashMap<>(what.what().parameters()))
            .put("ours", ours().value())
            .put("unit", ours().unit());
    if (floor != null) {
      row.put("floor", floor.value());
      row.put("share", share().isPresent() ? share().getAsDouble() : null);
    }
    return row;
  }

  /** Every figure of every library. */
  JsonObject toJson() {
    JsonObject libraries = new JsonObject();
    byLibrary.forEach((name, measurement) -> libraries.put(name, measurement.toJson()));
    JsonObject json = new JsonObject().put("name", what.name()).put("libraries", libraries);
    return floor == null ? json : json.put("floor", floor.toJson());
  }
}
