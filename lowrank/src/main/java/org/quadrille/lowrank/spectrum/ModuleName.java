package org.quadrille.lowrank.spectrum;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Layer and kind of a weight, read from its name: {@code encoder.layer.3.attention.self.query
 * .weight} is {@code query} of layer 3.
 *
 * @param layer number of the layer from 0, -1 if the name has none
 * @param kind what the weight does, in words
 */
public record ModuleName(int layer, String kind) {
  private static final Pattern LAYER =
      Pattern.compile("(?:layers?|blocks?|h)[._/](\\d{1,6})[._/](.*)");
  private static final Pattern NOISE =
      Pattern.compile("(?:^|[._/])(weight|kernel|dense|self|module|bert)(?=[._/]|$)");

  /** Reads a name. */
  public static ModuleName of(String name) {
    Matcher matcher = LAYER.matcher(name);
    boolean found = matcher.find();
    String rest = found ? matcher.group(2) : name;
    String words =
        NOISE.matcher(rest).replaceAll("").replaceAll("^[._/]+", "").replaceAll("[._/]+", " ");
    String kind = words.replaceFirst("^attention (query|key|value)$", "$1");
    return new ModuleName(
        found ? Integer.parseInt(matcher.group(1)) : -1, kind.isEmpty() ? name : kind);
  }
}
