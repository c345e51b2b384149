package org.quadrille.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.Tensor;

/** Inputs that other implementations of two-level scales are known to stumble over. */
class QuantizerTrapsTest {

  private static Tensor normal(int rows, int cols, double scale) {
    return QuantizerLawsTest.random(rows, cols, scale, 3);
  }

  private static double relativeError(Tensor w, QuantizationConfig config) {
    return QuantizationError.between(w, BlockQuantizer.of(config).quantize(w).dequantize())
        .relativeError();
  }

  private static QuantizationConfig scaleBits(int bits) {
    return new QuantizationConfig(4, 64, bits, GroupType.FP32, 256);
  }

  @Test
  void scaleBitsBuyWhatIsKnownOfThem() {
    Tensor w = normal(512, 512, 1);
    double[] expected = {.0972, .0930, .0921, .0920, .0920, .0920, .0920};
    for (int bits = 2; bits <= 8; bits++) {
      assertEquals(expected[bits - 2], relativeError(w, scaleBits(bits)), 0.01 * .0920);
    }
  }

  @Test
  void oneZeroBlockCostsTheProtectionOfSmallScales() {
    Tensor w = normal(512, 512, 1);
    double before = relativeError(w, scaleBits(2));
    Arrays.fill(w.floats(), 64, 128, 0f);
    double after = relativeError(w, scaleBits(2));
    assertEquals(.0972, before, 0.01 * .0972);
    assertEquals(.1038, after, 0.01 * .1038);
    // eight scale bits hardly notice
    assertEquals(.0920, relativeError(w, scaleBits(8)), 0.01 * .0920);
  }

  @Test
  void vanishedBlocksAreReported() {
    Tensor w = normal(4, 64, 1);
    for (int i = 0; i < 64; i++) {
      w.floats()[i] = 0; // the offset
      w.floats()[64 + i] *= 0.01f; // below half a step of two scale bits
    }
    QuantizedMatrix two = BlockQuantizer.of(scaleBits(2)).quantize(w);
    assertEquals(1, two.vanishedBlocks(w));
    assertArrayEquals(new float[64], Arrays.copyOfRange(two.dequantize().floats(), 64, 128));
    assertEquals(0, BlockQuantizer.of(scaleBits(8)).quantize(w).vanishedBlocks(w));
    assertThrows(IllegalArgumentException.class, () -> two.vanishedBlocks(normal(4, 63, 1)));
  }

  @Test
  void groupScalesHaveNoAbsoluteThreshold() {
    for (double magnitude : new double[] {1, 1e-8, 1e-20, 1e-33}) {
      Tensor w = normal(128, 128, magnitude);
      assertEquals(.0919, relativeError(w, scaleBits(8)), 0.02 * .0919, "at " + magnitude);
    }
  }

  @Test
  void halfPrecisionGroupScalesDegradeBelowTheirRange() {
    Tensor w = normal(128, 128, 1e-8);
    var half = new QuantizationConfig(4, 64, 8, GroupType.FP16, 256);
    var brain = new QuantizationConfig(4, 64, 8, GroupType.BF16, 256);
    assertTrue(relativeError(w, half) > .15);
    assertEquals(.0919, relativeError(w, brain), 0.02 * .0919);
  }

  @Test
  void groupScaleThatWasRoundedDownDoesNotWrapACode() {
    // 257 becomes 256 in bfloat16, so that the code of the largest block would be 256.0 of 255
    float[] values = new float[192];
    values[64] = 257;
    values[128] = 100;
    var config = new QuantizationConfig(4, 64, 8, GroupType.BF16, 256);
    QuantizedMatrix q = BlockQuantizer.of(config).quantize(Tensor.of(values, 3, 64));
    assertArrayEquals(new float[] {256}, q.groupScales());
    assertArrayEquals(new byte[] {0, (byte) 255, (byte) 100}, q.scaleCodes());
    assertEquals(256, q.dequantize().floats()[64]);
  }

  @Test
  void scaleCodesRoundHalfToEven() {
    // steps of 1: maxima 0.5, 1.5, 2.5 lie half way between two codes
    float[] values = {0, 0.5f, 1.5f, 2.5f, 255};
    var config = new QuantizationConfig(4, 1, 8, GroupType.FP32, 256);
    QuantizedMatrix q = BlockQuantizer.of(config).quantize(Tensor.of(values, 1, 5));
    assertArrayEquals(new byte[] {0, 0, 2, 2, (byte) 255}, q.scaleCodes());
  }

  @Test
  void negativeZeroAndSubnormalsAreOrdinaryValues() {
    float tiny = Float.MIN_VALUE;
    float[] values = {-0f, 0f, tiny, -tiny, 3 * tiny, -15 * tiny, 1, -1};
    QuantizedMatrix besideOnes =
        BlockQuantizer.of(QuantizationConfig.DEFAULT).quantize(Tensor.of(values, 1, 8));
    assertArrayEquals(new byte[] {7, 7, 7, 7, 7, 7, 15, 0}, besideOnes.codes());
    float[] small = Arrays.copyOf(values, 6);
    QuantizedMatrix alone =
        BlockQuantizer.of(QuantizationConfig.DEFAULT).quantize(Tensor.of(small, 1, 6));
    // -15 units are the scale; the others fall on the nearest of its levels
    assertEquals(15 * tiny, alone.offset());
    assertArrayEquals(new byte[] {7, 7, 8, 6, 9, 0}, alone.codes());
    assertEquals(-15 * tiny, alone.dequantize().floats()[5]);
  }

  @Test
  void transposingChangesTheBlocks() {
    Tensor w = normal(64, 128, 1);
    for (int i = 0; i < 64; i++) {
      w.set(100, i, 5); // a column of outliers: each spoils one block of its row
    }
    BlockQuantizer quantizer = BlockQuantizer.of(QuantizationConfig.DEFAULT);
    float[] direct = quantizer.quantize(w).dequantize().floats();
    float[] turned = quantizer.quantize(w.transpose()).dequantize().transpose().toFloats();
    assertTrue(error(w, turned) < 0.5 * error(w, direct));
  }

  private static double error(Tensor w, float[] approximation) {
    return QuantizationError.between(w, Tensor.of(approximation, w.shape())).squaredError();
  }

  @Property(tries = 200)
  void everyCodebookKeepsTheBoundOfItsWidestGap(
      @ForAll @IntRange(min = 0, max = 5) int family,
      @ForAll @IntRange(min = 2, max = 8) int bits,
      @ForAll @IntRange(min = 1, max = 70) int blockSize,
      @ForAll long seed) {
    Codebook codebook =
        switch (family) {
          case 0 -> Codebook.symmetricNormalFloat(bits);
          case 1 -> Codebook.uniform(bits);
          case 2 -> Codebook.abnormalFloat4();
          case 3 -> Codebook.unsigned(bits);
          case 4 -> Codebook.of(-0.7f, -0.1f, 0.2f, 1f);
          default -> Codebook.normalFloat(bits);
        };
    var config = new QuantizationConfig(codebook.bits(), blockSize, 8, GroupType.FP32, 16);
    Tensor w = QuantizerLawsTest.random(3, 70, 0.02, seed);
    QuantizedMatrix q = new BlockQuantizer(config, codebook, false).quantize(w);
    float[] out = q.dequantize().floats();
    float[] scales = q.blockScales();
    double c = codebook.largestHalfGap();
    for (int i = 0; i < out.length; i++) {
      double a = w.floats()[i];
      double scale = scales[i / blockSize];
      // beyond the scale the distance to the end level grows by the excess
      double bound = c * scale + Math.max(0, Math.abs(a) - scale);
      assertTrue(Math.abs(a - out[i]) <= bound + 4 * Math.ulp((float) a), "weight " + i);
    }
  }
}
