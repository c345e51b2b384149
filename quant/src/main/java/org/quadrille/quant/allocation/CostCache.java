package org.quadrille.quant.allocation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.quadrille.formats.AtomicFile;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;

/**
 * Measured costs on disk: one small JSON file per matrix, so that measuring goes on where it was
 * stopped and another budget for the same model needs no measuring at all.
 *
 * <p>A file holds the key it was measured under and counts only for that key; it appears only when
 * it is complete, and one that cannot be read counts as missing. Safe for several threads as long
 * as each has its own matrix.
 */
public final class CostCache {
  private static final int NAME_DIGITS = 24;

  private final Path folder;
  private final String key;

  /**
   * A cache in a folder.
   *
   * @param folder created when the first costs are kept
   * @param key everything outside of the measurement itself that decides the costs: digests of the
   *     model and of its Fisher information, version of the program
   */
  public CostCache(Path folder, String key) {
    this.folder = folder;
    this.key = key;
  }

  /** Squared errors by option of a matrix; empty if there are none for this key. */
  Map<String, Double> load(String matrix, String measurement) {
    Map<String, Double> costs = new LinkedHashMap<>();
    try {
      Path file = file(matrix, measurement);
      if (Files.exists(file)) {
        JsonObject json = Json.read(file);
        if (json.string("key").equals(key)
            && json.string("measurement").equals(measurement)
            && json.string("matrix").equals(matrix)) {
          JsonObject stored = json.object("squaredErrors");
          for (String option : stored.members().keySet()) {
            costs.put(option, stored.number(option));
          }
        }
      }
      return costs;
    } catch (IOException e) {
      // Whatever is wrong with the file, measuring again is the cure.
      return new LinkedHashMap<>();
    }
  }

  /** Keeps the costs of a matrix in place of those kept before. */
  void save(String matrix, String measurement, Map<String, Double> costs) throws IOException {
    JsonObject squaredErrors = new JsonObject();
    costs.forEach(squaredErrors::put);
    JsonObject json =
        new JsonObject()
            .put("matrix", matrix)
            .put("key", key)
            .put("measurement", measurement)
            .put("squaredErrors", squaredErrors);
    AtomicFile.writeText(file(matrix, measurement), Json.writeIndented(json));
  }

  private Path file(String matrix, String measurement) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String text = key + "\n" + measurement + "\n" + matrix;
      byte[] hash = digest.digest(text.getBytes(StandardCharsets.UTF_8));
      return folder.resolve(HexFormat.of().formatHex(hash).substring(0, NAME_DIGITS) + ".json");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
