package org.quadrille.cli.reproduce.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.quadrille.cli.reproduce.Claim;

/** Something that was measured. */
public interface Experiment {
  /** What it says about the paper. */
  List<Claim> claims();

  /**
   * Writes its tables (CSV) and figures (SVG).
   *
   * @param folder exists
   */
  void write(Path folder) throws IOException;
}
