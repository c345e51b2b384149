package org.quadrille.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.linalg.Tensor;

/**
 * Published models, if they have been fetched: {@code -Dquadrille.realdata=DIR} with a folder for
 * each model (default: target/real-data of the repository).
 */
@Tag("real-data")
class RealModelTest {
  private static Path model(String folder, String file) {
    String home = System.getProperty("quadrille.home", "..");
    String root =
        System.getProperty("quadrille.realdata", Path.of(home, "target/real-data").toString());
    Path path = Path.of(root, folder, file);
    assumeTrue(Files.exists(path), () -> path + " has not been fetched");
    return path;
  }

  private static String sha256(Path path) throws IOException, NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (InputStream in = new DigestInputStream(Files.newInputStream(path), digest)) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static double standardDeviation(Tensor tensor) {
    double sum = 0;
    double squares = 0;
    for (double value : tensor.toDoubles()) {
      sum += value;
      squares += value * value;
    }
    double mean = sum / tensor.length();
    return Math.sqrt(squares / tensor.length() - mean * mean);
  }

  private static double maximum(Tensor tensor) {
    double maximum = 0;
    for (double value : tensor.toDoubles()) {
      maximum = Math.max(maximum, Math.abs(value));
    }
    return maximum;
  }

  @Test
  void miniLmHasItsTensorsWithTheirNames() throws Exception {
    Path path = model("minilm", "all-minilm-l6-v2.onnx");
    assertEquals("759c3cd2b7fe7e93933ad23c4c9181b7396442a2ed746ec7c1d46192c469c46e", sha256(path));
    try (Checkpoint model = Checkpoint.open(path)) {
      assertEquals(102, model.names().size());
      long singles =
          model.names().stream().filter(n -> model.info(n).type() == ElementType.F32).count();
      assertEquals(101, singles);
      assertEquals(36, model.matrixNames().size());
      for (int layer = 0; layer < 6; layer++) {
        String prefix = "encoder.layer." + layer + ".";
        for (String part : new String[] {"query", "key", "value"}) {
          String name = prefix + "attention.self." + part + ".weight";
          assertTrue(model.isLinearWeight(name), name);
          assertArrayEquals(new long[] {384, 384}, model.info(name).shape());
        }
        assertArrayEquals(
            new long[] {1536, 384}, model.info(prefix + "intermediate.dense.weight").shape());
        assertArrayEquals(
            new long[] {384, 1536}, model.info(prefix + "output.dense.weight").shape());
      }
      assertArrayEquals(
          new int[] {30522, 384}, model.read("embeddings.word_embeddings.weight").shape());
      long values = 0;
      for (String name : model.names()) {
        if (model.info(name).type().isFloatingPoint()) {
          Tensor tensor = model.read(name);
          assertTrue(tensor.isFinite(), name);
          values += tensor.length();
        }
      }
      assertEquals(22_565_376, values);
    }
  }

  @Test
  void miniLmQueryWeightIsTheReferenceMatrix() throws IOException {
    Path path = model("minilm", "all-minilm-l6-v2.onnx");
    Path reference = org.quadrille.ReferenceData.file("lq-lora", "minilm_q0_96x128.f32");
    Tensor expected = RawMatrix.read(reference, org.quadrille.linalg.DType.F32, 96, 128);
    try (Checkpoint model = Checkpoint.open(path)) {
      Tensor query = model.read("encoder.layer.0.attention.self.query.weight");
      assertArrayEquals(expected.floats(), query.slice(0, 0, 96).slice(1, 0, 128).toFloats());
    }
  }

  @Test
  void miniLmSurvivesSafetensors(@TempDir Path folder) throws IOException {
    Path copy = folder.resolve("copy.safetensors");
    try (Checkpoint model = Checkpoint.open(model("minilm", "all-minilm-l6-v2.onnx"))) {
      SafetensorsWriter writer = new SafetensorsWriter();
      for (String name : model.matrixNames()) {
        writer.add(name, model.read(name));
      }
      writer.write(copy);
      try (Checkpoint back = Checkpoint.open(copy)) {
        assertEquals(model.matrixNames(), back.matrixNames());
        for (String name : back.names()) {
          assertArrayEquals(model.read(name).floats(), back.read(name).floats(), name);
        }
      }
    }
  }

  @Test
  void bertBaseHasItsVariablesAndNumbers() throws Exception {
    Path index = model("bert-base", "variables.index");
    assertEquals(
        "f5b90eb9a8328975ae158a74b3d9b5e3eaeed390afab3f56ead48cc64a6b0793",
        sha256(index.resolveSibling("variables.data-00000-of-00001")));
    try (TensorFlowBundle model = TensorFlowBundle.open(index)) {
      assertEquals(204, model.names().size());
      long parameters =
          model.names().stream().mapToLong(name -> model.info(name).elementCount()).sum();
      assertEquals(110_104_890, parameters);
      model.verify();
      assertEquals(
          72, model.matrixNames().stream().filter(name -> name.contains("/encoder/")).count());
      String layers = "module/bert/encoder/layer_";
      Tensor query = model.read(layers + "0/attention/self/query/kernel");
      assertEquals(0.0431, standardDeviation(query), 5e-5);
      assertEquals(0.525, maximum(query), 5e-4);
      Tensor output = model.read(layers + "11/output/dense/kernel");
      assertArrayEquals(new int[] {768, 3072}, output.shape());
      assertEquals(0.0358, standardDeviation(output), 5e-5);
      assertEquals(2.148, maximum(output), 5e-4);
    }
  }
}
