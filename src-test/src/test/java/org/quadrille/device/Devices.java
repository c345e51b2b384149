package org.quadrille.device;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.quadrille.kernels.cpu.device.ProgramInterpreter;
import org.quadrille.linalg.Backend;

/** The backends that operators are tested on. */
enum Devices {
  INTERPRETER,
  GPU;

  /**
   * The backend; skips the test, saying why, where there is none, or fails it where one is required
   * by {@code -Dquadrille.gpu.required=true}.
   */
  Backend backend() {
    if (this == INTERPRETER) {
      return Backend.on(new ProgramInterpreter());
    }
    String reason = Backend.gpuUnavailableReason();
    if (reason != null && Boolean.getBoolean("quadrille.gpu.required")) {
      fail("a device is required, but " + reason);
    }
    assumeTrue(reason == null, () -> "no GPU: " + reason);
    return Backend.gpu();
  }
}
