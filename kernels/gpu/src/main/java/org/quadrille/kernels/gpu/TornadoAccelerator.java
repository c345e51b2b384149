package org.quadrille.kernels.gpu;

import org.quadrille.kernels.cpu.device.Accelerator;
import org.quadrille.kernels.cpu.device.DeviceExecutable;
import org.quadrille.kernels.cpu.device.DeviceProgram;

/** The device that TornadoVM chose: a graphics processor, or what OpenCL makes of a processor. */
public final class TornadoAccelerator implements Accelerator {

  /** For {@link java.util.ServiceLoader}. */
  public TornadoAccelerator() {}

  @Override
  public String name() {
    if (unavailableReason() != null) {
      return "TornadoVM";
    }
    return GpuRuntime.device().getPhysicalDevice().getDeviceName().strip()
        + " ("
        + GpuRuntime.device().getTornadoVMBackend()
        + ")";
  }

  @Override
  public String unavailableReason() {
    try {
      return GpuRuntime.whyNot();
    } catch (LinkageError e) {
      // no TornadoVM API on the class path: not even the door to it loads
      return "TornadoVM is not on the class path; start Java with"
          + " @$TORNADOVM_HOME/tornado-argfile";
    }
  }

  @Override
  public DeviceExecutable compile(DeviceProgram program) {
    if (unavailableReason() != null) {
      throw new IllegalStateException("no device: " + unavailableReason());
    }
    if (program.steps().isEmpty()) {
      throw new IllegalArgumentException(program + ": expected at least one step");
    }
    return new TornadoExecutable(program);
  }
}
