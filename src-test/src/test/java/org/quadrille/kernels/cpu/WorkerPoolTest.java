package org.quadrille.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerPoolTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 7})
  void runsEachIndexOnce(int threads) {
    WorkerPool pool = WorkerPool.of(threads);
    for (int tasks : new int[] {0, 1, 2, 3, 100, 1000}) {
      AtomicIntegerArray runs = new AtomicIntegerArray(tasks);
      pool.forEach(tasks, runs::incrementAndGet);
      for (int i = 0; i < tasks; i++) {
        assertEquals(1, runs.get(i));
      }
    }
  }

  @Test
  void usesSeveralThreadsAtOnce() throws InterruptedException {
    CountDownLatch bothInside = new CountDownLatch(2);
    AtomicBoolean met = new AtomicBoolean(true);
    WorkerPool.of(2)
        .forEach(
            2,
            i -> {
              bothInside.countDown();
              try {
                met.compareAndSet(true, bothInside.await(20, TimeUnit.SECONDS));
              } catch (InterruptedException e) {
                met.set(false);
              }
            });
    assertTrue(met.get());
  }

  @Test
  void nestedLoopsRunInline() {
    WorkerPool pool = WorkerPool.of(4);
    AtomicInteger strays = new AtomicInteger();
    AtomicInteger sum = new AtomicInteger();
    pool.forEach(
        8,
        i -> {
          Thread outer = Thread.currentThread();
          WorkerPool.shared()
              .forEach(
                  10,
                  j -> {
                    sum.addAndGet(j);
                    if (Thread.currentThread() != outer) {
                      strays.incrementAndGet();
                    }
                  });
        });
    assertEquals(0, strays.get());
    assertEquals(8 * 45, sum.get());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void firstExceptionReachesTheCallerUnchanged(int threads) {
    IllegalStateException thrown = new IllegalStateException("task 3");
    WorkerPool pool = WorkerPool.of(threads);
    assertSame(
        thrown,
        assertThrows(
            IllegalStateException.class,
            () ->
                pool.forEach(
                    50,
                    i -> {
                      if (i == 3) {
                        throw thrown;
                      }
                    })));
    AtomicInteger count = new AtomicInteger();
    pool.forEach(50, i -> count.incrementAndGet());
    assertEquals(50, count.get(), "the pool still works after a failure");
  }

  @Test
  void interruptNeitherEndsTheLoopEarlyNorIsLost() {
    AtomicInteger done = new AtomicInteger();
    Thread.currentThread().interrupt();
    WorkerPool.of(3)
        .forEach(
            20,
            i -> {
              for (int spin = 0; spin < 10_000; spin++) {
                Thread.onSpinWait();
              }
              done.incrementAndGet();
            });
    assertTrue(Thread.interrupted());
    assertEquals(20, done.get());
  }

  @Test
  void boundPoolIsSharedInsideAndInItsTasksOnly() {
    WorkerPool before = WorkerPool.shared();
    WorkerPool pool = WorkerPool.of(3);
    Set<WorkerPool> seen = ConcurrentHashMap.newKeySet();
    int threads =
        pool.call(
            () -> {
              WorkerPool.shared().forEach(20, i -> seen.add(WorkerPool.shared()));
              return WorkerPool.shared().threads();
            });
    assertEquals(3, threads);
    assertEquals(Set.of(pool), seen);
    pool.run(() -> assertSame(pool, WorkerPool.shared()));
    assertSame(before, WorkerPool.shared());
  }

  @Test
  void severalCallersMayShareOnePool() throws InterruptedException {
    WorkerPool pool = WorkerPool.of(2);
    AtomicInteger count = new AtomicInteger();
    Thread[] callers = new Thread[4];
    for (int t = 0; t < callers.length; t++) {
      callers[t] =
          new Thread(
              () -> {
                for (int round = 0; round < 50; round++) {
                  pool.forEach(11, i -> count.incrementAndGet());
                }
              });
      callers[t].start();
    }
    for (Thread caller : callers) {
      caller.join();
    }
    assertEquals(4 * 50 * 11, count.get());
  }

  @Test
  void helpersAreDaemons() {
    Set<Boolean> daemons = ConcurrentHashMap.newKeySet();
    Thread caller = Thread.currentThread();
    WorkerPool.of(4)
        .forEach(
            200,
            i -> {
              if (Thread.currentThread() != caller) {
                daemons.add(Thread.currentThread().isDaemon());
              }
            });
    assertFalse(daemons.contains(false));
  }

  @Test
  void rejectsWrongSizes() {
    assertEquals(8, WorkerPool.parseThreads(null, 8));
    assertEquals(3, WorkerPool.parseThreads(" 3 ", 8));
    for (String bad : new String[] {"0", "-1", "two", ""}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> WorkerPool.parseThreads(bad, 8))
              .getMessage();
      assertTrue(message.contains("-Dquadrille.threads=" + bad), message);
    }
    assertThrows(IllegalArgumentException.class, () -> WorkerPool.of(0));
    assertThrows(IllegalArgumentException.class, () -> WorkerPool.of(2).forEach(-1, i -> {}));
  }
}
