package org.quadrille.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The guard of the innermost loop. */
class TileSpeedTest {

  @Test
  void shareIsTheRatioOfTheSpeeds() {
    assertEquals(0.5, new TileSpeed(100, 50).share());
  }

  /** A speed, so not part of the suite that runs on any machine under any load. */
  @Test
  @Tag("study")
  void tileKeepsItsRegisters() {
    TileSpeed speed = TileSpeed.measure();
    assertTrue(
        speed.share() >= TileSpeed.LEAST_SHARE,
        "tile %.1f of %.1f Gflop/s: does it spill?".formatted(speed.tile(), speed.peak()));
  }
}
