package org.quadrille.kernels.gpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.quadrille.kernels.cpu.device.DeviceArray;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** Arrays as TornadoVM wants them: outside the heap, with a header in front. */
final class NativeArrays {
  /** A signalling pattern with a payload of ours: arithmetic only makes quiet NaNs. */
  private static final int POISON = 0x7fa5_1e57;

  /** The same in double precision. */
  private static final long WIDE_POISON = 0x7ff4_5a5a_1e57_2357L;

  private NativeArrays() {}

  /** A new array; of a constant, with its numbers. */
  static TornadoNativeArray of(DeviceArray array) {
    if (array.isDouble()) {
      DoubleArray made = new DoubleArray(array.length());
      if (array.role() == DeviceArray.Role.CONSTANT) {
        MemorySegment.copy(
            array.doubles(), 0, elements(made), ValueLayout.JAVA_DOUBLE, 0, array.length());
      }
      return made;
    }
    FloatArray made = new FloatArray(array.length());
    if (array.role() == DeviceArray.Role.CONSTANT) {
      MemorySegment.copy(
          array.floats(), 0, elements(made), ValueLayout.JAVA_FLOAT, 0, array.length());
    }
    return made;
  }

  /** The elements without the header. */
  static MemorySegment elements(TornadoNativeArray array) {
    return switch (array) {
      case FloatArray x -> x.getSegment();
      case DoubleArray x -> x.getSegment();
      default -> throw new IllegalArgumentException("elements of " + array.getClass());
    };
  }

  /** Puts a NaN that no kernel makes in front. */
  static void poison(TornadoNativeArray array) {
    if (array instanceof FloatArray) {
      elements(array).set(ValueLayout.JAVA_INT, 0, POISON);
    } else {
      elements(array).set(ValueLayout.JAVA_LONG, 0, WIDE_POISON);
    }
  }

  /** Whether the first number is still the poison. */
  static boolean isPoisoned(TornadoNativeArray array) {
    MemorySegment elements = elements(array);
    return array instanceof FloatArray
        ? elements.get(ValueLayout.JAVA_INT, 0) == POISON
        : elements.get(ValueLayout.JAVA_LONG, 0) == WIDE_POISON;
  }
}
