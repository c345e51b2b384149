package org.quadrille.kernels.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * One loop shared by several threads: each calls {@link #run} and takes indices until none is left;
 * the owner then waits for the indices that other threads still work at.
 */
final class ParallelLoop implements Runnable {

  /**
   * Turns of busy waiting before the owner sleeps: a fraction of a millisecond, the end of a task.
   */
  private static final int SPINS = 20_000;

  private final int tasks;
  private final IntConsumer task;
  private final Thread owner = Thread.currentThread();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger unfinished;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  ParallelLoop(int tasks, IntConsumer task) {
    this.tasks = tasks;
    this.task = task;
    this.unfinished = new AtomicInteger(tasks);
  }

  /** Takes indices until none is left. */
  @Override
  public void run() {
    // The first test keeps late helpers from counting next up for ever.
    while (next.get() < tasks) {
      int index = next.getAndIncrement();
      if (index >= tasks) {
        return;
      }
      runOne(index);
    }
  }

  private void runOne(int index) {
    try {
      if (failure.get() == null) {
        task.accept(index);
      }
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    } finally {
      if (unfinished.decrementAndGet() == 0) {
        LockSupport.unpark(owner);
      }
    }
  }

  /** Called by the owner: returns when all indices are done, or throws what a task threw. */
  void awaitEnd() {
    for (int i = 0; i < SPINS && unfinished.get() > 0; i++) {
      Thread.onSpinWait();
    }
    boolean interrupted = false;
    while (unfinished.get() > 0) {
      LockSupport.park(this);
      // An interrupt must neither end the wait early nor be lost.
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure.get() != null) {
      ParallelLoop.<RuntimeException>throwAsIs(failure.get());
    }
  }

  /** Throws any throwable unchanged; tasks declare none, so it is unchecked unless they cheat. */
  @SuppressWarnings("unchecked")
  private static <X extends Throwable> void throwAsIs(Throwable failure) throws X {
    throw (X) failure;
  }
}
