package org.quadrille.quant;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The spellings of quantizers that need no data; see {@link Quantizer#parse}. */
final class QuantizerParser {
  private static final Pattern PARTS =
      Pattern.compile("(.*?)((?:[/+](?:search|learned|zero|hadamard|rows))*)");
  private static final Pattern OPTION = Pattern.compile("[/+](\\w+)");
  private static final Pattern OTHER_LEVELS = Pattern.compile("(snf|int|af)(\\d)(/.*)");

  private final String text;
  private final QuantizationConfig config;
  private final String family;
  private final Set<String> options = new LinkedHashSet<>();

  private QuantizerParser(String text) {
    this.text = text;
    Matcher parts = PARTS.matcher(text == null ? "" : text);
    if (text == null || !parts.matches()) {
      throw new IllegalArgumentException("quantizer: given " + text + ", expected " + expected());
    }
    Matcher option = OPTION.matcher(parts.group(2));
    while (option.find()) {
      if (!options.add(option.group(1))) {
        throw rejected("\"" + option.group(1) + "\" is given twice");
      }
    }
    Matcher other = OTHER_LEVELS.matcher(parts.group(1));
    this.family = other.matches() ? other.group(1) : "nf";
    this.config = config(other.matches() ? "nf" + other.group(2) + other.group(3) : parts.group(1));
  }

  private QuantizationConfig config(String numbers) {
    try {
      return QuantizationConfig.parse(numbers);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "configuration \"" + text + "\": expected " + expected() + "; " + e.getMessage(), e);
    }
  }

  static Quantizer parse(String text) {
    return new QuantizerParser(text).quantizer();
  }

  private Quantizer quantizer() {
    boolean zero = options.contains("zero");
    boolean learned = options.contains("learned");
    if (zero && (learned || !family.equals("int"))) {
      throw rejected("+zero goes with equispaced levels such as int4, not with learned ones");
    }
    boolean rows = options.contains("rows");
    ScaleRule rule =
        options.contains("search") ? ScaleRule.LEAST_SQUARES : ScaleRule.LARGEST_MAGNITUDE;
    Quantizer quantizer;
    if (zero) {
      quantizer = AsymmetricQuantizer.of(config).withRowAligned(rows).withScaleRule(rule);
    } else {
      BlockQuantizer block = new BlockQuantizer(config, codebook(), rows, rule);
      quantizer = learned ? LearnedTableQuantizer.of(block) : block;
    }
    return options.contains("hadamard") ? HadamardQuantizer.of(quantizer) : quantizer;
  }

  private Codebook codebook() {
    return switch (family) {
      case "snf" -> Codebook.symmetricNormalFloat(config.bits());
      case "int" -> Codebook.uniform(config.bits());
      case "af" -> {
        if (config.bits() != 4) {
          throw rejected("af" + config.bits() + " is not known; there is af4");
        }
        yield Codebook.abnormalFloat4();
      }
      default -> Codebook.normalFloat(config.bits());
    };
  }

  private IllegalArgumentException rejected(String problem) {
    return new IllegalArgumentException("configuration \"" + text + "\": " + problem);
  }

  private static String expected() {
    return "nf4/64/fp8/256 (or int4, af4, snf4; bits, block size, scale bits, blocks per group),"
        + " then any of /fp16, /bf16, /rows, /search, /learned, +zero, +hadamard";
  }
}
