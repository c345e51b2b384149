package org.quadrille.transformer.models;

import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How one checkpoint names its parameters: the family, what it puts before the names, and whether
 * scales and shifts of normalizations are called gamma and beta, as old files do.
 *
 * @param family the family of names
 * @param prefix before all names but those of heads, such as {@code bert.} or {@code module/bert/}
 * @param gammaBeta whether normalizations have gamma and beta; always in TensorFlow
 */
public record TensorNames(ModelFamily family, String prefix, boolean gammaBeta) {
  private static final Pattern LAYER =
      Pattern.compile("layers\\.(\\d+)\\.([a-z.]+)\\.(weight|bias)");
  private static final Pattern OTHER = Pattern.compile("([a-z.]+)\\.(weight|bias)");
  private static final List<String> FUSED =
      List.of("attention.query", "attention.key", "attention.value");

  /**
   * The names of a checkpoint.
   *
   * @param names of its tensors
   * @throws IllegalArgumentException if they are of no family, or of RoBERTa, whose positions begin
   *     at 2
   */
  public static TensorNames of(Collection<String> names) {
    for (ModelFamily family : ModelFamily.values()) {
      for (String name : names) {
        if (!name.endsWith(family.marker())) {
          continue;
        }
        String prefix = name.substring(0, name.length() - family.marker().length());
        if (!prefix.isEmpty() && !prefix.endsWith(".") && !prefix.endsWith("/")) {
          continue;
        }
        if (prefix.contains("roberta")) {
          throw new IllegalArgumentException(
              "\"" + name + "\": RoBERTa models are not supported, their positions begin at 2");
        }
        boolean old = names.contains(prefix + "embeddings.LayerNorm.gamma");
        return new TensorNames(family, prefix, old || family == ModelFamily.BERT_TENSORFLOW);
      }
    }
    throw new IllegalArgumentException(
        "no token embedding of BERT, GPT-2 or LLaMA among "
            + names.size()
            + " tensors"
            + (names.isEmpty() ? "" : ", the first " + names.iterator().next())
            + "; expected a name that ends in embeddings.word_embeddings.weight,"
            + " embeddings/word_embeddings, wte.weight or embed_tokens.weight");
  }

  /**
   * The name in the file of a canonical parameter. Three parameters of a layer of GPT-2 share one.
   *
   * @param canonical such as {@code layers.0.attention.query.weight}
   * @throws IllegalArgumentException if the family has no such parameter
   */
  public String fileName(String canonical) {
    return place(canonical).name();
  }

  StoredPlace place(String canonical) {
    Matcher layer = LAYER.matcher(canonical);
    if (layer.matches()) {
      String part = family.layerParts().get(layer.group(2));
      requireKnown(part, canonical);
      String name = prefix + spelled(family.layer(Integer.parseInt(layer.group(1))) + part);
      int fused = family == ModelFamily.GPT2 ? FUSED.indexOf(layer.group(2)) : -1;
      return new StoredPlace(
          name + ending(part, layer.group(3)),
          family == ModelFamily.GPT2 && layer.group(3).equals("weight") && !part.startsWith("ln_"),
          Math.max(fused, 0),
          fused < 0 ? 1 : FUSED.size());
    }
    Matcher other = OTHER.matcher(canonical);
    String part = other.matches() ? family.otherParts().get(other.group(1)) : null;
    requireKnown(part, canonical);
    String before = isHead(other.group(1)) ? headPrefix() : prefix;
    return new StoredPlace(before + spelled(part) + ending(part, other.group(2)), false, 0, 1);
  }

  /** What comes before the names of heads: heads lie beside the model, not in it. */
  String headPrefix() {
    return prefix.equals("bert/") || prefix.endsWith("/bert/")
        ? prefix.substring(0, prefix.length() - "bert/".length())
        : "";
  }

  private static boolean isHead(String part) {
    return part.startsWith("masked") || part.equals("classifier") || part.equals("head");
  }

  private String spelled(String name) {
    return family == ModelFamily.BERT_TENSORFLOW
        ? name.replaceFirst("^encoder\\.layer\\.(\\d+)", "encoder.layer_$1").replace('.', '/')
        : name;
  }

  private String ending(String part, String kind) {
    boolean norm = part.endsWith("LayerNorm");
    if (gammaBeta && norm) {
      return separator() + (kind.equals("weight") ? "gamma" : "beta");
    }
    if (family != ModelFamily.BERT_TENSORFLOW) {
      return "." + kind;
    }
    if (part.endsWith("_embeddings")) {
      return "";
    }
    if (part.equals("cls.predictions")) {
      return "/output_bias";
    }
    return kind.equals("weight") ? "/kernel" : "/bias";
  }

  private String separator() {
    return family == ModelFamily.BERT_TENSORFLOW ? "/" : ".";
  }

  private void requireKnown(String part, String canonical) {
    if (part == null) {
      throw new IllegalArgumentException(
          "\"" + canonical + "\" has no name among those of " + family);
    }
  }
}
