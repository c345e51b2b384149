package org.quadrille.cli.console;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.atomic.DoubleAdder;

/**
 * A live line on a terminal: bar, share, rate and time left. Silent where there is no terminal.
 *
 * <p>Any thread may report work; one daemon thread redraws the line five times a second, so that
 * reporting costs next to nothing. {@link #close} erases the line.
 *
 * {@snippet :
 * try (Progress progress = console.progress("compressing", totalWeights, "weights")) {
 *   progress.advance(147_456, "12/36 matrices");
 * }
 * }
 */
public final class Progress implements AutoCloseable {
  private static final int REDRAW_MILLISECONDS = 200;

  private final PrintWriter terminal;
  private final int columns;
  private final boolean unicode;
  private final String label;
  private final double total;
  private final String unit;
  private final long start = System.nanoTime();
  private final DoubleAdder done = new DoubleAdder();
  private final DoubleAdder doneBefore = new DoubleAdder();
  private volatile String detail = "";
  private volatile boolean closed;
  private final Thread painter;

  /** Leaves a clean line behind when the program is stopped from outside. */
  private final Thread stopped = new Thread(this::stop);

  /**
   * A bar that is drawn on a terminal, or nowhere.
   *
   * @param terminal where to draw, or null to draw nothing
   * @param columns width of the terminal
   * @param unicode whether block characters can be shown
   * @param label what is being done
   * @param total amount of work in {@code unit}s; 0 or less if unknown (then only the time is
   *     shown)
   * @param unit name of a unit of work, for the rate
   */
  Progress(
      PrintWriter terminal, int columns, boolean unicode, String label, double total, String unit) {
    this.terminal = terminal;
    this.columns = columns;
    this.unicode = unicode;
    this.label = label;
    this.total = total;
    this.unit = unit;
    this.painter = terminal == null ? null : Thread.ofPlatform().daemon().start(this::paint);
    if (painter != null) {
      Runtime.getRuntime().addShutdownHook(stopped);
    }
  }

  /** Reports work that an earlier run had done: it fills the bar but does not count in the rate. */
  public void alreadyDone(double amount) {
    doneBefore.add(amount);
  }

  /** Reports {@code amount} more units of work. */
  public void advance(double amount) {
    done.add(amount);
  }

  /** Replaces the words after the share, for example {@code 12/36 matrices}. */
  public void detail(String words) {
    detail = words;
  }

  @Override
  public void close() {
    closed = true;
    if (painter == null) {
      return;
    }
    endPainting();
    try {
      Runtime.getRuntime().removeShutdownHook(stopped);
    } catch (IllegalStateException e) {
      // The program is ending already; the hook has nothing left to do.
      return;
    }
  }

  private void stop() {
    if (!closed) {
      closed = true;
      endPainting();
      terminal.println("stopped");
      terminal.flush();
    }
  }

  private void endPainting() {
    painter.interrupt();
    try {
      painter.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void paint() {
    try {
      while (!closed) {
        draw(line(seconds(), done.sum(), doneBefore.sum()));
        Thread.sleep(REDRAW_MILLISECONDS);
      }
    } catch (InterruptedException e) {
      // Closed while asleep: fall through and erase the line.
    }
    draw("");
  }

  private void draw(String line) {
    terminal.print("\r" + line + "\u001b[K");
    terminal.flush();
  }

  private double seconds() {
    return (System.nanoTime() - start) * 1e-9;
  }

  /** The line after {@code seconds}, cut to the width of the terminal. */
  String line(double seconds, double doneNow, double doneEarlier) {
    String text;
    if (total <= 0) {
      text = label + "  " + Units.clock((long) seconds) + (detail.isEmpty() ? "" : "  " + detail);
    } else {
      double share = Math.clamp((doneNow + doneEarlier) / total, 0, 1);
      double rate = seconds > 0 ? doneNow / seconds : 0;
      text =
          label
              + "  "
              + bar(share)
              + String.format(Locale.ROOT, " %3.0f %%", Math.floor(100 * share))
              + (detail.isEmpty() ? "" : "  " + detail)
              + (rate > 0 ? "  " + Units.count(rate) + " " + unit + "/s" : "")
              + timeLeft(rate, total - doneNow - doneEarlier);
    }
    return text.substring(0, Math.min(text.length(), Math.max(0, columns - 1)));
  }

  private static String timeLeft(double rate, double remaining) {
    return rate > 0
        ? "  " + Units.clock((long) Math.ceil(Math.max(0, remaining) / rate)) + " left"
        : "";
  }

  private String bar(double share) {
    int width = Math.clamp(columns - label.length() - 72, 10, 30);
    int full = (int) Math.floor(share * width);
    return unicode
        ? "\u2588".repeat(full) + "\u2591".repeat(width - full)
        : "[" + "#".repeat(full) + ".".repeat(width - full) + "]";
  }
}
