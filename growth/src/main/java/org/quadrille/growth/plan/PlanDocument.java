package org.quadrille.growth.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.JsonObject;
import org.quadrille.growth.TensorRule;

/** Reads a plan from JSON; every unknown member is an error that names it. */
final class PlanDocument {
  private static final Set<String> MEMBERS =
      Set.of(
          "plan",
          "description",
          "architecture",
          "config",
          "layers",
          "groups",
          "ties",
          "rules",
          "tied",
          "copyThrough",
          "drop");
  private static final Set<String> RULE =
      Set.of(
          "match", "module", "split", "orientation", "squeeze", "optional", "out", "in", "depth");
  private static final Set<String> GROUP = Set.of("size", "to", "headSize");

  private PlanDocument() {}

  static ModelPlan read(JsonObject json) throws FormatException {
    requireKnown("plan", json, MEMBERS);
    String name = json.string("plan");
    List<StoredRule> rules = new ArrayList<>();
    for (Object each : json.array("rules")) {
      if (!(each instanceof JsonObject rule)) {
        throw new FormatException("plan \"" + name + "\": a rule is no object");
      }
      rules.add(rule(rule));
    }
    if (rules.isEmpty()) {
      throw new FormatException("plan \"" + name + "\": no rules");
    }
    JsonObject architecture = json.has("architecture") ? json.object("architecture") : null;
    if (architecture != null && json.has("groups")) {
      throw new FormatException(
          "plan \"" + name + "\": give \"architecture\" or \"groups\", not both");
    }
    return new ModelPlan(
        name,
        rules,
        architecture,
        strings(json, "config"),
        json.has("layers") ? layers(json.object("layers")) : 0,
        groups(json),
        strings(json, "ties"),
        tied(json),
        patterns(json, "copyThrough"),
        patterns(json, "drop"));
  }

  private static StoredRule rule(JsonObject json) throws FormatException {
    List<String> names = texts(json, "match");
    requireKnown("rule " + names, json, RULE);
    List<String> outs = json.has("out") ? texts(json, "out") : null;
    List<String> depths = json.has("depth") ? texts(json, "depth") : null;
    List<String> modules = json.has("module") ? texts(json, "module") : modules(names, outs);
    int split = json.has("split") ? json.intValue("split") : modules.size();
    if (names.isEmpty()
        || split != modules.size()
        || (outs != null && outs.size() != split)
        || (depths != null && depths.size() != split)
        || (outs == null && (json.has("in") || depths != null))) {
      throw new FormatException(
          "rule "
              + names
              + ": split "
              + split
              + " with modules "
              + modules
              + ", out "
              + outs
              + " and depth "
              + depths
              + "; expected as many of each as parts, and no \"in\" or \"depth\" without \"out\"");
    }
    List<StoredRule.Part> parts = new ArrayList<>();
    for (int i = 0; i < split; i++) {
      String module = modules.get(i);
      boolean layered = module.contains(NamePattern.LAYER);
      parts.add(
          new StoredRule.Part(
              module,
              outs == null ? null : fixed(outs.get(i)),
              json.has("in") ? fixed(json.string("in")) : null,
              outs == null || !layered ? null : depths == null ? depthOf(module) : depths.get(i)));
    }
    boolean inOut = false;
    if (json.has("orientation")) {
      inOut = json.string("orientation").equals("in_out");
      if (!inOut && !json.string("orientation").equals("out_in")) {
        throw new FormatException(
            "rule "
                + names
                + ": orientation \""
                + json.string("orientation")
                + "\", expected"
                + " in_out or out_in");
      }
    }
    try {
      return new StoredRule(
          names.stream().map(NamePattern::new).toList(),
          parts,
          inOut,
          json.has("squeeze") && json.bool("squeeze"),
          json.has("optional") && json.bool("optional"));
    } catch (IllegalArgumentException e) {
      throw (FormatException) new FormatException(e.getMessage()).initCause(e);
    }
  }

  /** Without names of its own a tensor has that of the file. */
  private static List<String> modules(List<String> names, List<String> outs) {
    String name = names.getFirst().replace(NamePattern.PREFIX, "").replace(NamePattern.OUTER, "");
    if (outs == null || outs.size() == 1) {
      return List.of(name);
    }
    List<String> modules = new ArrayList<>();
    for (int i = 0; i < outs.size(); i++) {
      modules.add(name + "." + i);
    }
    return modules;
  }

  /** Without a name of its own a mixture has that of the tensor. */
  private static String depthOf(String module) {
    int end = module.indexOf(NamePattern.LAYER) + NamePattern.LAYER.length();
    return module.substring(Math.min(end + 1, module.length()));
  }

  private static String fixed(String map) {
    return map.equals("fixed") ? TensorRule.FIXED : map;
  }

  private static int layers(JsonObject json) throws FormatException {
    requireKnown("layers", json, Set.of("to"));
    return json.intValue("to");
  }

  private static Map<String, SizeGroup> groups(JsonObject json) throws FormatException {
    Map<String, SizeGroup> groups = new LinkedHashMap<>();
    if (!json.has("groups")) {
      return groups;
    }
    JsonObject given = json.object("groups");
    for (String name : given.members().keySet()) {
      JsonObject group = given.object(name);
      requireKnown("group " + name, group, GROUP);
      int size = group.intValue("size");
      try {
        groups.put(
            name,
            new SizeGroup(
                name,
                size,
                group.has("to") ? group.intValue("to") : size,
                group.has("headSize") ? group.intValue("headSize") : 1));
      } catch (IllegalArgumentException e) {
        throw (FormatException) new FormatException(e.getMessage()).initCause(e);
      }
    }
    return groups;
  }

  private static Map<NamePattern, String> tied(JsonObject json) throws FormatException {
    Map<NamePattern, String> tied = new LinkedHashMap<>();
    for (Map.Entry<String, String> entry : strings(json, "tied").entrySet()) {
      tied.put(pattern("tied", entry.getKey()), entry.getValue());
    }
    return tied;
  }

  private static List<NamePattern> patterns(JsonObject json, String key) throws FormatException {
    List<NamePattern> patterns = new ArrayList<>();
    for (String text : json.has(key) ? texts(json, key) : List.<String>of()) {
      patterns.add(pattern(key, text));
    }
    return patterns;
  }

  private static NamePattern pattern(String key, String text) throws FormatException {
    try {
      return new NamePattern(text);
    } catch (IllegalArgumentException e) {
      throw (FormatException) new FormatException(key + ": " + e.getMessage()).initCause(e);
    }
  }

  private static Map<String, String> strings(JsonObject json, String key) throws FormatException {
    Map<String, String> map = new LinkedHashMap<>();
    if (json.has(key)) {
      JsonObject given = json.object(key);
      for (String name : given.members().keySet()) {
        map.put(name, given.string(name));
      }
    }
    return map;
  }

  /** A string, or an array of strings. */
  private static List<String> texts(JsonObject json, String key) throws FormatException {
    if (json.get(key) instanceof String text) {
      return List.of(text);
    }
    List<String> texts = new ArrayList<>();
    for (Object each : json.array(key)) {
      if (!(each instanceof String text)) {
        throw new FormatException("plan: \"" + key + "\" holds " + each + ", expected strings");
      }
      texts.add(text);
    }
    return texts;
  }

  private static void requireKnown(String what, JsonObject json, Set<String> known)
      throws FormatException {
    for (String key : json.members().keySet()) {
      if (!known.contains(key)) {
        throw new FormatException(
            what
                + ": unknown member \""
                + key
                + "\"; expected some of "
                + new java.util.TreeSet<>(known));
      }
    }
  }
}
