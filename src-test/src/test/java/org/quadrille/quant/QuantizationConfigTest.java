package org.quadrille.quant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QuantizationConfigTest {

  @Test
  void readsThreeSpellings() {
    var config = new QuantizationConfig(4, 64, 8, GroupType.FP32, 256);
    assertEquals(config, QuantizationConfig.parse("nf4/64/fp8/256"));
    assertEquals(config, QuantizationConfig.parse("nf4/64/fp8/256/fp32"));
    assertEquals(config, QuantizationConfig.parse("4/8/fp32/64/256"));
    assertEquals(config, QuantizationConfig.parse("b4_s8_fp32_B64_G256"));
    assertEquals(config, QuantizationConfig.DEFAULT);
    assertEquals("nf4/64/fp8/256", config.toString());
    var half = new QuantizationConfig(3, 16, 5, GroupType.BF16, 64);
    assertEquals(half, QuantizationConfig.parse("nf3/16/fp5/64/bf16"));
    assertEquals(half, QuantizationConfig.parse("3/5/bf16/16/64"));
    assertEquals("nf3/16/fp5/64/bf16", half.toString());
  }

  @Test
  void everyGridPointReadsBackFromItsName() {
    for (QuantizationConfig config : QuantizationConfig.grid()) {
      assertEquals(config, QuantizationConfig.parse(config.toString()));
    }
  }

  @Test
  void gridMatchesReferenceInOrderAndCost() {
    List<Map<String, String>> rows = LqLoraData.csv("ilp_configs.csv");
    List<QuantizationConfig> grid = QuantizationConfig.grid();
    assertEquals(rows.size(), grid.size());
    for (int i = 0; i < grid.size(); i++) {
      Map<String, String> row = rows.get(i);
      var expected =
          new QuantizationConfig(
              Integer.parseInt(row.get("b")),
              Integer.parseInt(row.get("B0")),
              Integer.parseInt(row.get("scale_bits")),
              GroupType.of(row.get("group_dtype")),
              Integer.parseInt(row.get("B1")));
      assertEquals(expected, grid.get(i), "configuration " + i);
      assertEquals(Double.parseDouble(row.get("bits_per_param")), grid.get(i).bitsPerWeight());
    }
    assertEquals(184, grid.stream().map(QuantizationConfig::bitsPerWeight).distinct().count());
  }

  @Test
  void errorsQuoteTheTextAndTheExpectation() {
    assertRejected("nf4-64", "nf4/64/fp8/256");
    assertRejected("nf9/64/fp8/256", "bits: given 9, expected 2 to 8");
    assertRejected("nf4/0/fp8/256", "blockSize: given 0, expected at least 1");
    assertRejected("nf4/64/fp9/256", "scaleBits: given 9, expected 1 to 8");
    assertRejected("b4_s8_fp64_B64_G256", "b4_s8_fp32_B64_G256");
    assertRejected(null, "null");
  }

  private static void assertRejected(String text, String part) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> QuantizationConfig.parse(text))
            .getMessage();
    assertTrue(message.contains(part), message);
  }
}
