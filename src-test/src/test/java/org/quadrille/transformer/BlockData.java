package org.quadrille.transformer;

import java.io.IOException;
import java.util.Map;
import org.quadrille.ReferenceData;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/** A reference case of a small transformer: weights, input, loss and gradients in double. */
public final class BlockData {
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("wte", "embeddings.token.weight"),
          Map.entry("wpe", "embeddings.position.weight"),
          Map.entry("pos", "embeddings.position.weight"),
          Map.entry("lnf.g", "final.norm.weight"),
          Map.entry("lnf.b", "final.norm.bias"),
          Map.entry("emb.word", "embeddings.token.weight"),
          Map.entry("emb.pos", "embeddings.position.weight"),
          Map.entry("emb.type", "embeddings.type.weight"),
          Map.entry("emb.ln.g", "embeddings.norm.weight"),
          Map.entry("emb.ln.b", "embeddings.norm.bias"),
          Map.entry("pool.W", "pooler.weight"),
          Map.entry("pool.b", "pooler.bias"),
          Map.entry("nsp.W", "classifier.weight"),
          Map.entry("nsp.b", "classifier.bias"),
          Map.entry("mlm.dense.W", "masked.dense.weight"),
          Map.entry("mlm.dense.b", "masked.dense.bias"),
          Map.entry("mlm.ln.g", "masked.norm.weight"),
          Map.entry("mlm.ln.b", "masked.norm.bias"),
          Map.entry("mlm.bias", "masked.bias"),
          Map.entry("mlm.decoder.W", "masked.decoder.weight"),
          Map.entry("patch.W", "patches.weight"),
          Map.entry("patch.b", "patches.bias"),
          Map.entry("cls", "class.token"),
          Map.entry("head.W", "classifier.weight"),
          Map.entry("head.b", "classifier.bias"),
          Map.entry("tok", "embeddings.token.weight"),
          Map.entry("head", "head.weight"));

  private static final Map<String, String> MODULES =
      Map.of(
          "q", "attention.query",
          "k", "attention.key",
          "v", "attention.value",
          "o", "attention.output",
          "ln1", "attention.norm",
          "fc1", "feedforward.up",
          "fc2", "feedforward.down",
          "up", "feedforward.up",
          "down", "feedforward.down",
          "ln2", "feedforward.norm");

  private BlockData() {}

  public static JsonObject read(String set, String file) throws IOException {
    return Json.read(ReferenceData.file(set, file));
  }

  /** The name that the library gives to a parameter of the reference. */
  public static String name(String given) {
    if (NAMES.containsKey(given)) {
      return NAMES.get(given);
    }
    String[] parts = (given.startsWith("h") ? given.substring(1) : given).split("\\.");
    String end =
        parts.length == 2
            ? "weight"
            : parts[2].equals("W") || parts[2].equals("g") ? "weight" : "bias";
    return "layers." + parts[0] + "." + MODULES.get(parts[1]) + "." + end;
  }

  /** Tensors under the names of the library, in the order of the architecture. */
  public static Tensors tensors(JsonObject given, Architecture architecture) throws IOException {
    Tensors byName = Tensors.empty();
    for (String key : given.members().keySet()) {
      byName.put(name(key), tensor(given.get(key)));
    }
    Tensors ordered = Tensors.empty();
    for (String name : architecture.parameterShapes().keySet()) {
      ordered.put(name, byName.get(name));
    }
    if (ordered.size() != byName.size()) {
      throw new IllegalStateException(byName + " against " + ordered);
    }
    return ordered;
  }

  /** {"shape", "data"}, rows of rows, or a row. */
  public static Tensor tensor(Object given) throws IOException {
    if (given instanceof JsonObject object) {
      long[] shape = object.integers("shape");
      int[] sizes = new int[shape.length];
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = Math.toIntExact(shape[i]);
      }
      return Tensor.of(object.numbers("data"), sizes);
    }
    java.util.List<?> rows = (java.util.List<?>) given;
    if (!(rows.getFirst() instanceof java.util.List<?> first)) {
      double[] row = new double[rows.size()];
      for (int i = 0; i < row.length; i++) {
        row[i] = ((Number) rows.get(i)).doubleValue();
      }
      return Tensor.of(row, row.length);
    }
    if (first.getFirst() instanceof java.util.List<?>) {
      Tensor[] parts = new Tensor[rows.size()];
      for (int i = 0; i < parts.length; i++) {
        parts[i] = tensor(rows.get(i));
      }
      Tensor all = Tensor.zeros(parts[0].dtype(), parts.length, parts[0].size(0), parts[0].size(1));
      for (int i = 0; i < parts.length; i++) {
        all.row(i).assign(parts[i]);
      }
      return all;
    }
    Tensor matrix = Tensor.zeros(org.quadrille.linalg.DType.F64, rows.size(), first.size());
    for (int i = 0; i < rows.size(); i++) {
      matrix.row(i).assign(tensor(rows.get(i)));
    }
    return matrix;
  }

  public static int[] ints(Object given) throws IOException {
    if (given instanceof JsonObject object) {
      long[] values = object.integers("ints");
      int[] ints = new int[values.length];
      for (int i = 0; i < ints.length; i++) {
        ints[i] = Math.toIntExact(values[i]);
      }
      return ints;
    }
    double[] flat = tensor(given).toDoubles();
    int[] ints = new int[flat.length];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = (int) flat[i];
    }
    return ints;
  }
}
