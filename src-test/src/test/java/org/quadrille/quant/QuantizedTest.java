package org.quadrille.quant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

class QuantizedTest {

  @Test
  void productsMatchReference() {
    for (Map<String, String> row : LqLoraData.csv("matvec.csv")) {
      if (!row.get("rank").equals("0")) {
        continue;
      }
      QuantizedMatrix q =
          BlockQuantizer.of(QuantizationConfig.parse(row.get("config")))
              .quantize(LqLoraData.matrix(row.get("matrix")));
      float[] x = LqLoraData.floats(row.get("x_f32"));
      String[] expected = row.get("y_f64").trim().split(" +");
      Tensor y = new Quantized(q).apply(Tensor.of(x, x.length));
      float[] w = q.dequantize().floats();
      for (int i = 0; i < expected.length; i++) {
        double magnitudes = 0;
        for (int j = 0; j < x.length; j++) {
          magnitudes += Math.abs((double) w[i * x.length + j] * x[j]);
        }
        assertEquals(
            Double.parseDouble(expected[i]),
            y.get(i),
            1e-5 * magnitudes,
            row.get("matrix") + " " + row.get("config") + " row " + i);
      }
    }
  }

  @Test
  void appliesLikeItsDenseMatrixInAnyShape() {
    Random random = new Random(3);
    // rows and columns so that there are several panels, also a short one
    QuantizedMatrix q =
        BlockQuantizer.of(QuantizationConfig.parse("nf3/20/fp5/7"))
            .quantize(random(random, 300, 511));
    Quantized operator = new Quantized(q);
    Tensor dense = q.dequantize().to(DType.F64);
    Tensor x = random(random, 3, 511).transpose();
    Tensor y = random(random, 300, 2);
    assertProduct(dense, x, operator.apply(x));
    assertProduct(dense.transpose(), y, operator.applyTransposed(y));
    Tensor column = x.transpose().row(1);
    assertProduct(dense, column.reshape(511, 1), operator.apply(column).reshape(300, 1));
    Tensor row = y.transpose().row(0);
    assertProduct(
        dense.transpose(),
        row.contiguous().reshape(300, 1),
        operator.applyTransposed(row).reshape(511, 1));
  }

  @Test
  void anyThreadCountGivesTheSameBits() {
    Random random = new Random(4);
    Quantized operator =
        new Quantized(
            BlockQuantizer.of(QuantizationConfig.DEFAULT).quantize(random(random, 500, 600)));
    Tensor x = random(random, 600, 5);
    Tensor one = WorkerPool.of(1).call(() -> operator.apply(x));
    Tensor four = WorkerPool.of(4).call(() -> operator.apply(x));
    assertTrue(Arrays.equals(one.floats(), four.floats()));
    Tensor oneBack = WorkerPool.of(1).call(() -> operator.applyTransposed(one));
    Tensor fourBack = WorkerPool.of(4).call(() -> operator.applyTransposed(one));
    assertTrue(Arrays.equals(oneBack.floats(), fourBack.floats()));
  }

  @Test
  void countsItsBits() {
    QuantizedMatrix q =
        BlockQuantizer.of(QuantizationConfig.DEFAULT).quantize(Tensor.of(new float[600], 20, 30));
    Quantized operator = new Quantized(q);
    assertEquals(4 * 600 + 8 * 10 + 32 + 32, operator.storageBits());
    assertEquals(600 + 10 + 1 + 1, operator.parameterCount());
    assertEquals(2 * 600 * 3, operator.flops(3));
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> operator.apply(Tensor.of(new float[20], 20)))
            .getMessage();
    assertTrue(message.contains("did you mean applyTransposed?"), message);
  }

  private static Tensor random(Random random, int rows, int cols) {
    Tensor tensor = Tensor.zeros(DType.F32, rows, cols);
    for (int i = 0; i < tensor.length(); i++) {
      tensor.floats()[i] = (float) random.nextGaussian();
    }
    return tensor;
  }

  /** Triple loop in double; float rounding allows 1e-5 of the sum of magnitudes. */
  private static void assertProduct(Tensor a, Tensor x, Tensor result) {
    for (int i = 0; i < a.size(0); i++) {
      for (int k = 0; k < x.size(1); k++) {
        double sum = 0;
        double magnitudes = 0;
        for (int j = 0; j < a.size(1); j++) {
          double term = a.get(i, j) * x.get(j, k);
          sum += term;
          magnitudes += Math.abs(term);
        }
        assertEquals(sum, result.get(i, k), 1e-5 * magnitudes);
      }
    }
  }
}
