package org.quadrille.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.Backend;

class MainTest {
  @Test
  void helpNamesEveryCommandAndTheExitStatus() {
    CommandRun run = CommandRun.of("--help");
    assertEquals(0, run.status());
    for (String word : List.of("info", "compress", "quantize", "decompose", "--json", "Exit")) {
      assertTrue(run.out().contains(word), word);
    }
  }

  @Test
  void versionTellsProgramAndJdk() {
    CommandRun run = CommandRun.of("--version");
    assertEquals(0, run.status());
    assertTrue(run.out().matches("(?s)quadrille \\d+\\.\\d+.*JDK \\d+.*"), run.out());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "info --nonsense",
        "info --threads many",
        "info --threads 0x",
        "info --threads -2",
        "info --backend cuda",
        "quantize --config nf4/64/fp8/256",
        "quantize --in a.npy --config nonsense",
        "decompose --in a.npy --config nf4/64/fp8/256",
        "compress",
        "compress model.safetensors",
        "compress model.safetensors --bits 3 --config nf4/64/fp8/256",
        "compress model.safetensors --bits -1",
        "compress model.safetensors --bits 3 --rank -1",
        "compress model.safetensors --bits 3 --method nf --rank 8",
        "compress model.safetensors --bits 3 --include (",
        "compress model.safetensors --bits 3 --fisher-samples 0"
      })
  void wrongUsageIsOneLineAndStatusTwo(String line) {
    CommandRun run = CommandRun.of((Object[]) line.split(" ", line.isEmpty() ? 1 : 0));
    assertEquals(2, run.status(), line);
    assertEquals("", run.out());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().startsWith("quadrille"), run.err());
    assertTrue(run.err().strip().endsWith("--help"), run.err());
  }

  @Test
  void gpuIsRefusedWithTheReason() {
    CommandRun run = CommandRun.of("info", "--backend", "gpu");
    String reason = Backend.gpuUnavailableReason();
    assertEquals(reason == null ? 0 : 1, run.status());
    String refusal =
        "quadrille info: --backend gpu cannot be used: "
            + reason
            + "; use --backend auto, simd or scalar";
    assertEquals(reason == null ? "" : refusal, run.err().strip());
  }

  @Test
  void infoHoldsWhatTheContractAsksFor() throws FormatException {
    CommandRun run = CommandRun.of("--json", "info", "--threads", 1, "--backend", "scalar");
    assertEquals(0, run.status(), run.err());
    JsonObject json = run.json();
    assertTrue(json.string("jdk").startsWith("25") || json.string("jdk").matches("[3-9]\\d.*"));
    assertEquals(1, json.integer("lanesF32"));
    assertEquals(1, json.integer("threads"));
    assertTrue(json.object("gemmGflops").number("f32") > 0);
    assertTrue(json.object("gemmGflops").number("f64") > 0);
    List<?> backends = json.array("backends");
    assertEquals(
        List.of("scalar", "simd", "gpu"),
        backends.stream().map(backend -> ((JsonObject) backend).get("name")).toList());
    JsonObject gpu = (JsonObject) backends.get(2);
    String reason = Backend.gpuUnavailableReason();
    assertEquals(reason == null, gpu.bool("available"));
    assertEquals(reason, gpu.get("reason"));
  }

  @Test
  void debugAddsTheStackTrace() {
    CommandRun run =
        CommandRun.of("--debug", "quantize", "--in", "/no/such.npy", "--config", "nf4/64/fp8/256");
    assertEquals(1, run.status());
    assertTrue(run.err().lines().count() > 3, run.err());
    assertTrue(run.err().startsWith("quadrille quantize: "), run.err());
  }
}
