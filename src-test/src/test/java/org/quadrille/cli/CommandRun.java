package org.quadrille.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;

/** One run of the command line within the test, with what it printed. */
public record CommandRun(int status, String out, String err) {

  /** Runs {@code quadrille} with these arguments. */
  public static CommandRun of(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Main.run(
            new PrintWriter(out),
            new PrintWriter(err),
            0,
            Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new));
    return new CommandRun(status, out.toString(), err.toString());
  }

  /** The document on standard output, which must be the only thing there. */
  public JsonObject json() throws FormatException {
    return Json.parseObject(out);
  }
}
