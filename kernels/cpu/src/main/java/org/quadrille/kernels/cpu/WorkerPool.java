package org.quadrille.kernels.cpu;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * A bounded group of threads for loops whose iterations are independent.
 *
 * <p>The caller takes part in its own loop, so a pool of one thread needs no thread at all and a
 * loop never waits for a helper that has not started. Loops inside a task run inline on the thread
 * of that task: parallelism is never multiplied. Which thread runs which index is left open, so a
 * task must write only what belongs to its index; then the result does not depend on the number of
 * threads.
 *
 * {@snippet :
 * double[] rowSums = new double[rows];
 * WorkerPool.shared().forEach(rows, i -> rowSums[i] = sumOfRow(i)); // any number of threads
 * WorkerPool.of(1).run(() -> compute());                            // everything inside on one
 * }
 *
 * <p>Helper threads are daemons, start when first needed and end after ten idle seconds. <b>Thread
 * safety</b>: any thread may use any pool at any time.
 */
public final class WorkerPool {

  /** System property that sets the size of the default pool: {@value}. */
  public static final String THREADS_PROPERTY = "quadrille.threads";

  private static final long IDLE_SECONDS = 10;
  private static final ScopedValue<WorkerPool> CURRENT = ScopedValue.newInstance();
  private static final ScopedValue<Boolean> INSIDE_TASK = ScopedValue.newInstance();
  private static final AtomicInteger POOLS = new AtomicInteger();

  /** Created when first asked for, so that a program may set the property before. */
  private static final class Default {
    static final WorkerPool POOL =
        new WorkerPool(
            parseThreads(
                System.getProperty(THREADS_PROPERTY), Runtime.getRuntime().availableProcessors()));
  }

  private final int threads;
  private final ThreadPoolExecutor helpers;

  private WorkerPool(int threads) {
    this.threads = threads;
    this.helpers = threads == 1 ? null : startHelpers(threads - 1);
  }

  /**
   * Returns the pool that loops should use now: the one bound by {@link #run} or {@link #call}
   * around the caller, else the default one of {@code -Dquadrille.threads} threads (default: all
   * processors).
   *
   * @throws IllegalArgumentException if the property is not a positive number
   */
  public static WorkerPool shared() {
    return CURRENT.isBound() ? CURRENT.get() : Default.POOL;
  }

  /**
   * Returns a new pool.
   *
   * @param threads how many threads work at a loop, the caller included, at least 1
   */
  public static WorkerPool of(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(
          "threads: " + threads + " given, expected at least 1 (the caller itself)");
    }
    return new WorkerPool(threads);
  }

  /** Returns how many threads work at a loop, the caller included. */
  public int threads() {
    return threads;
  }

  /**
   * Runs {@code task} for every index 0 to {@code tasks - 1}, each exactly once, and returns when
   * all are done. Tasks see the kernels and the pool that are active for the caller.
   *
   * <p>If tasks throw, the first exception seen is thrown here, after the running tasks have ended;
   * indices not yet begun are then left out.
   *
   * @param tasks number of indices, 0 or more
   * @param task what to do for one index; must write only what belongs to that index
   */
  public void forEach(int tasks, IntConsumer task) {
    if (tasks < 0) {
      throw new IllegalArgumentException("tasks: " + tasks + " given, expected 0 or more");
    }
    if (tasks <= 1 || threads == 1 || INSIDE_TASK.isBound()) {
      for (int i = 0; i < tasks; i++) {
        task.accept(i);
      }
      return;
    }
    ParallelLoop loop = new ParallelLoop(tasks, task);
    Runnable share =
        KernelProvider.bindActive(ScopedValue.where(CURRENT, this).where(INSIDE_TASK, true), loop);
    int invited = Math.min(threads, tasks) - 1;
    for (int i = 0; i < invited; i++) {
      helpers.execute(share);
    }
    share.run();
    loop.awaitEnd();
  }

  /** Runs {@code action} with this pool as {@link #shared()}. */
  public void run(Runnable action) {
    ScopedValue.where(CURRENT, this).run(action);
  }

  /** Returns the result of {@code action}, run with this pool as {@link #shared()}. */
  public <T> T call(Supplier<T> action) {
    return ScopedValue.where(CURRENT, this).call(action::get);
  }

  /** Size of the default pool from the text of the property (null: not set). */
  static int parseThreads(String text, int processors) {
    if (text == null) {
      return processors;
    }
    try {
      int threads = Integer.parseInt(text.trim());
      if (threads >= 1) {
        return threads;
      }
    } catch (NumberFormatException e) {
      // answered below, together with numbers that are too small
    }
    throw new IllegalArgumentException(
        "-D" + THREADS_PROPERTY + "=" + text + ": expected a whole number of threads, 1 or more");
  }

  private static ThreadPoolExecutor startHelpers(int count) {
    int pool = POOLS.incrementAndGet();
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor helpers =
        new ThreadPoolExecutor(
            count,
            count,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new AwakeQueue(),
            loop -> {
              Thread thread =
                  new Thread(loop, "quadrille-" + pool + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    helpers.allowCoreThreadTimeOut(true);
    return helpers;
  }

  /**
   * A queue whose takers look out for the next loop for a moment before they sleep: the loops of
   * one product follow each other within microseconds, and to wake a thread takes tens of them.
   */
  private static final class AwakeQueue extends LinkedBlockingQueue<Runnable> {

    private static final long serialVersionUID = 1;

    private static final long AWAKE_NANOSECONDS = 50_000;

    @Override
    public Runnable poll(long timeout, TimeUnit unit) throws InterruptedException {
      long start = System.nanoTime();
      do {
        Runnable next = isEmpty() ? null : poll();
        if (next != null) {
          return next;
        }
        Thread.onSpinWait();
      } while (System.nanoTime() - start < AWAKE_NANOSECONDS);
      return super.poll(timeout, unit);
    }
  }
}
