package org.quadrille.quant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StorageCostTest {

  @Test
  void matchesReference() {
    for (Map<String, String> row : LqLoraData.csv("storage_cost.csv")) {
      QuantizationConfig config = QuantizationConfig.parse(row.get("config"));
      long n = Long.parseLong(row.get("rows")) * Long.parseLong(row.get("cols"));
      assertEquals(Double.parseDouble(row.get("formula_bits_per_param")), config.bitsPerWeight());
      long bits = StorageCost.exactBits(n, config);
      assertEquals(Long.parseLong(row.get("exact_total_bits")), bits);
      assertEquals(
          Double.parseDouble(row.get("exact_bits_per_param")), (double) bits / n, 1e-15 * bits);
    }
  }

  @Test
  void rowAlignedBlocksCostTheirTails() {
    var config = QuantizationConfig.parse("nf4/64/fp8/256");
    assertEquals(4 * 37 * 53 + 8 * 37 + 32, StorageCost.exactBits(37, 53, true, config));
    assertEquals(
        StorageCost.exactBits(37 * 53, config), StorageCost.exactBits(37, 53, false, config));
  }

  @Test
  void factorsInEightBitsGiveThePapersTotals() {
    // LLaMA-2-7B: 224 matrices, 6 476 005 376 weights; r = 64 in NF8 on top of 2.75 bits: 2.95
    long factors = 0;
    for (int layer = 0; layer < 32; layer++) {
      factors += 4 * StorageCost.lowRankBits(4096, 4096, 64, 1);
      factors += 3 * StorageCost.lowRankBits(11008, 4096, 64, 1);
    }
    assertEquals(159_907_840, factors);
    double bits = factors * QuantizationConfig.parse("nf8/64/fp8/256").bitsPerWeight();
    assertEquals(2.9507, 2.75 + bits / 6_476_005_376L, 5e-5);
  }

  @Test
  void rejectsNothingAndOverflow() {
    assertThrows(
        IllegalArgumentException.class, () -> StorageCost.exactBits(0, QuantizationConfig.DEFAULT));
    assertThrows(
        ArithmeticException.class,
        () -> StorageCost.exactBits(Long.MAX_VALUE / 2, QuantizationConfig.DEFAULT));
  }
}
