package org.quadrille.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.formats.JsonObject;

/** The README's command on the real model; downloads it on the first run. */
@Tag("real-data")
class MiniLmCompressionTest {
  @TempDir private Path folder;

  private JsonObject compress(Object... options) throws IOException {
    Object[] all = new Object[options.length + 5];
    all[0] = "compress";
    all[1] = "minilm";
    all[2] = "--json";
    all[3] = "--out";
    all[4] = folder.resolve("small.safetensors");
    System.arraycopy(options, 0, all, 5, options.length);
    CommandRun run = CommandRun.of(all);
    assertEquals(0, run.status(), run.err());
    return run.json();
  }

  private static List<JsonObject> matrices(JsonObject json) throws IOException {
    return json.array("matrices").stream().map(JsonObject.class::cast).toList();
  }

  @Test
  void uniformThreeBitsGiveTheErrorsOfAnIndependentImplementation() throws IOException {
    JsonObject json = compress("--config", "nf3/64/fp8/256", "--rank", 8);
    assertEquals(36, matrices(json).size());
    assertEquals(3.126953125, json.number("averageBits"), 1e-12);
    // 0.2057 and, with at most 12 iterations, 0.1747 by an independent NumPy implementation
    assertEquals(0.2057, json.number("relativeErrorWithoutLowRank"), 5e-5);
    assertTrue(json.number("relativeError") <= 0.1747, json.toString());
    assertTrue(json.number("relativeError") >= 0.165, json.toString());
  }

  @Test
  void budgetOfThreeBitsIsMetAndRankEightHelpsEveryMatrix() throws IOException {
    JsonObject json = compress("--bits", 3, "--rank", 8);
    assertTrue(json.number("averageBits") <= 3 && json.number("averageBits") > 2.99);
    assertTrue(json.number("relativeError") < 0.185, json.toString());
    for (JsonObject matrix : matrices(json)) {
      double plain = matrix.number("relativeErrorWithoutLowRank");
      assertTrue(matrix.number("relativeError") < plain, matrix.toString());
    }
    assertTrue(json.integer("bytesOut") < 0.6 * json.integer("bytesIn"));
  }
}
