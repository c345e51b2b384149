package org.quadrille.kernels.cpu.device;

/**
 * A device that compiles and runs {@link DeviceProgram programs}. Found by {@link Accelerators}
 * among the services of the class path or module path.
 */
public interface Accelerator {
  /** The device's own name, or the software's where there is no device. */
  String name();

  /** Why the device cannot be used here, in one line, or null where it can. Never throws. */
  String unavailableReason();

  /**
   * Compiles a program and uploads its constants: slow, tenths of a second. Keep the result.
   *
   * @param program at least one step, not modified
   * @throws IllegalStateException if the device is not available or refuses the program
   */
  DeviceExecutable compile(DeviceProgram program);
}
