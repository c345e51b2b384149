package org.quadrille.kernels.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Every kernel on the device against the interpreter. */
class VerificationTest {
  @Test
  void allKernelsAgreeWithTheInterpreter() {
    RequiredDevice.check();
    List<Verification.Row> rows = new Verification(new TornadoAccelerator(), 64).run();
    assertTrue(rows.size() > 15);
    assertEquals(List.of(), rows.stream().filter(row -> !row.agrees()).toList());
  }
}
