package org.quadrille.growth;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.JsonObject;
import org.quadrille.formats.SafetensorsWriter;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.Frozen;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.ParametricOperator;
import org.quadrille.linalg.Selection;
import org.quadrille.linalg.Sum;
import org.quadrille.linalg.Tensor;

/**
 * The maps, mixtures and free parts of a growth operator as a numbered table: kind and sizes of
 * each as JSON, its numbers as tensors {@code operators.N.name}. One that serves several names is
 * one entry, so that ties stay ties.
 */
final class OperatorStorage {
  private static final String PREFIX = "operators.";

  private OperatorStorage() {}

  /** Collects operators while a file is put together. */
  static final class Table {
    private final IdentityHashMap<LinearOperator, Integer> numbers = new IdentityHashMap<>();
    private final List<JsonObject> entries = new ArrayList<>();
    private final SafetensorsWriter writer;

    Table(SafetensorsWriter writer) {
      this.writer = writer;
    }

    List<JsonObject> entries() {
      return entries;
    }

    /** The number of an operator, which is added if it is new. */
    int number(String what, LinearOperator operator) {
      Integer known = numbers.get(operator);
      if (known != null) {
        return known;
      }
      JsonObject entry = describe(what, operator);
      // What it is made of comes before it.
      int number = entries.size();
      entries.add(entry);
      numbers.put(operator, number);
      boolean parts = operator instanceof Sum || operator instanceof GroupedHeads;
      if (operator instanceof ParametricOperator p && !parts) {
        p.parameters().forEach((name, tensor) -> writer.add(PREFIX + number + "." + name, tensor));
      }
      return number;
    }

    private JsonObject describe(String what, LinearOperator operator) {
      return switch (operator) {
        case Dense dense -> kind("dense");
        case LowRank lowRank -> kind("lowRank").put("scale", lowRank.scale());
        case Selection selection -> copies("selection", selection.cols(), selection.indices());
        case ScaledSelection scaled -> copies("scaledSelection", scaled.cols(), scaled.source());
        case IdentityMap identity -> kind("identity").put("small", identity.cols());
        case IdentityOver over -> kind("identityOver");
        case HeadBlocks heads -> kind("headBlocks").put("headSize", heads.headSize());
        case GroupedHeads grouped ->
            kind("groupedHeads")
                .put("of", number(what, grouped.keys()))
                .put("groupSize", grouped.groupSize())
                .put("headSize", grouped.headSize());
        case ZeroPadding padding -> sizes("padding", padding);
        case AverageExpansion average -> sizes("average", average);
        case Frozen frozen -> kind("frozen").put("of", number(what, frozen.operator()));
        case Sum sum ->
            kind("sum").put("of", sum.terms().stream().map(term -> number(what, term)).toList());
        default ->
            throw new IllegalArgumentException(
                what
                    + ": "
                    + operator
                    + " cannot be saved; expected a map of AxisMap, Selection, Dense, LowRank, or a"
                    + " Sum or Frozen of these; Dense.of(operator.toDense()) always can");
      };
    }

    private static JsonObject kind(String kind) {
      return new JsonObject().put("kind", kind);
    }

    private static JsonObject copies(String kind, int small, int... source) {
      return kind(kind).put("small", small).put("source", Arrays.stream(source).boxed().toList());
    }

    private static JsonObject sizes(String kind, LinearOperator operator) {
      return kind(kind).put("large", operator.rows()).put("small", operator.cols());
    }
  }

  /** All operators of a table, in order. */
  static List<LinearOperator> read(List<?> entries, DType dtype, Checkpoint file)
      throws IOException {
    List<LinearOperator> all = new ArrayList<>();
    for (Object each : entries) {
      if (!(each instanceof JsonObject entry)) {
        throw new FormatException("operator " + all.size() + ": expected an object");
      }
      String prefix = PREFIX + all.size() + ".";
      all.add(operator(entry, dtype, name -> file.read(prefix + name), all));
    }
    return all;
  }

  @FunctionalInterface
  private interface Numbers {
    Tensor read(String name) throws IOException;
  }

  private static LinearOperator operator(
      JsonObject entry, DType dtype, Numbers numbers, List<LinearOperator> before)
      throws IOException {
    return switch (entry.string("kind")) {
      case "dense" -> Dense.of(numbers.read("weight"));
      case "lowRank" ->
          LowRank.of(numbers.read("left"), numbers.read("right"), entry.number("scale"));
      case "selection" -> AxisMap.selection(dtype, entry.intValue("small"), source(entry));
      case "scaledSelection" ->
          AxisMap.scaledSelection(entry.intValue("small"), source(entry), numbers.read("scale"));
      case "identity" -> AxisMap.identity(dtype, entry.intValue("small"));
      case "identityOver" -> AxisMap.identityOver(numbers.read("new"));
      case "headBlocks" -> AxisMap.headBlocks(numbers.read("heads"), entry.intValue("headSize"));
      case "groupedHeads" ->
          AxisMap.groupedHeads(
              number(entry.integer("of"), before),
              entry.intValue("groupSize"),
              entry.intValue("headSize"));
      case "padding" -> AxisMap.padding(dtype, entry.intValue("large"), entry.intValue("small"));
      case "average" -> AxisMap.average(dtype, entry.intValue("large"), entry.intValue("small"));
      case "frozen" -> Frozen.of(number(entry.integer("of"), before));
      case "sum" -> {
        List<LinearOperator> terms = new ArrayList<>();
        for (long term : entry.integers("of")) {
          terms.add(number(term, before));
        }
        yield Sum.of(terms);
      }
      default ->
          throw new FormatException("operator of unknown kind \"" + entry.get("kind") + "\"");
    };
  }

  private static int[] source(JsonObject entry) throws FormatException {
    return Arrays.stream(entry.integers("source")).mapToInt(Math::toIntExact).toArray();
  }

  /** An operator by its number. */
  static LinearOperator number(Object number, List<LinearOperator> all) throws FormatException {
    if (!(number instanceof Long n) || n < 0 || n >= all.size()) {
      throw new FormatException(
          "operator " + number + ": expected a number below " + all.size() + " before its use");
    }
    return all.get(n.intValue());
  }

  /** Operators by name, from numbers by name. */
  static Map<String, LinearOperator> named(JsonObject given, List<LinearOperator> all)
      throws FormatException {
    Map<String, LinearOperator> named = new java.util.LinkedHashMap<>();
    for (Map.Entry<String, Object> entry : given.members().entrySet()) {
      named.put(entry.getKey(), number(entry.getValue(), all));
    }
    return named;
  }
}
