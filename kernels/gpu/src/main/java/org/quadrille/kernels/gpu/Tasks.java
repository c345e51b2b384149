package org.quadrille.kernels.gpu;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.BiConsumer;
import org.quadrille.kernels.cpu.device.DeviceArray;
import org.quadrille.kernels.cpu.device.DeviceMatrix;
import org.quadrille.kernels.cpu.device.DeviceStep;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Steps as tasks: chooses a kernel for each by its shape, makes the small arrays that it reads, and
 * the grid of work items, whose number is always a multiple of the group.
 */
final class Tasks {
  /** Work items of a group in kernels that share local memory, and in plain ones. */
  private static final int GROUP = 256;

  /** Work items that share a row in dot products. */
  private static final int ROW_GROUP = 128;

  /** Products of so few columns are bound by reading A. */
  private static final int FEW_COLUMNS = 4;

  /** From here on, tiles of 128 x 128 keep enough groups busy. */
  private static final int WIDE_TILE_ROWS = 256;

  private final String graphName;
  private final GridScheduler grids;
  private final IdentityHashMap<DeviceArray, TornadoNativeArray> arrays;
  private final List<Object> constants;
  private final PackedTasks packed;
  private final List<BiConsumer<TaskGraph, String>> tasks = new ArrayList<>();
  private final List<WorkerGrid1D> workers = new ArrayList<>();
  private long extraBytes;

  Tasks(
      String graphName,
      GridScheduler grids,
      IdentityHashMap<DeviceArray, TornadoNativeArray> arrays,
      List<Object> constants) {
    this.graphName = graphName;
    this.grids = grids;
    this.arrays = arrays;
    this.constants = constants;
    this.packed = new PackedTasks(this);
  }

  /** Bytes of the arrays that were made beside those of the program. */
  long extraBytes() {
    return extraBytes;
  }

  /** Appends the task of a step. */
  void prepare(DeviceStep step) {
    switch (step) {
      case DeviceStep.Multiply s -> multiply(s);
      case DeviceStep.MultiplyPacked s -> packed.multiply(s);
      case DeviceStep.Dequantize s -> packed.dequantize(s);
      case DeviceStep.Quantize s -> packed.quantize(s);
      case DeviceStep.AddScaled s -> addScaled(s);
      case DeviceStep.ScaleRows s -> scaleRows(s);
      case DeviceStep.RowSums s -> rowSums(s);
      case DeviceStep.ZernikeRadial s -> radial(s);
    }
  }

  /** Adds all tasks to a graph, in order. */
  void addTo(TaskGraph graph) {
    for (int i = 0; i < tasks.size(); i++) {
      String name = "t" + i;
      tasks.get(i).accept(graph, name);
      grids.addWorkerGrid(graphName + "." + name, workers.get(i));
    }
  }

  /** A task with a number of groups of work items. */
  void task(long groups, int groupSize, BiConsumer<TaskGraph, String> task) {
    long items = groups * groupSize;
    if (items > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a result of " + groups + " tiles is too large for one program; apply to fewer columns");
    }
    WorkerGrid1D grid = new WorkerGrid1D((int) items);
    grid.setLocalWork(groupSize, 1, 1);
    workers.add(grid);
    tasks.add(task);
  }

  /** A task with a work item per element. */
  void elementwise(DeviceMatrix out, BiConsumer<TaskGraph, String> task) {
    task(Math.ceilDiv((long) out.rows() * out.cols(), (long) GROUP), GROUP, task);
  }

  /** An array that is uploaded once. */
  <T extends TornadoNativeArray> T keep(T array) {
    constants.add(array);
    extraBytes += array.getNumBytesOfSegmentWithHeader();
    return array;
  }

  FloatArray floats(DeviceMatrix x) {
    return floats(x.array());
  }

  FloatArray floats(DeviceArray x) {
    return (FloatArray) arrays.get(x);
  }

  private DoubleArray doubles(DeviceMatrix x) {
    return (DoubleArray) arrays.get(x.array());
  }

  /** The kernel that suits a shape. */
  private enum ProductKernel {
    WIDE,
    SMALL,
    ROWS,
    COLUMNS;

    static ProductKernel of(DeviceStep.Multiply s) {
      if (s.b().cols() <= FEW_COLUMNS) {
        return s.a().rowStride() == 1 && s.a().colStride() != 1 ? COLUMNS : ROWS;
      }
      boolean large = s.a().rows() >= WIDE_TILE_ROWS && s.b().cols() >= WIDE_TILE_ROWS;
      return large ? WIDE : SMALL;
    }

    int tileRows() {
      return switch (this) {
        case WIDE -> 128;
        case SMALL, COLUMNS -> 32;
        case ROWS -> 1;
      };
    }

    int tileColumns() {
      return switch (this) {
        case WIDE -> 128;
        case SMALL -> 32;
        case ROWS, COLUMNS -> 1;
      };
    }
  }

  private void multiply(DeviceStep.Multiply s) {
    ProductKernel kernel = ProductKernel.of(s);
    int across = Math.ceilDiv(s.b().cols(), kernel.tileColumns());
    long groups = (long) Math.ceilDiv(s.a().rows(), kernel.tileRows()) * across;
    IntArray shape = keep(Geometry.ofProduct(s, across, Math.toIntExact(groups)));
    int size = kernel == ProductKernel.ROWS ? ROW_GROUP : GROUP;
    task(
        groups * s.batch(),
        size,
        s.c().array().isDouble() ? doubleProduct(kernel, shape, s) : product(kernel, shape, s));
  }

  private BiConsumer<TaskGraph, String> product(
      ProductKernel kernel, IntArray shape, DeviceStep.Multiply s) {
    FloatArray a = floats(s.a());
    FloatArray b = floats(s.b());
    FloatArray c = floats(s.c());
    float alpha = (float) s.alpha();
    float beta = (float) s.beta();
    KernelContext context = new KernelContext();
    return switch (kernel) {
      case WIDE ->
          (graph, name) ->
              graph.task(
                  name, FloatKernels::wideProductFloat, context, shape, a, b, c, alpha, beta);
      case SMALL ->
          (graph, name) ->
              graph.task(
                  name, FloatKernels::smallProductFloat, context, shape, a, b, c, alpha, beta);
      case ROWS ->
          (graph, name) ->
              graph.task(name, FloatKernels::rowDotsFloat, context, shape, a, b, c, alpha, beta);
      case COLUMNS ->
          (graph, name) ->
              graph.task(name, FloatKernels::columnSumsFloat, context, shape, a, b, c, alpha, beta);
    };
  }

  private BiConsumer<TaskGraph, String> doubleProduct(
      ProductKernel kernel, IntArray shape, DeviceStep.Multiply s) {
    DoubleArray a = doubles(s.a());
    DoubleArray b = doubles(s.b());
    DoubleArray c = doubles(s.c());
    double alpha = s.alpha();
    double beta = s.beta();
    KernelContext context = new KernelContext();
    return switch (kernel) {
      case WIDE ->
          (graph, name) ->
              graph.task(
                  name, DoubleKernels::wideProductDouble, context, shape, a, b, c, alpha, beta);
      case SMALL ->
          (graph, name) ->
              graph.task(
                  name, DoubleKernels::smallProductDouble, context, shape, a, b, c, alpha, beta);
      case ROWS ->
          (graph, name) ->
              graph.task(name, DoubleKernels::rowDotsDouble, context, shape, a, b, c, alpha, beta);
      case COLUMNS ->
          (graph, name) ->
              graph.task(
                  name, DoubleKernels::columnSumsDouble, context, shape, a, b, c, alpha, beta);
    };
  }

  private void addScaled(DeviceStep.AddScaled s) {
    IntArray shape = keep(Geometry.ofElements(s.x(), s.out()));
    KernelContext context = new KernelContext();
    if (s.out().array().isDouble()) {
      DoubleArray x = doubles(s.x());
      DoubleArray out = doubles(s.out());
      double alpha = s.alpha();
      double beta = s.beta();
      elementwise(
          s.out(),
          (graph, name) ->
              graph.task(
                  name, DoubleKernels::addScaledDouble, context, shape, x, out, alpha, beta));
    } else {
      FloatArray x = floats(s.x());
      FloatArray out = floats(s.out());
      float alpha = (float) s.alpha();
      float beta = (float) s.beta();
      elementwise(
          s.out(),
          (graph, name) ->
              graph.task(name, FloatKernels::addScaledFloat, context, shape, x, out, alpha, beta));
    }
  }

  private void scaleRows(DeviceStep.ScaleRows s) {
    DeviceMatrix d = s.factors();
    IntArray shape = keep(Geometry.ofElements(s.x(), s.out(), d.offset(), d.rowStride()));
    KernelContext context = new KernelContext();
    if (s.out().array().isDouble()) {
      DoubleArray factors = doubles(d);
      DoubleArray x = doubles(s.x());
      DoubleArray out = doubles(s.out());
      double alpha = s.alpha();
      double beta = s.beta();
      elementwise(
          s.out(),
          (graph, name) ->
              graph.task(
                  name,
                  DoubleKernels::scaleRowsDouble,
                  context,
                  shape,
                  factors,
                  x,
                  out,
                  alpha,
                  beta));
    } else {
      FloatArray factors = floats(d);
      FloatArray x = floats(s.x());
      FloatArray out = floats(s.out());
      float alpha = (float) s.alpha();
      float beta = (float) s.beta();
      elementwise(
          s.out(),
          (graph, name) ->
              graph.task(
                  name,
                  FloatKernels::scaleRowsFloat,
                  context,
                  shape,
                  factors,
                  x,
                  out,
                  alpha,
                  beta));
    }
  }

  private void rowSums(DeviceStep.RowSums s) {
    IntArray shape = keep(Geometry.ofElements(s.x(), s.out()));
    IntArray spans = keep(IntArray.fromArray(s.spans()));
    KernelContext context = new KernelContext();
    if (s.out().array().isDouble()) {
      DoubleArray weights = (DoubleArray) arrays.get(s.weights());
      DoubleArray x = doubles(s.x());
      DoubleArray out = doubles(s.out());
      double alpha = s.alpha();
      double beta = s.beta();
      elementwise(
          s.out(),
          (graph, name) ->
              graph.task(
                  name,
                  DoubleKernels::rowSumsDouble,
                  context,
                  shape,
                  spans,
                  weights,
                  x,
                  out,
                  alpha,
                  beta));
    } else {
      FloatArray weights = floats(s.weights());
      FloatArray x = floats(s.x());
      FloatArray out = floats(s.out());
      float alpha = (float) s.alpha();
      float beta = (float) s.beta();
      elementwise(
          s.out(),
          (graph, name) ->
              graph.task(
                  name,
                  FloatKernels::rowSumsFloat,
                  context,
                  shape,
                  spans,
                  weights,
                  x,
                  out,
                  alpha,
                  beta));
    }
  }

  private void radial(DeviceStep.ZernikeRadial s) {
    IntArray shape = keep(Geometry.ofElements(s.radii(), s.out()));
    DoubleArray radii = doubles(s.radii());
    DoubleArray out = doubles(s.out());
    int order = s.order();
    KernelContext context = new KernelContext();
    task(
        Math.ceilDiv((long) s.out().cols(), (long) GROUP),
        GROUP,
        (graph, name) ->
            graph.task(name, RadialKernels::radialBatch, context, shape, radii, out, order));
  }
}
