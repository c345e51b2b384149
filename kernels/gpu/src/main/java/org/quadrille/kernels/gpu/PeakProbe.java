package org.quadrille.kernels.gpu;

import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** The rate of single-precision arithmetic that a device reaches when it does nothing else. */
final class PeakProbe {
  private static final int RUNS = 5;

  private PeakProbe() {}

  /** Gflop/s, the best of a few runs of that many work items. */
  static double gigaflops(int items) {
    FloatArray out = new FloatArray(items);
    WorkerGrid1D grid = new WorkerGrid1D(items);
    grid.setLocalWork(256, 1, 1);
    TaskGraph graph =
        new TaskGraph("peak")
            .task("t0", PeakKernels::multiplyAdds, new KernelContext(), out)
            .transferToHost(DataTransferMode.EVERY_EXECUTION, out);
    long best = Long.MAX_VALUE;
    try (TornadoExecutionPlan plan =
        new TornadoExecutionPlan(graph.snapshot())
            .withGridScheduler(new GridScheduler("peak.t0", grid))
            .withProfiler(ProfilerMode.SILENT)) {
      for (int i = 0; i < RUNS; i++) {
        TornadoExecutionResult result = plan.execute();
        best = Math.min(best, result.getProfilerResult().getDeviceKernelTime());
      }
    } catch (TornadoExecutionPlanException e) {
      throw new IllegalStateException("the memory of the device could not be freed", e);
    }
    if (Math.abs(out.get(items - 1) - 1) > 1e-6f) {
      throw new IllegalStateException("multiply-adds converge to 1, given " + out.get(items - 1));
    }
    return (double) items * PeakKernels.FLOPS / best;
  }
}
