/**
 * Programs for a device with memory of its own, and who can run them.
 *
 * <p>A {@link org.quadrille.kernels.cpu.device.DeviceProgram} is a list of {@link
 * org.quadrille.kernels.cpu.device.DeviceStep steps} over {@link
 * org.quadrille.kernels.cpu.device.DeviceArray arrays}: constants that are uploaded once, inputs
 * and outputs that travel with each run, scratch that never leaves the device. {@link
 * org.quadrille.kernels.cpu.device.Accelerators} finds an {@link
 * org.quadrille.kernels.cpu.device.Accelerator} that compiles it, and says why there is none. The
 * {@link org.quadrille.kernels.cpu.device.ProgramInterpreter} runs the same programs in plain Java:
 * it is the definition of every step.
 */
package org.quadrille.kernels.cpu.device;
