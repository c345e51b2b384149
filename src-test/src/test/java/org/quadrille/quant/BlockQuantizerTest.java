package org.quadrille.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** Laws and special cases of blockwise quantization. */
class BlockQuantizerTest {

  @Provide
  Arbitrary<QuantizationConfig> configs() {
    return Combinators.combine(
            Arbitraries.integers().between(2, 8),
            Arbitraries.of(1, 3, 8, 16, 20, 32, 64, 1000),
            Arbitraries.integers().between(1, 8),
            Arbitraries.of(GroupType.FP32, GroupType.BF16),
            Arbitraries.of(1, 2, 16, 256))
        .as(QuantizationConfig::new);
  }

  private static Tensor random(int rows, int cols, double scale, long seed) {
    Random random = new Random(seed);
    float[] values = new float[rows * cols];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    return Tensor.of(values, rows, cols);
  }

  @Property(tries = 300)
  void errorOfEveryWeightIsBounded(
      @ForAll("configs") QuantizationConfig config,
      @ForAll @IntRange(min = 1, max = 20) int rows,
      @ForAll @IntRange(min = 1, max = 40) int cols,
      @ForAll boolean rowAligned,
      @ForAll long seed) {
    Tensor w = random(rows, cols, 0.02, seed);
    QuantizedMatrix q = BlockQuantizer.of(config).withRowAligned(rowAligned).quantize(w);
    float[] out = q.dequantize().floats();
    float[] scales = q.blockScales();
    double c = q.codebook().largestHalfGap();
    BlockLayout layout = BlockLayout.of(rows, cols, config.blockSize(), rowAligned);
    for (int i = 0; i < out.length; i++) {
      int inRun = i % layout.runLength();
      int block = i / layout.runLength() * layout.blocksPerRun() + inRun / layout.blockSize();
      double a = w.floats()[i];
      double scale = scales[block];
      // |a - a'| <= c scale inside the scale; beyond it the end level is scale itself
      double bound = Math.abs(a) <= scale ? c * scale : Math.max(c * scale, Math.abs(a) - scale);
      assertTrue(Math.abs(a - out[i]) <= bound + 4 * Math.ulp((float) a), "weight " + i);
    }
  }

  @Property(tries = 200)
  void scalesAreWithinHalfAStepOfTheMaxima(
      @ForAll("configs") QuantizationConfig config, @ForAll long seed) {
    Tensor w = random(17, 61, 1, seed);
    QuantizedMatrix q = BlockQuantizer.of(config).quantize(w);
    float[] scales = q.blockScales();
    int largestCode = (1 << config.scaleBits()) - 1;
    double rounding = config.groupType() == GroupType.BF16 ? 0x1p-8 : 0x1p-23;
    for (int block = 0; block < scales.length; block++) {
      float maximum = 0;
      int end = (int) Math.min(w.length(), (block + 1L) * config.blockSize());
      for (int i = block * config.blockSize(); i < end; i++) {
        maximum = Math.max(maximum, Math.abs(w.floats()[i]));
      }
      double group = q.groupScales()[block / config.blocksPerGroup()];
      double bound = group / (2 * largestCode) + rounding * group + 4 * Math.ulp(maximum);
      assertTrue(Math.abs(scales[block] - maximum) <= bound, "block " + block);
    }
  }

  @Property(tries = 100)
  void directPathAndCodesGiveTheSameBits(
      @ForAll("configs") QuantizationConfig config,
      @ForAll @IntRange(min = 1, max = 30) int rows,
      @ForAll @IntRange(min = 1, max = 90) int cols,
      @ForAll boolean rowAligned,
      @ForAll long seed) {
    Tensor w = random(rows, cols, 3, seed);
    BlockQuantizer quantizer = BlockQuantizer.of(config).withRowAligned(rowAligned);
    Tensor dequantized = quantizer.quantize(w).dequantize();
    float[] inPlace = w.toFloats();
    double error = quantizer.rounding(rows, cols).apply(inPlace, inPlace);
    assertArrayEquals(dequantized.floats(), inPlace);
    double expected = QuantizationError.between(w, dequantized).squaredError();
    assertEquals(expected, error, 1e-12 * expected);
  }

  @Property(tries = 60)
  void scalarAndSimdAndAnyThreadCountGiveTheSameBits(
      @ForAll("configs") QuantizationConfig config,
      @ForAll @IntRange(min = 1, max = 300) int rows,
      @ForAll @IntRange(min = 1, max = 300) int cols,
      @ForAll boolean rowAligned,
      @ForAll long seed) {
    Tensor w = random(rows, cols, 1, seed);
    if (w.length() > 3) {
      Arrays.fill(w.floats(), 0, w.length() / 4, 0f);
    }
    BlockQuantizer quantizer = BlockQuantizer.of(config).withRowAligned(rowAligned);
    float[] expectedOut = new float[w.length()];
    float[] out = new float[w.length()];
    double[] errors = new double[2];
    QuantizedMatrix[] q = new QuantizedMatrix[2];
    WorkerPool.of(1)
        .run(
            () ->
                KernelProvider.with(
                    KernelProvider.scalar(),
                    () -> {
                      errors[0] = quantizer.rounding(rows, cols).apply(w.floats(), expectedOut);
                      q[0] = quantizer.quantize(w);
                    }));
    WorkerPool.of(4)
        .run(
            () ->
                KernelProvider.with(
                    KernelProvider.simd().orElseThrow(),
                    () -> {
                      errors[1] = quantizer.rounding(rows, cols).apply(w.floats(), out);
                      q[1] = quantizer.quantize(w);
                    }));
    assertEquals(errors[0], errors[1]);
    assertArrayEquals(expectedOut, out);
    assertArrayEquals(q[0].packedCodes(), q[1].packedCodes());
    assertArrayEquals(q[0].packedScaleCodes(), q[1].packedScaleCodes());
    assertArrayEquals(expectedOut, q[1].dequantize().floats());
  }

  @Property(tries = 100)
  void quantizingAgainWithExactScalesChangesNothing(
      @ForAll @IntRange(min = 2, max = 8) int bits, @ForAll long seed) {
    // one block, so that its scale is the offset and exact: levels are met again
    Tensor w = random(1, 50, 1, seed);
    var config = new QuantizationConfig(bits, 50, 8, GroupType.FP32, 1);
    Tensor once = BlockQuantizer.of(config).quantize(w).dequantize();
    Tensor twice = BlockQuantizer.of(config).quantize(once).dequantize();
    boolean endIsUsed = maximum(once.floats()) == maximum(w.floats());
    if (endIsUsed) {
      assertArrayEquals(once.floats(), twice.floats());
    }
  }

  private static float maximum(float[] values) {
    float maximum = 0;
    for (float value : values) {
      maximum = Math.max(maximum, Math.abs(value));
    }
    return maximum;
  }

  @Property(tries = 100)
  void scalingByAPowerOfTwoChangesNoCode(
      @ForAll @IntRange(min = 2, max = 8) int bits,
      @ForAll @IntRange(min = -60, max = 60) int exponent,
      @ForAll long seed) {
    var quantizer = BlockQuantizer.of(new QuantizationConfig(bits, 16, 8, GroupType.FP32, 4));
    Tensor w = random(13, 29, 1, seed);
    Tensor scaled = w.copy();
    for (int i = 0; i < scaled.length(); i++) {
      scaled.floats()[i] = Math.scalb(scaled.floats()[i], exponent);
    }
    QuantizedMatrix a = quantizer.quantize(w);
    QuantizedMatrix b = quantizer.quantize(scaled);
    assertArrayEquals(a.packedCodes(), b.packedCodes());
    assertArrayEquals(a.packedScaleCodes(), b.packedScaleCodes());
    assertEquals(Math.scalb(a.offset(), exponent), b.offset());
  }

  @Test
  void zeroMatrixHasZeroScalesAndNoError() {
    for (int bits = 2; bits <= 8; bits++) {
      var config = QuantizationConfig.DEFAULT.withBits(bits);
      QuantizedMatrix q = BlockQuantizer.of(config).quantize(Tensor.of(new float[700], 20, 35));
      for (byte code : q.codes()) {
        assertEquals((1 << (bits - 1)) - 1, code);
      }
      assertArrayEquals(new float[11], q.blockScales());
      assertArrayEquals(new float[700], q.dequantize().floats());
    }
  }

  @Test
  void constantMatrixIsExact() {
    for (float c : new float[] {0.3f, -7f, Float.MIN_VALUE, -Float.MAX_VALUE, 1e-38f}) {
      float[] values = new float[300];
      Arrays.fill(values, c);
      QuantizedMatrix q =
          BlockQuantizer.of(QuantizationConfig.DEFAULT).quantize(Tensor.of(values, 3, 100));
      assertEquals(Math.abs(c), q.offset());
      assertArrayEquals(values, q.dequantize().floats());
    }
  }

  @Test
  void oneWeightIsExact() {
    QuantizedMatrix q =
        BlockQuantizer.of(QuantizationConfig.DEFAULT)
            .quantize(Tensor.of(new float[] {-0.7f}, 1, 1));
    assertEquals(-0.7f, q.dequantize().floats()[0]);
    assertEquals(44, q.storageBits());
  }

  @Test
  void zeroBlockTakesTheProtectionOfSmallScalesAndIsCounted() {
    float[] values = new float[192];
    Arrays.fill(values, 64, 128, 0.01f);
    Arrays.fill(values, 128, 192, 1f);
    var config = new QuantizationConfig(4, 64, 2, GroupType.FP32, 256);
    BlockRounding rounding = BlockQuantizer.of(config).rounding(3, 64);
    float[] out = new float[192];
    rounding.apply(values, out);
    assertEquals(1, rounding.vanishedBlocks());
    assertArrayEquals(new float[64], Arrays.copyOfRange(out, 64, 128));
    assertEquals(1f, out[128]);
  }

  @Test
  void tinyWeightsKeepTheirRelativeError() {
    double expected = relativeError(1, GroupType.FP32);
    assertEquals(expected, relativeError(1e-8, GroupType.FP32), 0.02 * expected);
    assertEquals(expected, relativeError(1e-30, GroupType.FP32), 0.02 * expected);
    assertEquals(expected, relativeError(1e-30, GroupType.BF16), 0.02 * expected);
    // halves end at 6e-8: that is what the type costs
    assertTrue(relativeError(5e-9, GroupType.FP16) > 1.5 * expected);
  }

  private static double relativeError(double scale, GroupType type) {
    Tensor w = random(64, 256, scale, 5);
    var config = new QuantizationConfig(4, 64, 8, type, 256);
    return QuantizationError.between(w, BlockQuantizer.of(config).quantize(w).dequantize())
        .relativeError();
  }

  @Test
  void expectedErrorsOfNormalWeights() {
    double[][] expected = {
      {.4623, .1740, .0808, .0393, .0194, .0097, .0049},
      {.5640, .2016, .0919, .0444, .0218, .0108, .0054}
    };
    Tensor w = random(512, 512, 1, 3);
    float[] out = new float[w.length()];
    for (int row = 0; row < 2; row++) {
      for (int bits = 2; bits <= 8; bits++) {
        var config = new QuantizationConfig(bits, row == 0 ? 16 : 64, 8, GroupType.FP32, 256);
        double error =
            Math.sqrt(BlockQuantizer.of(config).quantizeDequantize(w.floats(), out) / w.length());
        double value = expected[row][bits - 2];
        assertEquals(value, error, 0.01 * value + 5e-5, config.toString());
      }
    }
  }

  @Test
  void largestMagnitudesStayFinite() {
    float[] values = new float[256];
    Random random = new Random(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = (random.nextFloat() - 0.5f) * 2 * Float.MAX_VALUE;
    }
    values[7] = Float.MAX_VALUE;
    values[250] = 0;
    for (GroupType type : new GroupType[] {GroupType.FP32}) {
      var config = new QuantizationConfig(4, 16, 8, type, 4);
      Tensor out = BlockQuantizer.of(config).quantize(Tensor.of(values, 16, 16)).dequantize();
      assertTrue(out.isFinite());
    }
    String message =
        assertThrows(
                ArithmeticException.class,
                () ->
                    BlockQuantizer.of(QuantizationConfig.parse("nf4/16/fp8/4/fp16"))
                        .quantize(Tensor.of(values, 16, 16)))
            .getMessage();
    assertTrue(message.contains("fp16") && message.contains("bf16 or fp32"), message);
  }

  @Test
  void rowAlignedBlocksDoNotSeeOtherRows() {
    Tensor w = random(5, 70, 1, 9);
    BlockQuantizer quantizer = BlockQuantizer.of(QuantizationConfig.DEFAULT).withRowAligned(true);
    QuantizedMatrix q = quantizer.quantize(w);
    assertEquals(10, q.blocks());
    float[] scales = q.blockScales();
    for (int row = 0; row < 5; row++) {
      float[] values = w.row(row).toFloats();
      float maximum = maximum(Arrays.copyOfRange(values, 64, 70));
      assertEquals(maximum, scales[2 * row + 1], 0.005 * maximum);
    }
    assertEquals(4 * 350 + 8 * 10 + 32, q.storageBits());
  }

  @Test
  void rowsDequantizeAlone() {
    Tensor w = random(23, 37, 1, 2);
    for (boolean aligned : new boolean[] {false, true}) {
      for (int bits = 2; bits <= 8; bits++) {
        var config = new QuantizationConfig(bits, 16, 8, GroupType.FP32, 3);
        QuantizedMatrix q = BlockQuantizer.of(config).withRowAligned(aligned).quantize(w);
        float[] all = q.dequantize().floats();
        float[] part = new float[6 * 37 + 2];
        part[0] = part[part.length - 1] = 99;
        q.dequantizeRows(7, 13, part, 1);
        assertArrayEquals(
            Arrays.copyOfRange(all, 7 * 37, 13 * 37), Arrays.copyOfRange(part, 1, part.length - 1));
        assertEquals(99, part[0]);
        assertEquals(99, part[part.length - 1]);
      }
    }
  }

  @Test
  void stridedAndDoubleInputsAreTakenAsTheirValues() {
    Tensor w = random(12, 20, 1, 4);
    BlockQuantizer quantizer = BlockQuantizer.of(QuantizationConfig.DEFAULT);
    byte[] expected = quantizer.quantize(w.transpose().copy()).packedCodes();
    assertArrayEquals(expected, quantizer.quantize(w.transpose()).packedCodes());
    assertArrayEquals(expected, quantizer.quantize(w.transpose().to(DType.F64)).packedCodes());
  }

  @Test
  void userTableOfFiveLevelsWorks() {
    var quantizer =
        new BlockQuantizer(
            QuantizationConfig.DEFAULT.withBits(3), Codebook.of(-1f, -0.5f, 0f, 0.5f, 1f), false);
    float[] values = {1f, 0.9f, 0.6f, 0.2f, -0.3f, -1f, 0f, 0.5f};
    QuantizedMatrix q = quantizer.quantize(Tensor.of(values, 2, 4));
    assertArrayEquals(new byte[] {4, 4, 3, 2, 1, 0, 2, 3}, q.codes());
    assertThrows(
        IllegalArgumentException.class,
        () -> new BlockQuantizer(QuantizationConfig.DEFAULT, Codebook.normalFloat(3), false));
  }

  @Test
  void badInputIsNamed() {
    BlockQuantizer quantizer = BlockQuantizer.of(QuantizationConfig.DEFAULT);
    float[] values = new float[100];
    values[57] = Float.NaN;
    values[80] = Float.POSITIVE_INFINITY;
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> quantizer.quantize(Tensor.of(values, 10, 10)))
            .getMessage();
    assertTrue(message.contains("[5, 7] is NaN"), message);
    assertThrows(
        IllegalArgumentException.class, () -> quantizer.quantize(Tensor.of(new float[0], 0, 3)));
    assertThrows(
        IllegalArgumentException.class, () -> quantizer.quantize(Tensor.of(new float[3], 3)));
    assertThrows(
        IllegalArgumentException.class,
        () -> quantizer.rounding(2, 2).apply(new float[4], new float[5]));
  }
}
