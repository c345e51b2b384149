package org.quadrille.kernels.gpu;

import org.quadrille.kernels.cpu.PackedMatrix;
import org.quadrille.kernels.cpu.device.DeviceMatrix;
import org.quadrille.kernels.cpu.device.DeviceStep;
import org.quadrille.kernels.cpu.device.PackedWords;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The steps on packed codes as tasks. */
final class PackedTasks {
  private static final int GROUP = 256;
  private static final int ROW_GROUP = 128;

  /** Up to so many columns, each is a product of its own with the codes. */
  private static final int FEW_COLUMNS = 4;

  private final Tasks tasks;

  PackedTasks(Tasks tasks) {
    this.tasks = tasks;
  }

  /** A packed matrix on the device: codes as they lie in files, one scale and zero per block. */
  private record Codes(IntArray words, FloatArray levels, FloatArray scales, FloatArray zeros) {}

  private Codes upload(PackedMatrix a) {
    float[] zeros = PackedWords.blockZeros(a);
    return new Codes(
        tasks.keep(IntArray.fromArray(PackedWords.words(a))),
        tasks.keep(FloatArray.fromArray(a.levels())),
        tasks.keep(FloatArray.fromArray(PackedWords.blockScales(a))),
        tasks.keep(FloatArray.fromArray(zeros.length == 0 ? new float[1] : zeros)));
  }

  /** Blocks of a row, or 0 where blocks run over row ends. */
  private static int blocksOfRow(PackedMatrix a) {
    return a.alignedRows() || a.cols() % a.blockSize() == 0
        ? Math.ceilDiv(a.cols(), a.blockSize())
        : 0;
  }

  private IntArray shape(PackedMatrix a, int n, DeviceMatrix b, DeviceMatrix out) {
    Math.multiplyExact(a.rows(), a.cols());
    return tasks.keep(
        IntArray.fromElements(
            a.rows(),
            a.cols(),
            n,
            b.offset(),
            b.rowStride(),
            b.colStride(),
            out.offset(),
            out.rowStride(),
            out.colStride(),
            a.bits(),
            a.blockSize(),
            blocksOfRow(a),
            a.zeroCodes() == null ? 0 : 1));
  }

  /** Weights that a work item decodes from whole words, or 0 where the layout does not allow it. */
  private static int unit(PackedMatrix a) {
    int unit =
        switch (a.bits()) {
          case 2, 4, 8 -> 32 / a.bits();
          case 3 -> 32;
          default -> 0;
        };
    boolean whole =
        unit > 0 && a.cols() % unit == 0 && a.blockSize() % unit == 0 && blocksOfRow(a) > 0;
    return whole && a.zeroCodes() == null ? unit : 0;
  }

  void multiply(DeviceStep.MultiplyPacked s) {
    PackedMatrix a = s.a();
    int n = s.b().cols();
    IntArray shape = shape(a, n, s.b(), s.c());
    Codes codes = upload(a);
    if (n > FEW_COLUMNS) {
      product(s, shape, codes);
    } else if (s.transposed()) {
      columnSums(s, shape, codes);
    } else if (n == 1 && unit(a) == 32) {
      planeRows(s, shape, codes);
    } else if (n == 1 && unit(a) > 0) {
      wordRows(s, shape, codes);
    } else {
      rowDots(s, shape, codes);
    }
  }

  private void product(DeviceStep.MultiplyPacked s, IntArray shape, Codes codes) {
    FloatArray b = tasks.floats(s.b());
    FloatArray c = tasks.floats(s.c());
    float alpha = (float) s.alpha();
    float beta = (float) s.beta();
    int transposed = s.transposed() ? 1 : 0;
    KernelContext context = new KernelContext();
    tasks.task(
        (long) Math.ceilDiv(s.c().rows(), 64) * Math.ceilDiv(s.c().cols(), 64),
        GROUP,
        (graph, name) ->
            graph.task(
                name,
                PackedKernels::packedProduct,
                context,
                shape,
                codes.words,
                codes.levels,
                codes.scales,
                codes.zeros,
                b,
                c,
                alpha,
                beta,
                transposed));
  }

  private void columnSums(DeviceStep.MultiplyPacked s, IntArray shape, Codes codes) {
    FloatArray b = tasks.floats(s.b());
    FloatArray c = tasks.floats(s.c());
    float alpha = (float) s.alpha();
    float beta = (float) s.beta();
    KernelContext context = new KernelContext();
    tasks.task(
        (long) Math.ceilDiv(s.c().rows(), 32) * s.c().cols(),
        GROUP,
        (graph, name) ->
            graph.task(
                name,
                PackedKernels::packedColumnSums,
                context,
                shape,
                codes.words,
                codes.levels,
                codes.scales,
                codes.zeros,
                b,
                c,
                alpha,
                beta));
  }

  private void rowDots(DeviceStep.MultiplyPacked s, IntArray shape, Codes codes) {
    FloatArray b = tasks.floats(s.b());
    FloatArray c = tasks.floats(s.c());
    float alpha = (float) s.alpha();
    float beta = (float) s.beta();
    KernelContext context = new KernelContext();
    tasks.task(
        (long) s.c().rows() * s.c().cols(),
        ROW_GROUP,
        (graph, name) ->
            graph.task(
                name,
                PackedKernels::packedRowDots,
                context,
                shape,
                codes.words,
                codes.levels,
                codes.scales,
                codes.zeros,
                b,
                c,
                alpha,
                beta));
  }

  private void wordRows(DeviceStep.MultiplyPacked s, IntArray shape, Codes codes) {
    FloatArray b = tasks.floats(s.b());
    FloatArray c = tasks.floats(s.c());
    float alpha = (float) s.alpha();
    float beta = (float) s.beta();
    int bits = s.a().bits();
    KernelContext context = new KernelContext();
    tasks.task(
        Math.ceilDiv(s.a().rows(), 4),
        ROW_GROUP,
        (graph, name) ->
            graph.task(
                name,
                PackedKernels::packedWordRows,
                context,
                shape,
                codes.words,
                codes.levels,
                codes.scales,
                b,
                c,
                alpha,
                beta,
                bits));
  }

  private void planeRows(DeviceStep.MultiplyPacked s, IntArray shape, Codes codes) {
    FloatArray b = tasks.floats(s.b());
    FloatArray c = tasks.floats(s.c());
    float alpha = (float) s.alpha();
    float beta = (float) s.beta();
    KernelContext context = new KernelContext();
    tasks.task(
        s.a().rows(),
        ROW_GROUP,
        (graph, name) ->
            graph.task(
                name,
                PackedKernels::packedPlaneRows,
                context,
                shape,
                codes.words,
                codes.levels,
                codes.scales,
                b,
                c,
                alpha,
                beta));
  }

  void dequantize(DeviceStep.Dequantize s) {
    IntArray shape = shape(s.a(), 1, s.out(), s.out());
    Codes codes = upload(s.a());
    FloatArray out = tasks.floats(s.out());
    KernelContext context = new KernelContext();
    tasks.elementwise(
        s.out(),
        (graph, name) ->
            graph.task(
                name,
                PackedKernels::packedDecode,
                context,
                shape,
                codes.words,
                codes.levels,
                codes.scales,
                codes.zeros,
                out));
  }

  void quantize(DeviceStep.Quantize s) {
    FloatArray x = tasks.floats(s.x());
    FloatArray scales = tasks.floats(s.scales());
    FloatArray boundaries = tasks.floats(s.boundaries());
    FloatArray codes = tasks.floats(s.codes());
    int xAt = s.x().offset();
    int codesAt = s.codes().offset();
    int weights = s.x().rows() * s.x().cols();
    int blockSize = s.blockSize();
    KernelContext first = new KernelContext();
    KernelContext second = new KernelContext();
    tasks.task(
        Math.ceilDiv(s.scales().length(), GROUP),
        GROUP,
        (graph, name) ->
            graph.task(
                name, PackedKernels::blockScales, first, x, scales, xAt, weights, blockSize));
    tasks.task(
        Math.ceilDiv(weights, GROUP),
        GROUP,
        (graph, name) ->
            graph.task(
                name,
                PackedKernels::nearestCodes,
                second,
                x,
                scales,
                boundaries,
                codes,
                xAt,
                codesAt,
                weights,
                blockSize));
  }
}
