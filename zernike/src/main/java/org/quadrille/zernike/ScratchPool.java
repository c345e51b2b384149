package org.quadrille.zernike;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/** Memory that tasks borrow, give back and find again: as many pieces as tasks ran at once. */
final class ScratchPool<T> {
  private final ConcurrentLinkedQueue<T> free = new ConcurrentLinkedQueue<>();
  private final Supplier<T> maker;

  ScratchPool(Supplier<T> maker) {
    this.maker = maker;
  }

  /** A piece with any contents. */
  T borrow() {
    T found = free.poll();
    return found == null ? maker.get() : found;
  }

  void giveBack(T piece) {
    free.add(piece);
  }
}
