package org.quadrille.growth;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.formats.SafetensorsFile;
import org.quadrille.formats.SafetensorsWriter;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.Tensors;

/**
 * A growth operator in one safetensors file: its numbers as tensors, what they mean as JSON in the
 * metadata under {@code quadrille.growth}. Ties are kept, and the numbers bit for bit.
 *
 * {@snippet :
 * GrowthOperatorFile.write(operator, path);
 * GrowthOperator again = GrowthOperatorFile.read(path, plan); // of the same or another checkpoint
 * }
 */
public final class GrowthOperatorFile {
  private static final String KEY = "quadrille.growth";
  private static final String COUPLED = "coupled.";
  private static final long VERSION = 1;

  private GrowthOperatorFile() {}

  /**
   * Writes an operator; an old file stays until the new one is complete.
   *
   * @throws IllegalArgumentException naming a map of a kind that cannot be saved
   * @throws IOException if the file cannot be written
   */
  public static void write(GrowthOperator operator, Path path) throws IOException {
    write(operator, Map.of(), path);
  }

  /**
   * The same with notes, such as what models the operator was made for.
   *
   * @param notes further metadata
   * @throws IllegalArgumentException naming a map of a kind that cannot be saved, or a note under a
   *     name that the file uses itself
   */
  public static void write(GrowthOperator operator, Map<String, String> notes, Path path)
      throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    if (notes.containsKey(KEY) || notes.containsKey("format")) {
      throw new IllegalArgumentException(
          "notes " + notes.keySet() + ": format and " + KEY + " are taken");
    }
    notes.forEach(writer::metadata);
    OperatorStorage.Table table = new OperatorStorage.Table(writer);
    List<JsonObject> terms = new ArrayList<>();
    for (GrowthTerm term : operator.terms()) {
      terms.add(describe(operator.plan(), term, table));
    }
    JsonObject additive = new JsonObject();
    operator
        .additive()
        .forEach((name, part) -> additive.put(name, table.number("free part of " + name, part)));
    for (int t = 0; t < operator.coupled().size(); t++) {
      String prefix = COUPLED + t + ".";
      operator
          .coupled()
          .get(t)
          .parameters()
          .forEach((name, core) -> writer.add(prefix + name, core));
    }
    JsonObject document =
        new JsonObject()
            .put("version", VERSION)
            .put("dtype", operator.dtype().name())
            .put("terms", terms)
            .put("additive", additive)
            .put("coupled", operator.coupled().size())
            .put("operators", table.entries());
    writer.metadata("format", "pt").metadata(KEY, Json.write(document)).write(path);
  }

  /**
   * Reads an operator.
   *
   * @param plan of the models it is to be used on, with the sizes it was made for
   * @throws FormatException if the file holds no growth operator or breaks its rules
   * @throws IllegalArgumentException if it does not fit the plan
   */
  public static GrowthOperator read(Path path, GrowthPlan plan) throws IOException {
    try (Checkpoint file = SafetensorsFile.open(path)) {
      String text = file.metadata().get(KEY);
      if (text == null) {
        throw new FormatException(
            path, "no \"" + KEY + "\" in the metadata; expected a saved growth operator");
      }
      JsonObject document = Json.parseObject(text);
      if (document.integer("version") != VERSION) {
        throw new FormatException(
            path, "version " + document.integer("version") + ", this library reads " + VERSION);
      }
      Contents contents = contents(document, file);
      GrowthOperator operator =
          GrowthOperator.of(plan, contents.dtype(), contents.terms().toArray(GrowthTerm[]::new))
              .plus(contents.additive());
      for (Tensors cores : contents.coupled()) {
        operator =
            operator.plus(
                CoupledTerm.of(
                    plan,
                    cores.get(CoupledTerm.OUT),
                    cores.get(CoupledTerm.IN),
                    cores.get(CoupledTerm.KINDS),
                    cores.get(CoupledTerm.LAYERS)));
      }
      return operator;
    }
  }

  /**
   * The notes of a saved operator.
   *
   * @throws FormatException if the file holds no growth operator
   */
  public static Map<String, String> notes(Path path) throws IOException {
    try (Checkpoint file = SafetensorsFile.open(path)) {
      Map<String, String> notes = new LinkedHashMap<>(file.metadata());
      notes.remove("format");
      if (notes.remove(KEY) == null) {
        throw new FormatException(
            path, "no \"" + KEY + "\" in the metadata; expected a saved growth operator");
      }
      return notes;
    }
  }

  private record Contents(
      DType dtype,
      List<GrowthTerm> terms,
      Map<String, LinearOperator> additive,
      List<Tensors> coupled) {}

  private static Contents contents(JsonObject document, Checkpoint file) throws IOException {
    try {
      DType dtype = dtype(document.string("dtype"));
      List<LinearOperator> all = OperatorStorage.read(document.array("operators"), dtype, file);
      List<GrowthTerm> terms = new ArrayList<>();
      for (Object each : document.array("terms")) {
        terms.add(term((JsonObject) each, all));
      }
      List<Tensors> coupled = new ArrayList<>();
      for (int t = 0; t < (document.has("coupled") ? document.intValue("coupled") : 0); t++) {
        Tensors cores = Tensors.empty();
        for (String name :
            List.of(CoupledTerm.OUT, CoupledTerm.IN, CoupledTerm.KINDS, CoupledTerm.LAYERS)) {
          cores.put(name, file.read(COUPLED + t + "." + name));
        }
        coupled.add(cores);
      }
      return new Contents(
          dtype, terms, OperatorStorage.named(document.object("additive"), all), coupled);
    } catch (IllegalArgumentException | ArithmeticException | ClassCastException e) {
      // A number or tensor that is not what it should be.
      throw (FormatException) new FormatException(file.path(), e.getMessage()).initCause(e);
    }
  }

  private static JsonObject describe(
      GrowthPlan plan, GrowthTerm term, OperatorStorage.Table table) {
    JsonObject maps = new JsonObject();
    term.maps()
        .forEach(
            (name, each) ->
                maps.put(
                    name, each.stream().map(map -> table.number("map " + name, map)).toList()));
    JsonObject depths = new JsonObject();
    term.depths().forEach((name, w) -> depths.put(name, table.number("mixture " + name, w)));
    JsonObject described =
        new JsonObject().put("order", term.order().name()).put("maps", maps).put("depths", depths);
    List<String> served =
        plan.rules().stream().filter(term::appliesTo).map(TensorRule::name).toList();
    return served.size() == plan.rules().size() ? described : described.put("only", served);
  }

  private static GrowthTerm term(JsonObject described, List<LinearOperator> all)
      throws FormatException {
    GrowthTerm term = GrowthTerm.of(order(described.string("order")));
    JsonObject maps = described.object("maps");
    for (String name : maps.members().keySet()) {
      List<LinearOperator> perLayer = new ArrayList<>();
      for (Object number : maps.array(name)) {
        perLayer.add(OperatorStorage.number(number, all));
      }
      term = term.withMaps(name, perLayer);
    }
    for (Map.Entry<String, LinearOperator> w :
        OperatorStorage.named(described.object("depths"), all).entrySet()) {
      term = term.withDepth(w.getKey(), w.getValue());
    }
    if (described.has("only")) {
      Set<Object> served = new HashSet<>(described.array("only"));
      term = term.only(rule -> served.contains(rule.name()));
    }
    return term;
  }

  private static GrowthOrder order(String name) throws FormatException {
    for (GrowthOrder order : GrowthOrder.values()) {
      if (order.name().equals(name)) {
        return order;
      }
    }
    throw new FormatException(
        "order \"" + name + "\": expected WIDTH_FIRST, DEPTH_FIRST or CHEAPER");
  }

  private static DType dtype(String name) throws FormatException {
    for (DType dtype : DType.values()) {
      if (dtype.name().equals(name)) {
        return dtype;
      }
    }
    throw new FormatException("dtype \"" + name + "\": expected F32 or F64");
  }
}
