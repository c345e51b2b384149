package org.quadrille.cli.federate;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets a job finish its round and save when the program is stopped from outside. */
public final class StopRequest implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook;
  private volatile boolean asked;

  /** From now on a stop is noticed instead of ending the program at once. */
  public StopRequest() {
    hook =
        new Thread(
            () -> {
              asked = true;
              try {
                ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Whether a stop was asked for. */
  public boolean isAsked() {
    return asked;
  }

  @Override
  public void close() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The program is ending: the hook waits for nothing else.
      return;
    }
  }
}
