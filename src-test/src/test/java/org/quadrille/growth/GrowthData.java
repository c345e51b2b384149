package org.quadrille.growth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.transformer.Activation;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Batch;
import org.quadrille.transformer.BlockData;

/** Growth cases of the reference: operators and models under the names of the library. */
final class GrowthData {
  private static final Map<String, String> MAPS =
      Map.ofEntries(
          Map.entry("E", "residual"),
          Map.entry("Ein", "residual.in"),
          Map.entry("Bq", "query"),
          Map.entry("Bk", "key"),
          Map.entry("Bv", "value"),
          Map.entry("Av", "value.in"),
          Map.entry("Bfc1", "hidden"),
          Map.entry("Afc2", "hidden.in"),
          Map.entry("Bcls", "masked"),
          Map.entry("Clnf", "masked.norm.weight"),
          Map.entry("Bpool", "pooler"),
          Map.entry("Apool", "pooler.in"));

  private GrowthData() {}

  /** Every parameter of the reference operator under the name it has in the library. */
  static Tensors operatorNumbers(JsonObject given) throws IOException {
    Tensors numbers = Tensors.empty();
    for (String key : given.members().keySet()) {
      Tensor value = BlockData.tensor(given.get(key));
      if (!MAPS.containsKey(key)) {
        numbers.put("depth." + depthName(key) + ".weight", value);
      } else if (value.rank() == 2) {
        numbers.put("maps." + MAPS.get(key) + ".weight", value);
      } else {
        for (int l = 0; l < value.size(0); l++) {
          numbers.put("maps." + MAPS.get(key) + "." + l + ".weight", value.row(l).copy());
        }
      }
    }
    return numbers;
  }

  static GrowthTerm term(String order, JsonObject given) throws IOException {
    GrowthTerm term =
        GrowthTerm.of(
            order.equals("width_first") ? GrowthOrder.WIDTH_FIRST : GrowthOrder.DEPTH_FIRST);
    for (String key : given.members().keySet()) {
      Tensor value = BlockData.tensor(given.get(key));
      if (!MAPS.containsKey(key)) {
        term = term.withDepth(depthName(key), AxisMap.dense(value));
      } else if (value.rank() == 2) {
        term = term.withMap(MAPS.get(key), AxisMap.dense(value));
        if (key.equals("Clnf")) {
          term = term.withMap("masked.norm.bias", AxisMap.dense(value));
        }
      } else {
        List<LinearOperator> layers = new ArrayList<>();
        for (int l = 0; l < value.size(0); l++) {
          layers.add(AxisMap.dense(value.row(l).copy()));
        }
        term = term.withMaps(MAPS.get(key), layers);
      }
    }
    return term;
  }

  private static String depthName(String key) {
    String[] parts = key.split("\\.");
    String layer = BlockData.name("h0." + parts[1] + ".W").substring("layers.0.".length());
    return layer.replace(".weight", parts[0].equals("w") ? ".weight" : ".bias");
  }

  static Architecture gpt(JsonObject config, boolean large) throws IOException {
    return Architecture.gpt(
        config.intValue("vocab"),
        config.intValue("positions"),
        config.intValue(large ? "D2" : "D1"),
        config.intValue(large ? "D2" : "D1") / config.intValue("head_dim"),
        config.intValue(large ? "L2" : "L1"));
  }

  static Architecture bert(JsonObject config, boolean large, int headSize, boolean classifier)
      throws IOException {
    Architecture bert =
        Architecture.bert(
            config.intValue("vocab"),
            config.intValue("positions"),
            config.intValue(large ? "D2" : "D1"),
            config.intValue(large ? "D2" : "D1") / headSize,
            config.intValue(large ? "L2" : "L1"));
    return classifier ? bert.withClassifier(2, true) : bert;
  }

  static Architecture vit(JsonObject config, boolean large) throws IOException {
    int patch = config.intValue("patch");
    return Architecture.vit(
        config.intValue("patches"),
        config.intValue("channels") * patch * patch,
        config.intValue("classes"),
        config.intValue(large ? "D2" : "D1"),
        config.intValue(large ? "H2" : "H1"),
        config.intValue(large ? "L2" : "L1"));
  }

  static Batch tokens(JsonObject data) throws IOException {
    long[] shape = data.object("tokens").integers("shape");
    return Batch.of(
        BlockData.ints(data.get("tokens")), Math.toIntExact(shape[0]), Math.toIntExact(shape[1]));
  }

  static Tensors named(JsonObject given) throws IOException {
    Tensors tensors = Tensors.empty();
    for (String key : given.members().keySet()) {
      tensors.put(BlockData.name(key), BlockData.tensor(given.get(key)));
    }
    return tensors;
  }

  static void assertClose(Tensors expected, Tensors actual, double tolerance) {
    assertEquals(
        new java.util.TreeSet<>(expected.names()), new java.util.TreeSet<>(actual.names()));
    for (String name : expected.names()) {
      assertClose(name, expected.get(name), actual.get(name), tolerance);
    }
  }

  static void assertClose(String name, Tensor expected, Tensor actual, double tolerance) {
    double scale = Math.max(Norms.max(expected), 1e-3);
    assertArrayEquals(expected.shape(), actual.shape(), name);
    assertArrayEquals(expected.toDoubles(), actual.toDoubles(), tolerance * scale, name);
  }

  static Architecture exact(Architecture architecture, String activation, double epsilon) {
    return architecture
        .withActivation(activation.equals("gelu_tanh") ? Activation.GELU_TANH : Activation.GELU)
        .withEpsilon(epsilon);
  }

  static GrowthOperator operator(GrowthPlan plan, GrowthTerm term) {
    return GrowthOperator.of(plan, DType.F64, term);
  }
}
