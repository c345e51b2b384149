package org.quadrille.kernels.gpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.quadrille.kernels.cpu.device.DeviceArray;
import org.quadrille.kernels.cpu.device.DeviceExecutable;
import org.quadrille.kernels.cpu.device.DeviceProgram;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** A program as one task graph and one execution plan, kept until closed. */
final class TornadoExecutable implements DeviceExecutable {
  private static final AtomicLong NUMBERS = new AtomicLong();

  /** Room beside the arrays for what TornadoVM itself keeps on the device. */
  private static final long SPARE_MEGABYTES = 64;

  private final DeviceProgram program;
  private final IdentityHashMap<DeviceArray, TornadoNativeArray> arrays = new IdentityHashMap<>();
  private final TornadoExecutionPlan plan;
  private long nanos = -1;
  private boolean closed;

  TornadoExecutable(DeviceProgram program) {
    this.program = program;
    List<Object> inputs = new ArrayList<>();
    List<Object> outputs = new ArrayList<>();
    List<Object> constants = new ArrayList<>();
    long bytes = 0;
    for (DeviceArray array : program.arrays()) {
      TornadoNativeArray memory = NativeArrays.of(array);
      arrays.put(array, memory);
      bytes += memory.getNumBytesOfSegmentWithHeader();
      switch (array.role()) {
        case CONSTANT -> constants.add(memory);
        case INPUT -> inputs.add(memory);
        case OUTPUT -> outputs.add(memory);
        case SCRATCH -> {}
      }
    }
    String name = "q" + NUMBERS.incrementAndGet();
    TaskGraph graph = new TaskGraph(name);
    GridScheduler grids = new GridScheduler();
    Tasks tasks = new Tasks(name, grids, arrays, constants);
    program.steps().forEach(tasks::prepare);
    bytes += tasks.extraBytes();
    graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, constants.toArray());
    if (!inputs.isEmpty()) {
      graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, inputs.toArray());
    }
    tasks.addTo(graph);
    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, outputs.toArray());
    plan =
        new TornadoExecutionPlan(graph.snapshot())
            .withGridScheduler(grids)
            .withMemoryLimit((bytes >> 20) + SPARE_MEGABYTES + "MB")
            .withProfiler(ProfilerMode.SILENT);
  }

  @Override
  public MemorySegment memory(DeviceArray array) {
    TornadoNativeArray memory = arrays.get(array);
    boolean visible =
        array.role() == DeviceArray.Role.INPUT || array.role() == DeviceArray.Role.OUTPUT;
    if (memory == null || !visible) {
      throw new IllegalArgumentException(array + ": expected an input or output of the program");
    }
    return NativeArrays.elements(memory);
  }

  @Override
  public void run() {
    if (closed) {
      throw new IllegalStateException("this program is closed; compile it again");
    }
    poisonOutputs();
    try {
      TornadoExecutionResult result = plan.execute();
      nanos = result.getProfilerResult().getDeviceKernelTime();
    } catch (RuntimeException e) {
      throw new IllegalStateException(program + " failed on the device: " + e.getMessage(), e);
    }
    checkOutputs();
  }

  /**
   * Drivers may fail without an exception and leave the output as it was: its first number becomes
   * a NaN that no kernel makes, and must be gone afterwards.
   */
  private void poisonOutputs() {
    for (DeviceArray array : program.arrays()) {
      if (array.role() == DeviceArray.Role.OUTPUT) {
        NativeArrays.poison(arrays.get(array));
      }
    }
  }

  private void checkOutputs() {
    for (DeviceArray array : program.arrays()) {
      if (array.role() == DeviceArray.Role.OUTPUT && NativeArrays.isPoisoned(arrays.get(array))) {
        throw new IllegalStateException(
            program + ": the device returned without writing its result; see its messages above");
      }
    }
  }

  @Override
  public long kernelNanos() {
    return nanos;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try {
        plan.close();
      } catch (TornadoExecutionPlanException e) {
        throw new IllegalStateException("the memory of the device could not be freed", e);
      }
    }
  }
}
