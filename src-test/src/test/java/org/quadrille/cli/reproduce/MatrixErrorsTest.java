package org.quadrille.cli.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.BlockQuantizer;
import org.quadrille.quant.QuantizationConfig;
import org.quadrille.quant.QuantizationError;

class MatrixErrorsTest {
  @Test
  void holdsPlainAndLowRankErrorsOfEveryCase() {
    Tensor weight = GaussianMatrix.of(DType.F32, 1, 64, 96);
    MatrixErrors errors =
        MatrixErrors.measure("layer.0.query", weight, new int[] {2, 3}, new int[] {4, 16}, 1);
    assertEquals(4, errors.cases().size());
    assertEquals(Math.pow(Norms.frobenius(weight), 2), errors.squaredNorm(), 1e-6);
    Tensor plain =
        BlockQuantizer.of(QuantizationConfig.DEFAULT.withBits(3)).quantize(weight).dequantize();
    assertEquals(
        QuantizationError.between(weight, plain).squaredError(),
        errors.of(3, 4).plain(),
        1e-9 * errors.of(3, 4).plain());
    assertTrue(errors.of(3, 16).best() < errors.of(3, 4).best());
    assertTrue(errors.of(3, 4).best() < errors.of(3, 4).plain());
    assertTrue(errors.of(3, 4).gainAfter(1) <= 1);
    assertEquals(
        Math.sqrt(errors.of(2, 4).plain() / errors.squaredNorm()),
        MatrixErrors.relative(List.of(errors), 2, 4, MatrixErrors.Case::plain),
        1e-12);
  }

  @Test
  void kindsComeFromNames() {
    String prefix = "minilm:encoder.layer.2.";
    assertEquals("attention.output", kind(prefix + "attention.output.dense.weight"));
    assertEquals("output", kind(prefix + "output.dense.weight"));
    assertEquals("query", kind(prefix + "attention.self.query.weight"));
    assertEquals("intermediate", kind(prefix + "intermediate.dense.weight"));
  }

  private static String kind(String name) {
    return new MatrixErrors(name, 1, List.of()).kind();
  }
}
