package org.quadrille.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.quadrille.formats.ElementType;
import org.quadrille.formats.SafetensorsWriter;
import org.quadrille.formats.TensorInfo;
import org.quadrille.linalg.Tensor;

/** A small transformer-like checkpoint of random numbers. */
public final class ModelFixture {
  private ModelFixture() {}

  /** The names of its linear weights. */
  public static final List<String> WEIGHTS =
      List.of(
          "encoder.layer.0.attention.self.query.weight",
          "encoder.layer.0.output.dense.weight",
          "encoder.layer.1.attention.self.query.weight",
          "encoder.layer.1.output.dense.weight");

  /** Writes the model. */
  public static Path write(Path path) throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.add("embeddings.word_embeddings.weight", QuantizeCommandTest.random(1, 50, 32));
    for (int i = 0; i < WEIGHTS.size(); i++) {
      String name = WEIGHTS.get(i);
      int cols = name.contains("output") ? 48 : 32;
      writer.add(name, QuantizeCommandTest.random(10 + i, 32, cols));
      writer.add(name.replace("weight", "bias"), Tensor.of(new float[32], 32));
    }
    writer.add("pooler.dense.weight", QuantizeCommandTest.random(2, 32, 32));
    writer.add(new TensorInfo("steps", ElementType.I64, 1), new byte[Long.BYTES]);
    writer.write(path);
    return path;
  }
}
