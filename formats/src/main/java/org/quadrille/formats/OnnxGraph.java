package org.quadrille.formats;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a GraphProto says about weights.
 *
 * @param tensors initializers and constants by their names in the file
 * @param uses nodes that multiply by a weight
 */
record OnnxGraph(Map<String, StoredTensor> tensors, List<Use> uses) {

  /**
   * A matrix product with a tensor as its second operand.
   *
   * @param weight name of that tensor in the file
   * @param layer name of the weight derived from the node; empty if the node has none
   * @param isTransposed whether the tensor is {@code [in, out]}
   */
  record Use(String weight, String layer, boolean isTransposed) {}

  /** GraphProto: 1 node, 5 initializer. */
  static OnnxGraph parse(Path path, ProtobufReader graph) throws FormatException {
    OnnxGraph result = new OnnxGraph(new LinkedHashMap<>(), new ArrayList<>());
    while (graph.next()) {
      switch (graph.field()) {
        case 1 -> result.node(path, graph.message());
        case 5 -> result.add(path, OnnxTensor.parse(path, graph.message()));
        default -> graph.skip();
      }
    }
    return result;
  }

  private void add(Path path, StoredTensor tensor) throws FormatException {
    String name = tensor.info().name();
    if (tensors.putIfAbsent(name, tensor) != null) {
      throw new FormatException(path, name, -1, "the name appears twice");
    }
  }

  /** NodeProto: 1 input, 2 output, 3 name, 4 op_type, 5 attribute. */
  private void node(Path path, ProtobufReader node) throws FormatException {
    List<String> inputs = new ArrayList<>();
    List<ProtobufReader> attributes = new ArrayList<>();
    String output = "";
    String name = "";
    String operation = "";
    while (node.next()) {
      switch (node.field()) {
        case 1 -> inputs.add(node.string());
        case 2 -> output = node.string();
        case 3 -> name = node.string();
        case 4 -> operation = node.string();
        case 5 -> attributes.add(node.message());
        default -> node.skip();
      }
    }
    switch (operation) {
      case "MatMul" -> use(inputs, name, true);
      case "Gemm" -> use(inputs, name, !isTrueAttribute("transB", attributes));
      case "Constant" -> constant(path, output, attributes);
      default -> {}
    }
  }

  private void use(List<String> inputs, String node, boolean isTransposed) {
    if (inputs.size() >= 2) {
      uses.add(new Use(inputs.get(1), layerOf(node), isTransposed));
    }
  }

  /**
   * {@code /encoder/layer.0/output/dense/MatMul_1} is {@code encoder.layer.0.output.dense.weight}.
   */
  private static String layerOf(String node) {
    String trimmed = node.startsWith("/") ? node.substring(1) : node;
    int end = trimmed.lastIndexOf('/');
    return end <= 0 ? "" : trimmed.substring(0, end).replace('/', '.') + ".weight";
  }

  /** AttributeProto: 1 name, 3 i. */
  private static boolean isTrueAttribute(String wanted, List<ProtobufReader> attributes)
      throws FormatException {
    boolean isTrue = false;
    for (ProtobufReader attribute : attributes) {
      String name = "";
      long value = 0;
      while (attribute.next()) {
        switch (attribute.field()) {
          case 1 -> name = attribute.string();
          case 3 -> value = attribute.varint();
          default -> attribute.skip();
        }
      }
      isTrue |= name.equals(wanted) && value != 0;
    }
    return isTrue;
  }

  /** AttributeProto: 1 name, 5 t. */
  private void constant(Path path, String output, List<ProtobufReader> attributes)
      throws FormatException {
    for (ProtobufReader attribute : attributes) {
      while (attribute.next()) {
        if (attribute.field() == 5) {
          OnnxTensor tensor = OnnxTensor.parseFields(path, attribute.message(), output);
          if (tensor.isFloatingPoint() && tensor.rank() >= 2) {
            add(path, tensor.stored());
          }
        } else {
          attribute.skip();
        }
      }
    }
  }
}
