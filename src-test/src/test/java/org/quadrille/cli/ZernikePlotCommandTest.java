package org.quadrille.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.formats.JsonObject;

class ZernikePlotCommandTest {
  @TempDir private Path folder;

  private CommandRun plot(String file, Object... more) {
    Object[] all = new Object[5 + more.length];
    all[0] = "zernike";
    all[1] = "plot";
    all[2] = "--json";
    all[3] = "--out";
    all[4] = folder.resolve(file);
    System.arraycopy(more, 0, all, 5, more.length);
    return CommandRun.of(all);
  }

  private Path coefficients() throws IOException {
    return Files.writeString(
        folder.resolve("c.csv"), "j,name,coefficient\n4,defocus,0.1\n8,coma,-0.05\n11,x,0.02\n");
  }

  @Test
  void modesAsSvgAndPng() throws IOException {
    JsonObject json = plot("modes.svg", "--degree", 3, "--index", "noll").json();
    assertEquals("pyramid", json.string("what"));
    Path svg = folder.resolve("modes.svg");
    assertEquals(Files.size(svg), json.integer("bytes"));
    assertTrue(Files.readString(svg).startsWith("<svg xmlns"));
    JsonObject second = plot("modes.png", "--degree", 3, "--scale", 1).json();
    var image = ImageIO.read(folder.resolve("modes.png").toFile());
    assertEquals(Math.ceil(second.number("width")), image.getWidth(), 1);
  }

  @Test
  void everyKindOfPicture() throws IOException {
    Path table = coefficients();
    for (List<Object> arguments :
        List.<List<Object>>of(
            List.of("--what", "mode", "--mode", 8, "--index", "noll"),
            List.of("--what", "mode", "--mode", "5,-3"),
            List.of("--what", "radial", "--degree", 9, "--azimuthal", 3),
            List.of("--what", "nodes", "--degree", 9),
            List.of("--in", table, "--norm", "--unit", "waves", "--obscuration", 0.3),
            List.of("--what", "psf", "--in", table, "--norm", "--obscuration", 0.2),
            List.of("--what", "bars", "--in", table, "--index", "noll"),
            List.of("--what", "decay", "--in", table))) {
      CommandRun run = plot("picture.svg", arguments.toArray());
      assertEquals(0, run.status(), run.err());
      assertTrue(run.json().integer("bytes") > 1000, run.out());
    }
  }

  @Test
  void wrongUsageIsToldAndWritesNothing() throws IOException {
    assertUsage("needs --degree", "a.svg");
    assertUsage("ends in .svg or .png", "a.jpg", "--degree", 3);
    assertUsage("needs --in", "a.svg", "--what", "bars");
    assertUsage("takes no --in", "a.svg", "--what", "nodes", "--degree", 3, "--in", coefficients());
    assertUsage("go together", "a.svg", "--what", "mode");
    assertUsage("3 numbers", "a.svg", "--what", "mode", "--mode", "1,2,3");
    assertUsage("--scale 0.0", "a.svg", "--degree", 3, "--scale", 0);
    assertUsage("--obscuration 1.0", "a.svg", "--degree", 3, "--obscuration", 1);
    CommandRun tooHigh = plot("a.svg", "--degree", 99);
    assertEquals(1, tooHigh.status());
    assertTrue(tooHigh.err().contains("degree 99: expected 0 to 30"), tooHigh.err());
    assertFalse(Files.exists(folder.resolve("a.svg")));
  }

  private void assertUsage(String words, String file, Object... arguments) {
    CommandRun run = plot(file, arguments);
    assertEquals(Main.WRONG_USAGE, run.status(), run.err());
    assertTrue(run.err().contains(words), run.err());
  }

  @Test
  void brokenCoefficientsAreNamed() throws IOException {
    Path twice = Files.writeString(folder.resolve("t.csv"), "j,coefficient\n1,1\n1,2\n");
    CommandRun run = plot("a.svg", "--in", twice);
    assertEquals(1, run.status());
    assertTrue(run.err().contains("row 2: "), run.err());
    Path empty = Files.writeString(folder.resolve("e.csv"), "j,coefficient\n");
    assertTrue(plot("a.svg", "--in", empty).err().contains("no rows"));
    Path huge = Files.writeString(folder.resolve("h.csv"), "n,m,coefficient\n99999,1,1\n");
    assertTrue(plot("a.svg", "--in", huge).err().contains("degree 99999"));
  }
}
