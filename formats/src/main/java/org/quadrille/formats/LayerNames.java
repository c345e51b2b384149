package org.quadrille.formats;

import java.util.Locale;
import java.util.regex.Pattern;

/** What the name of a tensor tells about its place in a network. */
final class LayerNames {
  /** Words of BERT and LLaMA names, and the two tables of GPT-2: wte (tokens), wpe (positions). */
  private static final Pattern EMBEDDING = Pattern.compile("embed|(^|[./])w[tp]e([./]|$)");

  private LayerNames() {}

  /** Whether the name is that of an embedding table. */
  static boolean isEmbedding(String name) {
    return EMBEDDING.matcher(name.toLowerCase(Locale.ROOT)).find();
  }

  /** A floating-point matrix whose name is not that of an embedding table or a bias. */
  static boolean isLinearWeight(TensorInfo info) {
    return info.isFloatingPointMatrix()
        && !isEmbedding(info.name())
        && !info.name().toLowerCase(Locale.ROOT).endsWith("bias");
  }
}
