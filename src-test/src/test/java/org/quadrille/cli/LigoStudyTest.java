package org.quadrille.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.formats.JsonObject;

/** The quick study of growth as a user runs it, twice: the second time it only reads. */
@Tag("study")
class LigoStudyTest {
  @TempDir private Path folder;

  private List<JsonObject> claims() throws IOException {
    CommandRun run = CommandRun.of("reproduce", "ligo", "--quick", "--json", "--out", folder);
    assertEquals(0, run.status(), run.err());
    return run.json().array("claims").stream().map(JsonObject.class::cast).toList();
  }

  private static JsonObject claim(List<JsonObject> claims, String words) throws IOException {
    for (JsonObject claim : claims) {
      if (claim.string("claim").contains(words)) {
        return claim;
      }
    }
    throw new AssertionError("no claim with \"" + words + "\"");
  }

  @Test
  void quickStudy() throws IOException {
    List<JsonObject> claims = claims();
    assertTrue(claim(claims, "starts at the loss of the source").bool("holds"));
    JsonObject near = claim(claims, "as good as the source");
    assertTrue(near.bool("holds"), near.toString());
    JsonObject released = claim(claims, "settings of the released code");
    assertEquals(false, released.bool("holds"), released.toString());
    for (String file :
        List.of("claims.json", "run.json", "report.html", "losses.svg", "losses.csv")) {
      assertTrue(Files.size(folder.resolve(file)) > 100, file);
    }
    long start = System.nanoTime();
    assertEquals(claims, claims());
    assertTrue((System.nanoTime() - start) * 1e-9 < 20, "finished runs were made again");
  }
}
