/**
 * Device programs on graphics processors, compiled from Java by TornadoVM: the user sets {@code
 * TORNADOVM_HOME} and starts Java with the SDK's argfile; without them this module is not built, or
 * says why it cannot be used.
 *
 * <p>{@link org.quadrille.kernels.gpu.TornadoAccelerator} is the service; {@link
 * org.quadrille.kernels.gpu.GpuRuntime} the one door to TornadoVM. Kernels are plain static methods
 * (Fumero and others, "Programming and Architecture Models for Heterogeneous Computing with
 * TornadoVM", 2018 to 2025) under the rules of the module's README.
 */
package org.quadrille.kernels.gpu;
