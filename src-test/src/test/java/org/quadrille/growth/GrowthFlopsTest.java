package org.quadrille.growth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.quadrille.formats.JsonObject;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.BlockData;

/** Counts of floating-point operations, every row of the reference. */
class GrowthFlopsTest {

  @Test
  void library() throws IOException {
    JsonObject data = BlockData.read("ligo", "flops.json");
    int rows = 0;
    for (Object each : data.array("library_definition")) {
      JsonObject c = (JsonObject) each;
      Architecture small = gpt(c, "D1", "L1");
      Architecture large = gpt(c, "D2", "L2");
      int sequence = c.intValue("seq");
      int batch = c.intValue("batch");
      assertEquals(c.number("forward_flops_per_token_small"), small.forwardFlops(sequence));
      assertEquals(c.number("forward_flops_per_token_large"), large.forwardFlops(sequence));
      double training = (double) batch * sequence * large.trainingFlops(sequence);
      assertEquals(c.number("train_step_large"), training);
      GrowthFlops flops = GrowthFlops.of(small, large);
      assertEquals(c.number("operator_forward"), flops.forward());
      assertEquals(c.number("operator_backward"), flops.backward());
      assertEquals(c.number("ligo_step"), flops.step(large, batch, sequence));
      assertEquals(
          c.number("overhead_ratio"), (flops.forward() + flops.backward()) / training, 1e-15);
      rows++;
    }
    assertTrue(rows > 0, "no case");
  }

  @Test
  void published() throws IOException {
    for (Object each : BlockData.read("ligo", "flops.json").array("published_definition")) {
      JsonObject c = (JsonObject) each;
      PublishedFlops flops =
          new PublishedFlops(
              c.intValue("hidden"),
              c.intValue("layers"),
              c.intValue("intermediate"),
              c.intValue("heads"),
              c.intValue("seq"),
              c.intValue("vocab"),
              c.number("output_frac"));
      double expected = c.number("train_flops");
      assertEquals(
          expected, flops.training(c.intValue("batch"), c.integer("steps")), 1e-15 * expected);
    }
  }

  @Test
  void savings() {
    // 44.7 % saved is 80.8 % faster.
    assertEquals(0.447, GrowthFlops.saving(55.3, 0, 100)[0], 1e-12);
    assertEquals(0.808, GrowthFlops.speedUp(55.3, 0, 100)[0], 5e-4);
    assertArrayEquals(new double[] {0.75, 0.5}, GrowthFlops.saving(25, 25, 100), 1e-15);
    assertArrayEquals(new double[] {3, 1}, GrowthFlops.speedUp(25, 25, 100), 1e-15);
    assertThrows(IllegalArgumentException.class, () -> GrowthFlops.saving(0, 1, 1));
  }

  private static Architecture gpt(JsonObject c, String width, String layers) throws IOException {
    // The number of heads does not count; one size of head serves both.
    int d = c.intValue(width);
    return Architecture.gpt(c.intValue("vocab"), c.intValue("seq"), d, d / 32, c.intValue(layers));
  }
}
