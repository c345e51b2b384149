package org.quadrille.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BitsAndBytesTest {

  @Test
  void dynamicMapIsEqual() {
    List<Map<String, String>> rows = LqLoraData.csv("bnb_dynamic_map.csv");
    Codebook map = BitsAndBytes.dynamicMap();
    assertEquals(rows.size(), map.size());
    for (Map<String, String> row : rows) {
      int index = Integer.parseInt(row.get("index"));
      assertEquals(Float.parseFloat(row.get("value")), map.level(index), "level " + index);
    }
  }

  @Test
  void bytesAndDequantizedWeightsAreEqual() {
    for (Map<String, String> row : LqLoraData.csv("bnb_nf4.csv")) {
      String name = row.get("matrix") + " block size " + row.get("blocksize");
      float[] weights = LqLoraData.matrix(row.get("matrix")).floats();
      var q = BitsAndBytes.quantize(weights, Integer.parseInt(row.get("blocksize")));
      assertEquals(row.get("packed_hex"), HexFormat.of().formatHex(q.packed()), name);
      assertArrayEquals(LqLoraData.floats(row.get("absmax")), q.absmax(), name);
      assertEquals(row.get("dequant_sha256_single"), LqLoraData.sha256(q.dequantize()), name);

      var nested = BitsAndBytes.nest(q.absmax());
      assertEquals(Float.parseFloat(row.get("nested_offset")), nested.offset(), name);
      assertEquals(row.get("nested_codes_hex"), HexFormat.of().formatHex(nested.codes()), name);
      assertArrayEquals(LqLoraData.floats(row.get("nested_absmax")), nested.absmax(), name);
      float[] dequantized = BitsAndBytes.dequantize(q, nested);
      assertEquals(row.get("dequant_sha256_nested"), LqLoraData.sha256(dequantized), name);
    }
  }

  @Test
  void oddCountIsPaddedWithTheCodeOfZero() {
    var q = BitsAndBytes.quantize(new float[] {1, -1, 0}, 64);
    assertArrayEquals(new byte[] {(byte) 0xf0, 0x77}, q.packed());
    assertArrayEquals(new float[] {1, -1, 0}, q.dequantize());
  }

  @Test
  void rejectsWhatBitsAndBytesRejects() {
    assertThrows(IllegalArgumentException.class, () -> BitsAndBytes.quantize(new float[] {1}, 48));
    assertThrows(
        IllegalArgumentException.class, () -> BitsAndBytes.quantize(new float[] {Float.NaN}, 64));
    assertThrows(IllegalArgumentException.class, () -> BitsAndBytes.quantize(new float[0], 64));
  }
}
