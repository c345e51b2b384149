package org.quadrille.formats;

/** ONNX models made by hand. Field numbers are those of onnx.proto. */
final class OnnxBytes {
  static final int FLOAT = 1;

  private OnnxBytes() {}

  static ProtobufBytes model(ProtobufBytes graph) {
    return new ProtobufBytes().varint(1, 8).text(2, "hand").text(3, "1.0").message(7, graph);
  }

  static ProtobufBytes tensor(String name, int type, long... dims) {
    return new ProtobufBytes().packed(1, dims).varint(2, type).text(8, name);
  }

  static ProtobufBytes floats(String name, long[] dims, float... values) {
    return tensor(name, FLOAT, dims).bytes(9, ProtobufBytes.floats(values));
  }

  static ProtobufBytes node(String operation, String name, String... inputs) {
    ProtobufBytes node = new ProtobufBytes();
    for (String input : inputs) {
      node.text(1, input);
    }
    return node.text(2, name + "_out").text(3, name).text(4, operation);
  }

  /** A model with a weight of each kind: the seed of the fuzzer. */
  static byte[] sample() {
    ProtobufBytes attribute = new ProtobufBytes().text(1, "transB").varint(3, 1).varint(20, 2);
    ProtobufBytes constant =
        new ProtobufBytes().text(1, "value").message(5, floats("", new long[] {2, 2}, 1, 2, 3, 4));
    ProtobufBytes graph =
        new ProtobufBytes()
            .message(1, node("MatMul", "/layer.0/query/MatMul", "x", "onnx::MatMul_7"))
            .message(1, node("Gemm", "/head/Gemm", "x", "head.weight").message(5, attribute))
            .message(1, node("Constant", "table").message(5, constant))
            .message(5, floats("onnx::MatMul_7", new long[] {2, 3}, 1, 2, 3, 4, 5, 6))
            .message(5, floats("head.weight", new long[] {2, 2}, 1, 2, 3, 4))
            .message(5, tensor("typed", FLOAT, 3).bytes(4, ProtobufBytes.floats(7, 8, 9)))
            .message(5, tensor("ids", 7, 2).packed(7, 5, -6))
            .message(5, tensor("small", 3, 2).packed(5, -1, 2));
    return model(graph).message(14, new ProtobufBytes().text(1, "key").text(2, "value")).toBytes();
  }
}
