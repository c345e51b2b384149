package org.quadrille.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.formats.ElementType;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.NpyFile;
import org.quadrille.formats.SafetensorsWriter;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;

class FisherFileTest {
  @TempDir private Path folder;

  private final Tensor squares = FisherTest.squaredGradients(5, 7, 1).to(DType.F32);

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    Map<String, Fisher> matrices = new LinkedHashMap<>();
    double[] row = {1, 2, 0};
    double[] column = {1e-9, 3e-9};
    Tensor tiny = FisherTest.squaredGradients(2, 3, 2);
    for (int i = 0; i < 6; i++) {
      tiny.doubles()[i] *= 0x1p-300;
    }
    matrices.put("full", Fisher.of(squares));
    matrices.put("factored", Fisher.ofFactors(row, column));
    matrices.put("tiny", Fisher.of(tiny));
    Path path = folder.resolve("fisher.safetensors");
    FisherFile.write(path, matrices);
    try (FisherFile file = FisherFile.open(path)) {
      assertEquals(List.of("full", "factored", "tiny"), file.names());
      assertTrue(file.has("full") && file.has("factored") && !file.has("factored.row_energy.x"));
      assertArrayEquals(squares.toDoubles(), file.read("full", 5, 7).toTensor().doubles());
      Fisher factored = file.read("factored", 3, 2);
      assertTrue(factored.isFactored());
      assertEquals(6e-9, factored.get(1, 1), 1e-23);
      assertEquals(0, factored.get(2, 0));
      double mean = Fisher.of(tiny).mean();
      assertEquals(mean, file.read("tiny", 2, 3).mean(), 1e-12 * mean);
      assertFalse(file.has("other"));
    }
  }

  @Test
  void halfPrecisionAndFoldersOfArraysAreRead() throws IOException {
    Path path = folder.resolve("half.safetensors");
    new SafetensorsWriter()
        .add("a", squares, ElementType.BF16)
        .add("b", squares, ElementType.F16)
        .write(path);
    Path arrays = Files.createDirectory(folder.resolve("arrays"));
    NpyFile.write(arrays.resolve("a.npy"), squares);
    Fisher exact = Fisher.of(squares);
    try (FisherFile half = FisherFile.open(path);
        FisherFile npy = FisherFile.open(arrays)) {
      assertEquals(exact.mean(), half.read("a", 5, 7).mean(), 0.005 * exact.mean());
      assertEquals(exact.mean(), half.read("b", 5, 7).mean(), 0.005 * exact.mean());
      assertEquals(exact.mean(), npy.read("a", 5, 7).mean());
    }
  }

  @Test
  void badMatricesAreNamed() throws IOException {
    Tensor negative = squares.copy();
    negative.set(-1, 2, 3);
    Path path = folder.resolve("bad.safetensors");
    new SafetensorsWriter()
        .add("negative", negative)
        .add("zero", Tensor.zeros(DType.F32, 5, 7))
        .add("turned", squares.transpose().copy())
        .add("half.row_energy", Tensor.zeros(DType.F32, 5))
        .write(path);
    try (FisherFile file = FisherFile.open(path)) {
      assertRejected(file, "negative", "[2, 3] is -1.0");
      assertRejected(file, "zero", "all 35 elements are 0");
      assertRejected(file, "turned", "transpose it");
      assertRejected(file, "half", "it is missing beside its partner");
      assertRejected(file, "none", "it is missing; expected a Fisher matrix named like the weight");
    }
  }

  private void assertRejected(FisherFile file, String name, String part) {
    String message = assertThrows(FormatException.class, () -> file.read(name, 5, 7)).getMessage();
    assertTrue(message.contains(part) && message.contains(name), message);
    assertTrue(message.contains("bad.safetensors"), message);
  }

  @Test
  void accumulatedMeansAreThoseOfTheSquares() {
    FisherAccumulator accumulator = new FisherAccumulator(5, 7);
    assertThrows(IllegalStateException.class, accumulator::mean);
    accumulator.add(squares);
    accumulator.add(squares.to(DType.F64));
    accumulator.add(Tensor.zeros(DType.F32, 5, 7));
    assertEquals(3, accumulator.count());
    Fisher mean = accumulator.mean();
    double square = squares.get(3, 4) * squares.get(3, 4);
    assertEquals(2 * square / 3, mean.get(3, 4), 1e-7 * square);
    Tensor notFinite = squares.copy();
    notFinite.set(Double.NaN, 0, 1);
    assertThrows(IllegalArgumentException.class, () -> accumulator.add(notFinite));
    assertThrows(IllegalArgumentException.class, () -> accumulator.add(squares.transpose()));
    assertEquals(mean.get(3, 4), accumulator.mean().get(3, 4));
    assertThrows(IllegalArgumentException.class, () -> new FisherAccumulator(0, 7));
    assertThrows(IllegalArgumentException.class, () -> new FisherAccumulator(1 << 16, 1 << 16));
  }

  @Test
  void energiesOfOneTokenAreItsGradientSquared() {
    Tensor delta = Tensor.of(new double[] {1, -2, 3}, 1, 3);
    Tensor x = Tensor.of(new double[] {4, 0.5}, 1, 2);
    FactoredFisherAccumulator factored = new FactoredFisherAccumulator(3, 2);
    assertThrows(IllegalStateException.class, factored::mean);
    factored.add(delta, x);
    factored.add(delta, x);
    FisherAccumulator full = new FisherAccumulator(3, 2);
    full.add(MatrixProduct.multiply(delta.transpose(), x));
    assertEquals(2, factored.tokens());
    assertArrayEquals(
        full.mean().toTensor().doubles(), factored.mean().toTensor().doubles(), 1e-12);
    assertThrows(IllegalArgumentException.class, () -> factored.add(x, delta));
    assertThrows(IllegalArgumentException.class, () -> new FactoredFisherAccumulator(3, 0));
  }
}
