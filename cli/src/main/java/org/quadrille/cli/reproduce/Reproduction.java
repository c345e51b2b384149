package org.quadrille.cli.reproduce;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.quadrille.cli.console.Console;
import org.quadrille.formats.JsonObject;

/** The claims of one paper. */
public interface Reproduction {
  /** Title, authors and year, for the heading. */
  String paper();

  /**
   * Names a folder for finished parts of a long job, so that the same command goes on where it was
   * stopped; called before {@link #run}, or not at all. Does nothing unless a reproduction is long.
   *
   * @param folder need not exist
   */
  default void keepIn(Path folder) {}

  /**
   * Measures everything.
   *
   * @param quick fewer cases, for a first look
   * @param seed of every random choice
   * @param console for progress
   */
  List<Claim> run(boolean quick, long seed, Console console)
      throws IOException, InterruptedException;

  /**
   * Writes tables and figures of what was measured; nothing unless a reproduction has some.
   *
   * @param folder exists
   */
  default void write(Path folder) throws IOException {}

  /** Figures behind the claims, after {@link #run}; empty if they say it all. */
  default JsonObject data() {
    return new JsonObject();
  }
}
