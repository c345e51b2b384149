package org.quadrille.cli.compress;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Layer and kind of a weight, read from its name, for grouping in charts: {@code
 * encoder.layer.3.attention.self.query.weight} is layer 3, {@code query}.
 *
 * @param layer number of the layer, or the whole name if it has none
 * @param kind what the weight does
 */
record WeightKind(String layer, String kind) {
  private static final Pattern LAYER = Pattern.compile("(?:layers?|blocks?|h)[._/](\\d+)[._/](.*)");
  private static final Pattern NOISE =
      Pattern.compile("(?:^|[._/])(weight|kernel|dense|self|module|bert)(?=[._/]|$)");

  static WeightKind of(String name) {
    Matcher matcher = LAYER.matcher(name);
    boolean found = matcher.find();
    String rest = found ? matcher.group(2) : name;
    String kind =
        NOISE.matcher(rest).replaceAll("").replaceAll("^[._/]+", "").replaceAll("[._/]+", " ");
    String shortened = kind.replaceFirst("^attention (query|key|value)$", "$1");
    return new WeightKind(
        found ? matcher.group(1) : shortened, shortened.isEmpty() ? name : shortened);
  }

  /** Number of the layer; weights without one come last. */
  int number() {
    return layer.matches("\\d{1,9}") ? Integer.parseInt(layer) : Integer.MAX_VALUE;
  }
}
