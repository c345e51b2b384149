package org.quadrille.federated.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.federated.simulation.RandomStream;
import org.quadrille.linalg.DType;

/** Messages as bytes, and sums under masks. */
class MessageTest {

  private static Message message(Message.Shape shape, int d) {
    RandomStream stream = new RandomStream(d);
    double[] shift = new double[d];
    double[] precision = new double[(int) shape.precisionLength(d)];
    Arrays.setAll(shift, i -> (float) stream.normal());
    Arrays.setAll(precision, i -> (float) stream.normal());
    return new Message("fedep-diagonal", 12, 99_999, 3, 512, shape, shift, precision);
  }

  @Test
  void everyShapeComesBack() {
    for (Message.Shape shape : Message.Shape.values()) {
      for (DType dtype : DType.values()) {
        Message sent = message(shape, 5);
        byte[] bytes = sent.encode(dtype);
        Message received = Message.decode(bytes);
        assertEquals(Message.bytes(shape, 5, dtype), bytes.length);
        assertEquals(sent.algorithm(), received.algorithm());
        assertEquals(sent.round(), received.round());
        assertEquals(sent.client(), received.client());
        assertEquals(sent.sequence(), received.sequence());
        assertEquals(sent.points(), received.points());
        assertEquals(shape, received.shape());
        assertArrayEquals(sent.shift(), received.shift());
        assertArrayEquals(sent.precision(), received.precision());
      }
    }
  }

  @Test
  void payloadsHaveTheirKnownSizes() {
    int d = 650;
    assertEquals(4 * d, Message.bytes(Message.Shape.VECTOR, d, DType.F32) - Message.FRAME);
    assertEquals(8 * d, Message.bytes(Message.Shape.DIAGONAL, d, DType.F32) - Message.FRAME);
    assertEquals(
        4 * d + 2 * d * (d + 1), Message.bytes(Message.Shape.FULL, d, DType.F32) - Message.FRAME);
  }

  @Property(tries = 60)
  void everyFlippedBitIsNoticed(@ForAll @IntRange(min = 0, max = 799) int bit) {
    byte[] bytes = message(Message.Shape.DIAGONAL, 5).encode(DType.F32);
    bytes[bit / 8] ^= (byte) (1 << bit % 8);
    assertThrows(IllegalArgumentException.class, () -> Message.decode(bytes));
  }

  @Test
  void refusesBadMessages() {
    byte[] bytes = message(Message.Shape.DIAGONAL, 5).encode(DType.F32);
    assertThrows(IllegalArgumentException.class, () -> Message.decode(Arrays.copyOf(bytes, 70)));
    assertThrows(IllegalArgumentException.class, () -> Message.decode(new byte[10]));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Message("x", 0, 0, 0, 0, Message.Shape.DIAGONAL, new double[2], new double[3]));
    Message large =
        new Message("x", 0, 0, 0, 0, Message.Shape.VECTOR, new double[] {1e300}, new double[0]);
    assertThrows(IllegalArgumentException.class, () -> large.encode(DType.F32));
  }

  @Test
  void masksCancelInTheSumAndOnlyThere() {
    int clients = 7;
    int d = 50;
    AdditiveMasking masking = new AdditiveMasking(clients, 10, 0x1p32);
    RandomStream stream = new RandomStream(6);
    double[] expected = new double[d];
    long[] sum = new long[d];
    for (int place = 0; place < clients; place++) {
      double[] values = new double[d];
      Arrays.setAll(values, i -> stream.normal());
      for (int i = 0; i < d; i++) {
        expected[i] += values[i];
      }
      long[] code = masking.encode(values);
      long[] masked = masking.mask(code, place, 4, 1234);
      for (int i = 0; i < d; i++) {
        assertNotEquals(code[i], masked[i]);
      }
      masking.add(sum, masked);
      if (place < clients - 1) {
        // Any mask left makes the sum useless: far from what it should be.
        assertTrue(Math.abs(masking.decode(sum)[0] - expected[0]) > 1e3);
      }
    }
    assertArrayEquals(expected, masking.decode(sum), clients / 2.0 * 0x1p-32);
  }

  @Test
  void largeNumbersAreClippedAndOverflowIsRefused() {
    AdditiveMasking masking = new AdditiveMasking(3, 2, 1000);
    assertArrayEquals(
        new double[] {2, -2, 1.5}, masking.decode(masking.encode(new double[] {9, -9, 1.5})));
    assertThrows(IllegalArgumentException.class, () -> masking.encode(new double[] {Double.NaN}));
    assertThrows(IllegalArgumentException.class, () -> new AdditiveMasking(1 << 20, 1024, 0x1p33));
    assertThrows(IllegalArgumentException.class, () -> masking.mask(new long[2], 3, 0, 1));
  }
}
