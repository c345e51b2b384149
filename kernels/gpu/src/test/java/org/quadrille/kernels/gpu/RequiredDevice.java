package org.quadrille.kernels.gpu;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Skips a test aloud where there is no device, or fails it where one is required. */
final class RequiredDevice {
  private RequiredDevice() {}

  static void check() {
    String reason = GpuRuntime.whyNot();
    if (reason != null && Boolean.getBoolean("quadrille.gpu.required")) {
      fail("a device is required, but " + reason);
    }
    assumeTrue(reason == null, () -> "no TornadoVM device: " + reason);
  }
}
