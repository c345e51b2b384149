package org.quadrille.kernels.gpu;

import org.quadrille.kernels.cpu.device.DeviceMatrix;
import org.quadrille.kernels.cpu.device.DeviceStep;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Shapes and strides as the kernels read them. A product: m, n, depth; offset, row stride and
 * column stride of A, B and C; the steps of a batch; tiles side by side, groups per product. A pass
 * over elements: rows, columns; offset and strides of x and of the result; what else there is.
 */
final class Geometry {
  private Geometry() {}

  static IntArray ofProduct(DeviceStep.Multiply s, int tilesAcross, int groupsPerProduct) {
    DeviceMatrix a = s.a();
    DeviceMatrix b = s.b();
    DeviceMatrix c = s.c();
    return IntArray.fromElements(
        a.rows(),
        b.cols(),
        a.cols(),
        a.offset(),
        a.rowStride(),
        a.colStride(),
        b.offset(),
        b.rowStride(),
        b.colStride(),
        c.offset(),
        c.rowStride(),
        c.colStride(),
        s.aStep(),
        s.bStep(),
        s.cStep(),
        tilesAcross,
        groupsPerProduct);
  }

  static IntArray ofElements(DeviceMatrix x, DeviceMatrix out, int... more) {
    IntArray shape = new IntArray(8 + more.length);
    int[] numbers = {
      out.rows(),
      out.cols(),
      x.offset(),
      x.rowStride(),
      x.colStride(),
      out.offset(),
      out.rowStride(),
      out.colStride()
    };
    for (int i = 0; i < 8; i++) {
      shape.set(i, numbers[i]);
    }
    for (int i = 0; i < more.length; i++) {
      shape.set(8 + i, more[i]);
    }
    return shape;
  }
}
