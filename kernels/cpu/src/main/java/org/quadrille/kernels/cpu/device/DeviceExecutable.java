package org.quadrille.kernels.cpu.device;

import java.lang.foreign.MemorySegment;

/**
 * A compiled {@link DeviceProgram} with its constants on the device: write the inputs, run, read
 * the outputs, again and again.
 *
 * <p><b>Thread safety</b>: for one thread at a time.
 */
public interface DeviceExecutable extends AutoCloseable {
  /**
   * The host's copy of an input or output: its numbers in native byte order, without anything in
   * front. Good until {@link #close}.
   *
   * @throws IllegalArgumentException if the array is no input or output of the program
   */
  MemorySegment memory(DeviceArray array);

  /**
   * Uploads the inputs, runs all steps, downloads the outputs.
   *
   * @throws IllegalStateException if the device fails, or after {@link #close}
   */
  void run();

  /** Nanoseconds that the kernels of the last run took on the device, or -1 if unknown. */
  long kernelNanos();

  /** Frees the memory of the device. Does nothing the second time. */
  @Override
  void close();
}
