package org.quadrille.cli.console;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;

/**
 * Where a command speaks: text or one JSON document on standard output, progress on standard error
 * if that is a terminal.
 *
 * <p>With {@code --json} all text is suppressed and {@link #document} prints; without it, the other
 * way round. A command calls both and need not ask which.
 */
public final class Console {
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean json;
  private final int terminalColumns;

  /**
   * A console over two writers.
   *
   * @param out standard output
   * @param err standard error
   * @param json whether the JSON document is wanted instead of text
   * @param terminalColumns width of the terminal that standard error is; 0 if it is none
   */
  public Console(PrintWriter out, PrintWriter err, boolean json, int terminalColumns) {
    this.out = out;
    this.err = err;
    this.json = json;
    this.terminalColumns = terminalColumns;
  }

  /** Width of the terminal as the launcher measured it; 0 if standard error is no terminal. */
  public static int launcherColumns() {
    return Integer.getInteger("quadrille.columns", 0);
  }

  /** Prints one line of text. */
  public void print(String line) {
    if (!json) {
      out.println(line);
      out.flush();
    }
  }

  /** Prints a table. */
  public void print(Table table) {
    if (!json) {
      out.print(table.render());
      out.flush();
    }
  }

  /** Prints the JSON document of the command; called once, at the end. */
  public void document(JsonObject document) {
    if (json) {
      out.println(Json.write(document));
      out.flush();
    }
  }

  /** A remark on standard error that the user should see even with {@code --json}. */
  public void warn(String line) {
    err.println("quadrille: " + line);
    err.flush();
  }

  /**
   * Starts a progress line; draws nothing if standard error is no terminal.
   *
   * @param label what is being done
   * @param total amount of work, or 0 if unknown
   * @param unit name of a unit of work
   */
  public Progress progress(String label, double total, String unit) {
    return new Progress(
        terminalColumns > 0 ? err : null, terminalColumns, showsUnicode(), label, total, unit);
  }

  private static boolean showsUnicode() {
    String encoding = System.getProperty("native.encoding", "US-ASCII");
    return Charset.isSupported(encoding)
        && Charset.forName(encoding).equals(StandardCharsets.UTF_8);
  }
}
