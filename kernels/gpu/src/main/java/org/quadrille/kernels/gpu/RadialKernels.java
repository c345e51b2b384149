package org.quadrille.kernels.gpu;

import org.quadrille.kernels.cpu.device.RadialRecurrence;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Radial Zernike polynomials at a batch of radii, in double precision. */
final class RadialKernels {
  private RadialKernels() {}

  /** All indices of one order, a work item per radius; geometry as for elements. */
  static void radialBatch(
      KernelContext c, IntArray shape, DoubleArray radii, DoubleArray out, int order) {
    int j = c.globalIdx;
    if (j < shape.get(1)) {
      double r = radii.get(shape.get(2) + j * shape.get(4));
      double x = 2.0 * r * r - 1.0;
      double power = RadialRecurrence.power(r, order);
      int at = shape.get(5) + j * shape.get(7);
      double beforeLast = 0.0;
      double last = 1.0;
      out.set(at, power);
      for (int k = 1; k < shape.get(0); k++) {
        double next = RadialRecurrence.next(k, order, x, last, beforeLast);
        beforeLast = last;
        last = next;
        out.set(at + k * shape.get(6), power * next);
      }
    }
  }
}
