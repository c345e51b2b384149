package org.quadrille.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.Tensor;

/** Codes, scales and dequantized weights against an independent implementation: equal bits. */
class BlockQuantizerReferenceTest {
  private final Map<String, QuantizedMatrix> cache = new HashMap<>();

  private QuantizedMatrix quantized(Map<String, String> row) {
    return cache.computeIfAbsent(
        row.get("matrix") + " " + row.get("config"),
        key ->
            BlockQuantizer.of(QuantizationConfig.parse(row.get("config")))
                .quantize(LqLoraData.matrix(row.get("matrix"))));
  }

  @Test
  void codesAreEqual() {
    for (Map<String, String> row : LqLoraData.csv("quant_codes.csv")) {
      QuantizedMatrix q = quantized(row);
      int at = Integer.parseInt(row.get("row")) * q.cols();
      assertArrayEquals(
          LqLoraData.codes(row.get("codes_hex"), q.config().bits()),
          Arrays.copyOfRange(q.codes(), at, at + q.cols()),
          row.get("matrix") + " " + q.config() + " row " + row.get("row"));
    }
  }

  @Test
  void blockMaximaScaleCodesAndScalesAreEqual() {
    Map<String, List<Map<String, String>>> cases =
        LqLoraData.csv("quant_blocks.csv").stream()
            .collect(Collectors.groupingBy(row -> row.get("matrix") + " " + row.get("config")));
    cases.forEach(
        (name, rows) -> {
          QuantizedMatrix q = quantized(rows.getFirst());
          float[] weights = LqLoraData.matrix(rows.getFirst().get("matrix")).floats();
          byte[] scaleCodes = q.scaleCodes();
          float[] scales = q.blockScales();
          assertEquals(rows.size(), q.blocks(), name);
          for (Map<String, String> row : rows) {
            int block = Integer.parseInt(row.get("block"));
            String place = name + " block " + block;
            assertEquals(
                Float.parseFloat(row.get("absmax")),
                maximum(weights, block, q.config().blockSize()),
                place);
            assertEquals(Integer.parseInt(row.get("scale_code")), scaleCodes[block] & 0xff, place);
            assertEquals(Float.parseFloat(row.get("scale")), scales[block], place);
          }
        });
  }

  private static float maximum(float[] weights, int block, int blockSize) {
    float maximum = 0;
    for (int i = block * blockSize; i < Math.min(weights.length, (block + 1) * blockSize); i++) {
      maximum = Math.max(maximum, Math.abs(weights[i]));
    }
    return maximum;
  }

  @Test
  void groupScalesAndOffsetsAreEqual() {
    for (Map<String, String> row : LqLoraData.csv("quant_groups.csv")) {
      QuantizedMatrix q = quantized(row);
      int group = Integer.parseInt(row.get("group"));
      String place = row.get("matrix") + " " + q.config() + " group " + group;
      assertEquals(Float.parseFloat(row.get("group_scale")), q.groupScales()[group], place);
      assertEquals(Float.parseFloat(row.get("offset")), q.offset(), place);
    }
  }

  @Test
  void dequantizedBytesBitsAndErrorsAreEqual() {
    for (Map<String, String> row : LqLoraData.csv("quant_summary.csv")) {
      QuantizedMatrix q = quantized(row);
      String name = row.get("matrix") + " " + q.config();
      float[] weights = LqLoraData.matrix(row.get("matrix")).floats();
      Tensor dequantized = q.dequantize();
      assertEquals(row.get("dequant_sha256"), LqLoraData.sha256(dequantized.floats()), name);
      assertEquals(Long.parseLong(row.get("bits_exact")), q.storageBits(), name);

      float[] direct = new float[weights.length];
      BlockRounding rounding =
          new BlockQuantizer(q.config(), q.codebook(), q.rowAligned()).rounding(q.rows(), q.cols());
      double squaredError = rounding.apply(weights, direct);
      assertArrayEquals(dequantized.floats(), direct, name);
      double expected = Double.parseDouble(row.get("frobenius_error"));
      assertEquals(expected, Math.sqrt(squaredError), 1e-13 * expected, name);

      QuantizationError error =
          QuantizationError.between(LqLoraData.matrix(row.get("matrix")), dequantized);
      assertEquals(expected, error.frobeniusError(), 1e-13 * expected, name);
      double relative = Double.parseDouble(row.get("relative_error"));
      assertEquals(relative, error.relativeError(), 1e-13 * relative, name);
      double largest = Double.parseDouble(row.get("max_abs_error"));
      assertEquals(largest, error.maxAbsError(), 1e-15 * largest, name);
    }
  }
}
