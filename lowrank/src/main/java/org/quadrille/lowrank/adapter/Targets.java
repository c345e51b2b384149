package org.quadrille.lowrank.adapter;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which linear maps get an adapter, by name without {@code .weight}. The usual names of this
 * library and of published checkpoints (BERT, GPT-2, LLaMA) are known.
 *
 * @param description for messages
 * @param pattern a map is chosen if its name has a match
 */
public record Targets(String description, Pattern pattern) {
  private static final String ATTENTION_NAMES =
      "attention\\.(query|key|value|output)$|attention\\.self\\.(query|key|value)$"
          + "|attention\\.output\\.dense$|attn\\.c_(attn|proj)$|self_attn\\.[qkvo]_proj$";
  private static final String FEEDFORWARD_NAMES =
      "feedforward\\.(up|gate|down)$|intermediate\\.dense$|layer\\.\\d+\\.output\\.dense$"
          + "|mlp\\.c_(fc|proj)$|mlp\\.(up|gate|down)_proj$";

  /** Queries, keys, values and outputs of attention. */
  public static final Targets ATTENTION = of("attention", ATTENTION_NAMES);

  /** The maps of feedforward layers. */
  public static final Targets FEEDFORWARD = of("feedforward", FEEDFORWARD_NAMES);

  /** All linear maps of the layers: best in every comparison (Biderman et al. 2024, figure 7). */
  public static final Targets ALL_LINEAR =
      of("all linear maps", ATTENTION_NAMES + "|" + FEEDFORWARD_NAMES);

  /** Queries and values: the choice of the first LoRA paper. */
  public static final Targets QUERY_VALUE =
      of("query and value", "(query|value)$|self_attn\\.[qv]_proj$");

  /**
   * Maps whose names have a match.
   *
   * @param regularExpression such as {@code layers\.[0-3]\.feedforward}
   * @throws IllegalArgumentException if it is no regular expression
   */
  public static Targets matching(String regularExpression) {
    try {
      return of(regularExpression, regularExpression);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "targets \"" + regularExpression + "\": " + e.getDescription(), e);
    }
  }

  /** Whether the map of that name gets an adapter. */
  public boolean matches(String name) {
    return pattern.matcher(name).find();
  }

  @Override
  public String toString() {
    return description;
  }

  private static Targets of(String description, String regularExpression) {
    return new Targets(description, Pattern.compile(regularExpression));
  }
}
