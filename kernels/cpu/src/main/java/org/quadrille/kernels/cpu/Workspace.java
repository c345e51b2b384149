package org.quadrille.kernels.cpu;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;

/**
 * Arrays that kernels use again and again: allocating megabytes of zeros per call costs more than
 * the call. At most {@value #SLOTS} idle arrays are kept. Contents are arbitrary.
 *
 * @param <A> the array type
 */
final class Workspace<A> {

  private static final int SLOTS = 32;
  private static final int SMALLEST = 1024;

  private final AtomicReferenceArray<A> idle = new AtomicReferenceArray<>(SLOTS);
  private final IntFunction<A> allocate;
  private final ToIntFunction<A> length;

  Workspace(IntFunction<A> allocate, ToIntFunction<A> length) {
    this.allocate = allocate;
    this.length = length;
  }

  /** Returns an array of at least {@code size} elements, to be given back. */
  A borrow(int size) {
    for (int i = 0; i < SLOTS; i++) {
      A array = idle.get(i);
      if (array != null && length.applyAsInt(array) >= size && idle.compareAndSet(i, array, null)) {
        return array;
      }
    }
    // Powers of two, so that calls of slightly different sizes share arrays.
    int rounded = Integer.highestOneBit(Math.max(size, SMALLEST) - 1) << 1;
    return allocate.apply(rounded > 0 ? rounded : size);
  }

  /** Keeps the array for the next borrower, or replaces a smaller one, or drops it. */
  void giveBack(A array) {
    for (int i = 0; i < SLOTS; i++) {
      A other = idle.get(i);
      if ((other == null || length.applyAsInt(other) < length.applyAsInt(array))
          && idle.compareAndSet(i, other, array)) {
        return;
      }
    }
  }
}
