package org.quadrille.kernels.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The settings of {@link GpuRuntime} are in force: the device computes as the JVM does. */
class DeviceNumbersTest {
  private static final int N = 100_000;

  @BeforeEach
  void needsADevice() {
    RequiredDevice.check();
  }

  /** Relaxed arithmetic makes 9998.7 of it. */
  static void compensatedSum(KernelContext c, FloatArray x, FloatArray out) {
    if (c.globalIdx == 0) {
      float sum = 0;
      float lost = 0;
      for (int i = 0; i < 100_000; i++) {
        float y = x.get(i) - lost;
        float t = sum + y;
        lost = (t - sum) - y;
        sum = t;
      }
      out.set(0, sum);
    }
  }

  static void rootsOf(KernelContext c, DoubleArray x, DoubleArray out) {
    int i = c.globalIdx;
    out.set(i, Math.sqrt(x.get(i)));
  }

  static void fieldsOf(KernelContext c, IntArray words, IntArray out) {
    int i = c.globalIdx;
    out.set(
        i, org.quadrille.kernels.cpu.device.PackedWords.field(words.get(i >> 3), (i & 7) * 4, 15));
  }

  private static GridScheduler items(String task, int count) {
    WorkerGrid1D grid = new WorkerGrid1D(count);
    grid.setLocalWork(Math.min(count, 64), 1, 1);
    return new GridScheduler(task, grid);
  }

  private static void run(TaskGraph graph, GridScheduler grid) {
    try (TornadoExecutionPlan plan =
        new TornadoExecutionPlan(graph.snapshot()).withGridScheduler(grid)) {
      plan.execute();
    } catch (TornadoExecutionPlanException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void compensatedSumsAreNotOptimizedAway() {
    FloatArray x = new FloatArray(N);
    x.init(0.1f);
    FloatArray out = new FloatArray(1);
    run(
        new TaskGraph("kahan")
            .transferToDevice(DataTransferMode.EVERY_EXECUTION, x)
            .task("t", DeviceNumbersTest::compensatedSum, new KernelContext(), x, out)
            .transferToHost(DataTransferMode.EVERY_EXECUTION, out),
        items("kahan.t", 64));
    assertEquals(10000f, out.get(0), 0.001f);
  }

  @Test
  void squareRootsOfDoublesAreExactlyRounded() {
    DoubleArray x = new DoubleArray(256);
    for (int i = 0; i < 256; i++) {
      x.set(i, 1 + i * 0.37);
    }
    DoubleArray out = new DoubleArray(256);
    run(
        new TaskGraph("roots")
            .transferToDevice(DataTransferMode.EVERY_EXECUTION, x)
            .task("t", DeviceNumbersTest::rootsOf, new KernelContext(), x, out)
            .transferToHost(DataTransferMode.EVERY_EXECUTION, out),
        items("roots.t", 256));
    for (int i = 0; i < 256; i++) {
      assertEquals(Math.sqrt(x.get(i)), out.get(i), Math.ulp(out.get(i)));
    }
  }

  /** Words with their highest bit set: shifts of negative numbers, masked. */
  @Test
  void codesInNegativeWordsAreRead() {
    IntArray words = new IntArray(16);
    for (int i = 0; i < 16; i++) {
      words.set(i, 0x9e3779b9 * (i + 1));
    }
    IntArray out = new IntArray(128);
    run(
        new TaskGraph("fields")
            .transferToDevice(DataTransferMode.EVERY_EXECUTION, words)
            .task("t", DeviceNumbersTest::fieldsOf, new KernelContext(), words, out)
            .transferToHost(DataTransferMode.EVERY_EXECUTION, out),
        items("fields.t", 128));
    for (int i = 0; i < 128; i++) {
      assertEquals((words.get(i >> 3) >>> ((i & 7) * 4)) & 15, out.get(i), "code " + i);
    }
  }

  @Test
  void groupsFitTheDevice() {
    long[] most = GpuRuntime.device().getDeviceMaxWorkgroupDimensions();
    assertTrue(most[0] >= 256, "at most " + most[0] + " work items in a group");
    assertTrue(GpuRuntime.device().getDeviceLocalMemorySize() >= 48 << 10);
  }

  /** A kernel that cannot compile must throw, not run as Java. */
  static void uncompilable(KernelContext c, IntArray out) {
    out.set(c.globalIdx, Integer.compareUnsigned(out.get(c.globalIdx), 3));
  }

  @Test
  void kernelsThatDoNotCompileThrow() {
    IntArray out = new IntArray(64);
    TaskGraph graph =
        new TaskGraph("bad")
            .task("t", DeviceNumbersTest::uncompilable, new KernelContext(), out)
            .transferToHost(DataTransferMode.EVERY_EXECUTION, out);
    assertThrows(Throwable.class, () -> run(graph, items("bad.t", 64)));
  }
}
