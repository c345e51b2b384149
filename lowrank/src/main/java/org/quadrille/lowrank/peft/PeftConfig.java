package org.quadrille.lowrank.peft;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.JsonObject;

/**
 * What {@code adapter_config.json} says about scale and shape of adapters.
 *
 * @param rank {@code r}, of modules that no pattern names
 * @param alpha {@code lora_alpha}, of modules that no pattern names
 * @param rankStabilized {@code use_rslora}
 * @param magnitudes {@code use_dora}
 * @param rankPattern ranks of modules whose names end in a regular expression
 * @param alphaPattern alphas of such modules
 * @param targetModules {@code target_modules}; one element if it is a regular expression
 * @param baseModel {@code base_model_name_or_path}; empty if it is not named
 * @param weightsTransposed {@code fan_in_fan_out}: the base stores [inputs, outputs], as GPT-2 does
 */
public record PeftConfig(
    int rank,
    double alpha,
    boolean rankStabilized,
    boolean magnitudes,
    Map<String, Integer> rankPattern,
    Map<String, Double> alphaPattern,
    List<String> targetModules,
    String baseModel,
    boolean weightsTransposed) {
  private static final int LONGEST_PATTERN = 1000;

  /** Copies lists and maps. */
  public PeftConfig {
    rankPattern = new LinkedHashMap<>(rankPattern);
    alphaPattern = new LinkedHashMap<>(alphaPattern);
    targetModules = List.copyOf(targetModules);
  }

  /**
   * Reads a configuration.
   *
   * @throws FormatException if it is not one of LoRA, a member has the wrong type, or a pattern is
   *     no regular expression
   */
  public static PeftConfig parse(JsonObject json) throws FormatException {
    if (json.get("peft_type") != null && !json.string("peft_type").equals("LORA")) {
      throw new FormatException(
          "peft_type is " + json.string("peft_type") + ", expected LORA; only LoRA is read");
    }
    Map<String, Integer> ranks = new LinkedHashMap<>();
    for (String key : members(json, "rank_pattern")) {
      ranks.put(checkedPattern(key), json.object("rank_pattern").intValue(key));
    }
    Map<String, Double> alphas = new LinkedHashMap<>();
    for (String key : members(json, "alpha_pattern")) {
      alphas.put(checkedPattern(key), json.object("alpha_pattern").number(key));
    }
    return new PeftConfig(
        json.intValue("r"),
        json.number("lora_alpha"),
        flag(json, "use_rslora"),
        flag(json, "use_dora"),
        ranks,
        alphas,
        targets(json),
        json.get("base_model_name_or_path") == null ? "" : json.string("base_model_name_or_path"),
        flag(json, "fan_in_fan_out"));
  }

  private static boolean flag(JsonObject json, String key) throws FormatException {
    return json.get(key) != null && json.bool(key);
  }

  private static List<String> members(JsonObject json, String key) throws FormatException {
    return json.get(key) == null ? List.of() : List.copyOf(json.object(key).members().keySet());
  }

  private static List<String> targets(JsonObject json) throws FormatException {
    Object targets = json.get("target_modules");
    if (targets == null || targets instanceof String) {
      return targets == null ? List.of() : List.of((String) targets);
    }
    List<String> names = new ArrayList<>();
    for (Object name : json.array("target_modules")) {
      names.add(String.valueOf(name));
    }
    return names;
  }

  private static String checkedPattern(String key) throws FormatException {
    try {
      if (key.length() <= LONGEST_PATTERN) {
        Pattern.compile(key);
        return key;
      }
    } catch (PatternSyntaxException e) {
      FormatException wrapped =
          new FormatException("pattern \"" + key + "\" is no regular expression");
      wrapped.initCause(e);
      throw wrapped;
    }
    throw new FormatException(
        "pattern of " + key.length() + " characters, expected at most " + LONGEST_PATTERN);
  }

  /** The rank of a module: that of the first pattern its name ends in, or {@link #rank}. */
  public int rankOf(String module) {
    return lookUp(rankPattern, module, rank);
  }

  /** The alpha of a module: that of the first pattern its name ends in, or {@link #alpha}. */
  public double alphaOf(String module) {
    return lookUp(alphaPattern, module, alpha);
  }

  /** PEFT's rule: a pattern matches the whole name, or all of it after some dot. */
  private static <T> T lookUp(Map<String, T> patterns, String module, T otherwise) {
    for (Map.Entry<String, T> entry : patterns.entrySet()) {
      if (module.matches("(.*\\.)?(" + entry.getKey() + ")")) {
        return entry.getValue();
      }
    }
    return otherwise;
  }

  /** The configuration of some adapters, the most common rank and alpha as the general ones. */
  static PeftConfig of(List<PeftAdapter> adapters, String baseModel) {
    PeftAdapter first = adapters.getFirst();
    Map<String, Integer> ranks = new LinkedHashMap<>();
    Map<String, Double> alphas = new LinkedHashMap<>();
    for (PeftAdapter adapter : adapters) {
      if (adapter.rankStabilized() != first.rankStabilized()
          || adapter.magnitude().isPresent() != first.magnitude().isPresent()) {
        throw new IllegalArgumentException(
            adapter.module()
                + " differs from "
                + first.module()
                + " in scale rule or magnitudes; expected one kind in a folder");
      }
      String key = pattern(adapter.module(), adapters);
      if (adapter.rank() != first.rank()) {
        ranks.put(key, adapter.rank());
      }
      if (adapter.alpha() != first.alpha()) {
        alphas.put(key, adapter.alpha());
      }
    }
    return new PeftConfig(
        first.rank(),
        first.alpha(),
        first.rankStabilized(),
        first.magnitude().isPresent(),
        ranks,
        alphas,
        adapters.stream().map(PeftAdapter::module).toList(),
        baseModel,
        false);
  }

  /** The name quoted, and tied to the beginning where it is also the end of another name. */
  private static String pattern(String module, List<PeftAdapter> adapters) {
    String quoted = module.replaceAll("([\\\\.\\[\\](){}*+?^$|])", "\\\\$1");
    boolean ambiguous = adapters.stream().anyMatch(a -> a.module().endsWith("." + module));
    return ambiguous ? "^" + quoted : quoted;
  }

  JsonObject toJson() {
    JsonObject ranks = new JsonObject();
    rankPattern.forEach(ranks::put);
    JsonObject alphas = new JsonObject();
    alphaPattern.forEach(alphas::put);
    return new JsonObject()
        .put("peft_type", "LORA")
        .put("base_model_name_or_path", baseModel)
        .put("r", rank)
        .put("lora_alpha", alpha)
        .put("use_rslora", rankStabilized)
        .put("use_dora", magnitudes)
        .put("lora_dropout", 0.0)
        .put("bias", "none")
        .put("fan_in_fan_out", weightsTransposed)
        .put("inference_mode", true)
        .put("rank_pattern", ranks)
        .put("alpha_pattern", alphas)
        .put("target_modules", targetModules);
  }
}
