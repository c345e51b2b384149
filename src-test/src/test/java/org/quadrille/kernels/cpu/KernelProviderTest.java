package org.quadrille.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class KernelProviderTest {

  private static final VectorSupport FINE =
      new VectorSupport(true, "OpenJDK 64-Bit Server VM", "mixed mode", 4, false, 32, true);

  @Test
  void everyMissingConditionHasItsOwnReason() {
    assertNull(FINE.obstacle());
    assertReason(
        "--add-modules jdk.incubator.vector",
        new VectorSupport(false, FINE.vmName(), "mixed mode", 4, false, 32, true));
    assertReason(
        "Eclipse OpenJ9", new VectorSupport(true, "Eclipse OpenJ9 VM", "", 4, false, 32, true));
    assertReason(
        "-Xint", new VectorSupport(true, FINE.vmName(), "interpreted mode", 4, false, 32, true));
    assertReason(
        "TieredStopAtLevel=1",
        new VectorSupport(true, FINE.vmName(), "mixed mode", 1, false, 32, true));
    assertReason(
        "UseJVMCICompiler",
        new VectorSupport(true, FINE.vmName(), "mixed mode", 4, true, 32, true));
    assertReason(
        "64 bits", new VectorSupport(true, FINE.vmName(), "mixed mode", 4, false, 8, true));
    assertReason(
        "fused multiply-add",
        new VectorSupport(true, FINE.vmName(), "mixed mode", 4, false, 32, false));
  }

  private static void assertReason(String part, VectorSupport support) {
    assertNotNull(support.obstacle());
    assertTrue(support.obstacle().contains(part), support.obstacle());
  }

  @Test
  void scopedKernelsAreActiveInsideAndInPoolTasksOnly() {
    Kernels before = KernelProvider.active();
    Kernels other = new ScalarKernels();
    Set<Kernels> seen = ConcurrentHashMap.newKeySet();
    String name =
        KernelProvider.with(
            other,
            () -> {
              WorkerPool.of(3).forEach(20, i -> seen.add(KernelProvider.active()));
              return KernelProvider.active().name();
            });
    assertEquals("scalar", name);
    assertEquals(Set.of(other), seen);
    assertSame(before, KernelProvider.active());
  }
}
