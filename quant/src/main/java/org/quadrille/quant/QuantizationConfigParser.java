package org.quadrille.quant;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The three spellings of a {@link QuantizationConfig}. */
final class QuantizationConfigParser {
  private static final Pattern SHORT =
      Pattern.compile("nf(\\d{1,9})/(\\d{1,9})/fp(\\d{1,9})/(\\d{1,9})(?:/(fp32|fp16|bf16))?");
  private static final Pattern PAPER =
      Pattern.compile("(\\d{1,9})/(\\d{1,9})/(fp32|fp16|bf16)/(\\d{1,9})/(\\d{1,9})");
  private static final Pattern UNDERSCORES =
      Pattern.compile("b(\\d{1,9})_s(\\d{1,9})_(fp32|fp16|bf16)_B(\\d{1,9})_G(\\d{1,9})");

  private QuantizationConfigParser() {}

  static QuantizationConfig parse(String text) {
    if (text == null) {
      throw new IllegalArgumentException("configuration: given null, expected " + expected());
    }
    Matcher match = SHORT.matcher(text);
    if (match.matches()) {
      return create(
          text,
          match.group(1),
          match.group(2),
          match.group(3),
          match.group(5) == null ? "fp32" : match.group(5),
          match.group(4));
    }
    for (Pattern pattern : new Pattern[] {PAPER, UNDERSCORES}) {
      match = pattern.matcher(text);
      if (match.matches()) {
        return create(
            text, match.group(1), match.group(4), match.group(2), match.group(3), match.group(5));
      }
    }
    throw new IllegalArgumentException("configuration \"" + text + "\": expected " + expected());
  }

  private static QuantizationConfig create(
      String text, String bits, String block, String scaleBits, String type, String group) {
    try {
      return new QuantizationConfig(
          Integer.parseInt(bits),
          Integer.parseInt(block),
          Integer.parseInt(scaleBits),
          GroupType.of(type),
          Integer.parseInt(group));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("configuration \"" + text + "\": " + e.getMessage(), e);
    }
  }

  private static String expected() {
    return "nf4/64/fp8/256[/fp16|/bf16], 4/8/fp32/64/256 or b4_s8_fp32_B64_G256"
        + " (bits, block size, scale bits, group scale type, blocks per group)";
  }
}
