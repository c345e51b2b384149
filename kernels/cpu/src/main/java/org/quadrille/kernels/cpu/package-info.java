/**
 * SIMD loops over primitive arrays: matrix products, vector operations, norms, transposition, in
 * single and double precision.
 *
 * <p>Start with {@link org.quadrille.kernels.cpu.KernelProvider} (which implementation runs),
 * {@link org.quadrille.kernels.cpu.Kernels} (what the loops do) and {@link
 * org.quadrille.kernels.cpu.WorkerPool} (the threads).
 */
package org.quadrille.kernels.cpu;
