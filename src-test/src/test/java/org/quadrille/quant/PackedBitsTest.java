package org.quadrille.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PackedBitsTest {

  @Test
  void matchesReferenceByteForByte() {
    for (Map<String, String> row : LqLoraData.csv("packing.csv")) {
      int bits = Integer.parseInt(row.get("k"));
      byte[] codes = HexFormat.of().parseHex(row.get("codes_hex"));
      byte[] packed = PackedBits.pack(bits, codes);
      String name = bits + " bits, " + row.get("count") + " codes";
      assertEquals(row.get("packed_hex"), HexFormat.of().formatHex(packed), name);
      assertArrayEquals(codes, PackedBits.unpack(bits, packed, codes.length), name);
    }
  }

  @Property(tries = 300)
  void everyRangeUnpacks(
      @ForAll @IntRange(min = 1, max = 8) int bits,
      @ForAll @IntRange(max = 200) int count,
      @ForAll long seed) {
    Random random = new Random(seed);
    byte[] codes = new byte[count];
    for (int i = 0; i < count; i++) {
      codes[i] = (byte) random.nextInt(1 << bits);
    }
    byte[] packed = PackedBits.pack(bits, codes);
    assertEquals(PackedBits.packedLength(bits, count), packed.length);
    int first = random.nextInt(count + 1);
    int length = random.nextInt(count - first + 1);
    byte[] part = new byte[length + 3];
    Arrays.fill(part, (byte) 0x5a);
    PackedBits.unpack(bits, packed, first, length, part, 1);
    assertArrayEquals(
        Arrays.copyOfRange(codes, first, first + length), Arrays.copyOfRange(part, 1, 1 + length));
    assertEquals(0x5a, part[0]);
    assertEquals(0x5a, part[length + 1]);
  }

  @Test
  void rejectsWhatDoesNotFit() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> PackedBits.pack(3, new byte[] {7, 8}))
            .getMessage();
    assertTrue(message.contains("code 1 is 8"), message);
    assertThrows(IllegalArgumentException.class, () -> PackedBits.pack(9, new byte[1]));
    assertThrows(IllegalArgumentException.class, () -> PackedBits.unpack(4, new byte[3], 7));
  }

  @Test
  void lengthsBeyondTwoGigabytesAreCounted() {
    assertEquals(3L << 30, PackedBits.packedLength(6, 4L << 30));
    assertEquals(4L << 30, PackedBits.packedLength(8, 4L << 30));
  }
}
