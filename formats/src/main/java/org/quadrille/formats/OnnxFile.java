package org.quadrille.formats;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The weights in an ONNX model: the initializers of its graph, and constant nodes that hold a
 * floating-point tensor of at least two axes. The graph itself is not executed.
 *
 * <p><b>Names.</b> Exporters rename the weights of linear layers ({@code onnx::MatMul_787}). Such a
 * weight is named after the node that uses it: {@code /encoder/layer.0/attention/self/query/MatMul}
 * gives {@code encoder.layer.0.attention.self.query.weight}. If that name is taken, the file's own
 * stays.
 *
 * <p><b>Linear weights</b> are the floating-point matrices that are second operand of a MatMul or
 * Gemm node. They are stored {@code [in, out]} (unless Gemm says transB), and {@link #info} and
 * {@link #read} show them as {@code [out, in]}; {@link #bytes} stays as stored.
 *
 * <p>Weights in external files and sparse initializers are not read: the first is an error, the
 * second are left out. <b>Cost</b>: opening walks over the whole structure, not over the data.
 */
public final class OnnxFile extends MappedCheckpoint {
  private final Set<String> linear;

  private OnnxFile(
      Path path,
      Arena arena,
      Map<String, String> metadata,
      List<StoredTensor> tensors,
      Set<String> linear) {
    super(path, arena, metadata, tensors);
    this.linear = linear;
  }

  /**
   * Opens a file and walks its structure.
   *
   * @throws FormatException if the file breaks a rule of the format
   * @throws IOException if it cannot be read
   */
  public static OnnxFile open(Path path) throws IOException {
    return MappedFile.parsed(arena -> parse(path, arena));
  }

  private static OnnxFile parse(Path path, Arena arena) throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>();
    OnnxGraph graph = null;
    // ModelProto: 2 producer_name, 3 producer_version, 7 graph, 14 metadata_props.
    ProtobufReader model = new ProtobufReader(path, MappedFile.map(path, arena), 0);
    while (model.next()) {
      switch (model.field()) {
        case 2 -> metadata.put("producer_name", model.string());
        case 3 -> metadata.put("producer_version", model.string());
        case 7 -> {
          if (graph != null) {
            throw model.error("a second graph; expected one");
          }
          graph = OnnxGraph.parse(path, model.message());
        }
        case 14 -> property(model.message(), metadata);
        default -> model.skip();
      }
    }
    if (graph == null) {
      throw new FormatException(path, "there is no graph; is this an ONNX model?");
    }
    return present(path, arena, metadata, graph);
  }

  /** StringStringEntryProto: 1 key, 2 value. */
  private static void property(ProtobufReader entry, Map<String, String> metadata)
      throws FormatException {
    String key = "";
    String value = "";
    while (entry.next()) {
      switch (entry.field()) {
        case 1 -> key = entry.string();
        case 2 -> value = entry.string();
        default -> entry.skip();
      }
    }
    metadata.put(key, value);
  }

  /** Gives each weight its name and orientation. */
  private static OnnxFile present(
      Path path, Arena arena, Map<String, String> metadata, OnnxGraph graph) {
    Map<String, OnnxGraph.Use> uses = new HashMap<>();
    graph.uses().forEach(use -> uses.putIfAbsent(use.weight(), use));
    Set<String> names = new LinkedHashSet<>(graph.tensors().keySet());
    Set<String> linear = new LinkedHashSet<>();
    List<StoredTensor> tensors = new ArrayList<>();
    for (StoredTensor stored : graph.tensors().values()) {
      TensorInfo info = stored.info();
      OnnxGraph.Use use = uses.get(info.name());
      if (use == null || info.rank() != 2 || !info.type().isFloatingPoint()) {
        tensors.add(stored);
        continue;
      }
      String name = info.name();
      if (name.startsWith("onnx::") && !use.layer().isEmpty() && names.add(use.layer())) {
        name = use.layer();
      }
      linear.add(name);
      long rows = info.size(use.isTransposed() ? 1 : 0);
      long cols = info.size(use.isTransposed() ? 0 : 1);
      TensorInfo shown = new TensorInfo(name, info.type(), rows, cols);
      tensors.add(new StoredTensor(shown, stored.data(), use.isTransposed()));
    }
    return new OnnxFile(path, arena, metadata, tensors, linear);
  }

  @Override
  public boolean isLinearWeight(String name) {
    return linear.contains(info(name).name());
  }
}
