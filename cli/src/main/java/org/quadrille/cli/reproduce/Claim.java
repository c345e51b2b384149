package org.quadrille.cli.reproduce;

import org.quadrille.formats.JsonObject;

/**
 * A claim of a paper and what was measured here.
 *
 * @param claim what is claimed, in one sentence
 * @param source where: section, figure or table
 * @param expected what the paper or an independent measurement says
 * @param measured what came out here
 * @param verdict whether the claim holds
 */
public record Claim(
    String claim, String source, String expected, String measured, Verdict verdict) {

  /** Whether a claim holds at this scale. */
  public enum Verdict {
    /** The measurement agrees. */
    HOLDS("holds"),
    /** The measurement contradicts it. */
    FAILS("does not hold"),
    /** Nothing was measured; {@link Claim#measured} says why. */
    NOT_MEASURED("not measured");

    private final String text;

    Verdict(String text) {
      this.text = text;
    }

    /** The verdict of a comparison. */
    public static Verdict of(boolean holds) {
      return holds ? HOLDS : FAILS;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** As JSON; {@code holds} is null where nothing was measured. */
  JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("claim", claim)
            .put("source", source)
            .put("expected", expected)
            .put("measured", measured);
    return switch (verdict) {
      case HOLDS -> json.put("holds", true);
      case FAILS -> json.put("holds", false);
      case NOT_MEASURED -> json.put("holds", null);
    };
  }
}
