package org.quadrille.growth.plan;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pattern of names in a file: {@code {prefix}} stands for what the file puts before the names of
 * the model, {@code {outer}} for the same without its last part, {@code {layer}} for the number of
 * a layer, {@code {any}} for anything.
 */
final class NamePattern {
  static final String PREFIX = "{prefix}";
  static final String OUTER = "{outer}";
  static final String LAYER = "{layer}";
  private static final String ANY = "{any}";
  private static final Pattern PLACES = Pattern.compile("\\{(prefix|outer|layer|any)}");

  private final String text;

  NamePattern(String text) {
    this.text = text;
    String rest = PLACES.matcher(text).replaceAll("");
    if (text.isBlank()
        || rest.contains("{")
        || text.indexOf(LAYER) != text.lastIndexOf(LAYER)
        || text.lastIndexOf(PREFIX) > 0
        || text.lastIndexOf(OUTER) > 0) {
      throw new IllegalArgumentException(
          "name \""
              + text
              + "\": expected a tensor's name with at most one {layer}, {prefix} or {outer} only in"
              + " front, and {any}");
    }
  }

  boolean inLayers() {
    return text.contains(LAYER);
  }

  boolean hasPrefix() {
    return text.startsWith(PREFIX);
  }

  /** What stands before a name of this pattern: nothing, or text up to a dot or slash. */
  String prefixOf(String name) {
    Matcher matcher = Pattern.compile(regex("(|.*[./])", "")).matcher(name);
    return hasPrefix() && matcher.matches() ? matcher.group(1) : null;
  }

  /** The number of the layer, -1 for a name outside the layers, null if it is no such name. */
  Integer layerOf(String name, String prefix) {
    Matcher matcher = Pattern.compile(regex(Pattern.quote(prefix), prefix)).matcher(name);
    if (!matcher.matches()) {
      return null;
    }
    return inLayers() ? Integer.valueOf(matcher.group("layer")) : -1;
  }

  /** The name of a layer. */
  String name(String prefix, int layer) {
    return text.replace(PREFIX, prefix)
        .replace(OUTER, outer(prefix))
        .replace(LAYER, Integer.toString(layer));
  }

  private String regex(String prefixRegex, String prefix) {
    StringBuilder regex = new StringBuilder();
    Matcher places = PLACES.matcher(text);
    int at = 0;
    while (places.find()) {
      regex.append(Pattern.quote(text.substring(at, places.start())));
      regex.append(
          switch (places.group()) {
            case PREFIX -> prefixRegex;
            case OUTER -> Pattern.quote(outer(prefix));
            // Nine digits fit an int; no leading zeros, which would make two names of one layer.
            case LAYER -> "(?<layer>0|[1-9]\\d{0,8})";
            case ANY -> ".*";
            default -> throw new IllegalStateException(places.group());
          });
      at = places.end();
    }
    return regex.append(Pattern.quote(text.substring(at))).toString();
  }

  /** {@code module/} of {@code module/bert/}, nothing of {@code bert.}. */
  private static String outer(String prefix) {
    String inner = prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
    return prefix.substring(0, Math.max(inner.lastIndexOf('.'), inner.lastIndexOf('/')) + 1);
  }

  @Override
  public String toString() {
    return text;
  }
}
