package org.quadrille.cli.grow;

import java.util.Map;
import org.quadrille.formats.JsonObject;
import org.quadrille.growth.plan.PlannedModel;
import org.quadrille.transformer.Architecture;

/** The configuration of a grown model in the words of the old one. */
final class GrownConfig {
  private GrownConfig() {}

  /** The old members with the sizes that have changed. */
  static JsonObject of(PlannedModel small, Architecture large) {
    JsonObject config = new JsonObject();
    small.config().members().forEach(config::put);
    Map<String, String> names = small.plan().configNames();
    put(config, names, "width", (long) large.width());
    put(config, names, "layers", (long) large.layers());
    put(config, names, "heads", (long) large.heads());
    put(config, names, "keyHeads", (long) large.keyHeads());
    put(config, names, "hidden", (long) large.hidden());
    put(config, names, "epsilon", large.epsilon());
    if (large.headSize() * large.heads() != large.width()) {
      put(config, names, "headSize", (long) large.headSize());
    }
    return config;
  }

  private static void put(JsonObject config, Map<String, String> names, String size, Object value) {
    if (names.containsKey(size)) {
      config.put(names.get(size), value);
    }
  }
}
