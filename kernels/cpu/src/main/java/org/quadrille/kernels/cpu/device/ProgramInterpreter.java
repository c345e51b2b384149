package org.quadrille.kernels.cpu.device;

import java.lang.foreign.MemorySegment;
import java.util.IdentityHashMap;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;
import org.quadrille.kernels.cpu.PackedMatrix;

/**
 * Runs programs in plain Java on the host, element by element: slow, and the definition of what a
 * device has to compute (up to rounding: a device may sum in another order and fuse multiplications
 * with additions).
 *
 * <p><b>Thread safety</b>: stateless; what it compiles is for one thread at a time.
 */
public final class ProgramInterpreter implements Accelerator {
  @Override
  public String name() {
    return "interpreter";
  }

  @Override
  public String unavailableReason() {
    return null;
  }

  @Override
  public DeviceExecutable compile(DeviceProgram program) {
    return new Run(program);
  }

  private static final class Run implements DeviceExecutable {
    private final DeviceProgram program;
    private final IdentityHashMap<DeviceArray, Object> memory = new IdentityHashMap<>();
    private boolean closed;
    private long nanos = -1;

    Run(DeviceProgram program) {
      this.program = program;
      for (DeviceArray array : program.arrays()) {
        memory.put(array, memoryOf(array));
      }
    }

    private static Object memoryOf(DeviceArray array) {
      if (array.role() == DeviceArray.Role.CONSTANT) {
        return array.isDouble() ? array.doubles() : array.floats();
      }
      return array.isDouble() ? new double[array.length()] : new float[array.length()];
    }

    @Override
    public MemorySegment memory(DeviceArray array) {
      Object data = memory.get(array);
      if (data == null || array.role() == DeviceArray.Role.CONSTANT) {
        throw new IllegalArgumentException(array + ": expected an input or output of the program");
      }
      return data instanceof float[] floats
          ? MemorySegment.ofArray(floats)
          : MemorySegment.ofArray((double[]) data);
    }

    @Override
    public void run() {
      if (closed) {
        throw new IllegalStateException("this program is closed; compile it again");
      }
      long start = System.nanoTime();
      program.steps().forEach(this::run);
      nanos = System.nanoTime() - start;
    }

    @Override
    public long kernelNanos() {
      return nanos;
    }

    @Override
    public void close() {
      closed = true;
    }

    private void run(DeviceStep step) {
      switch (step) {
        case DeviceStep.Multiply s -> multiply(s);
        case DeviceStep.MultiplyPacked s -> multiplyPacked(s);
        case DeviceStep.Dequantize s -> {
          float[] weights = decode(s.a());
          update(0, s.out(), (i, j) -> weights[i * s.a().cols() + j]);
        }
        case DeviceStep.Quantize s -> quantize(s);
        case DeviceStep.AddScaled s ->
            update(s.beta(), s.out(), (i, j) -> s.alpha() * get(s.x(), i, j));
        case DeviceStep.ScaleRows s ->
            update(
                s.beta(), s.out(), (i, j) -> s.alpha() * get(s.factors(), i, 0) * get(s.x(), i, j));
        case DeviceStep.RowSums s ->
            update(s.beta(), s.out(), (i, j) -> s.alpha() * rowSum(s, i, j));
        case DeviceStep.ZernikeRadial s -> radial(s);
      }
    }

    private void multiply(DeviceStep.Multiply s) {
      for (int i = 0; i < s.batch(); i++) {
        DeviceMatrix a = shifted(s.a(), i * s.aStep());
        DeviceMatrix b = shifted(s.b(), i * s.bStep());
        product(s.alpha(), a, b, s.beta(), shifted(s.c(), i * s.cStep()));
      }
    }

    private void product(
        double alpha, DeviceMatrix a, DeviceMatrix b, double beta, DeviceMatrix c) {
      update(
          beta,
          c,
          (i, j) -> {
            double sum = 0;
            for (int l = 0; l < a.cols(); l++) {
              sum += get(a, i, l) * get(b, l, j);
            }
            return alpha * sum;
          });
    }

    private void multiplyPacked(DeviceStep.MultiplyPacked s) {
      DeviceArray weights = DeviceArray.constant(decode(s.a()));
      memory.put(weights, weights.floats());
      DeviceMatrix a = DeviceMatrix.of(weights, s.a().rows(), s.a().cols());
      product(s.alpha(), s.transposed() ? a.transpose() : a, s.b(), s.beta(), s.c());
      memory.remove(weights);
    }

    private static float[] decode(PackedMatrix a) {
      Kernels kernels = KernelProvider.scalar();
      float[] weights = new float[Math.multiplyExact(a.rows(), a.cols())];
      for (int row = 0; row < a.rows(); row++) {
        kernels.decodePacked(a, row, 0, a.cols(), weights, row * a.cols());
      }
      return weights;
    }

    private void quantize(DeviceStep.Quantize s) {
      int weights = s.x().rows() * s.x().cols();
      DeviceMatrix x = s.x().reshape(1, weights);
      DeviceMatrix codes = s.codes().reshape(1, weights);
      float[] scales = (float[]) memory.get(s.scales());
      float[] boundaries = s.boundaries().floats();
      for (int block = 0; block < scales.length; block++) {
        int from = block * s.blockSize();
        int to = Math.min(weights, from + s.blockSize());
        float scale = 0;
        for (int i = from; i < to; i++) {
          scale = Math.max(scale, Math.abs((float) get(x, 0, i)));
        }
        scales[block] = scale;
        for (int i = from; i < to; i++) {
          set(codes, 0, i, code((float) get(x, 0, i), scale, boundaries));
        }
      }
    }

    private static int code(float x, float scale, float[] boundaries) {
      int code = 0;
      if (scale > 0) {
        float scaled = x / scale;
        while (code < boundaries.length && boundaries[code] < scaled) {
          code++;
        }
      }
      return code;
    }

    private double rowSum(DeviceStep.RowSums s, int i, int j) {
      int at = DeviceStep.RowSums.SPAN * i;
      double sum = 0;
      for (int t = 0; t < s.spans()[at + 2]; t++) {
        double w = number(s.weights(), s.spans()[at] + t * s.spans()[at + 1]);
        sum += w * get(s.x(), s.spans()[at + 3] + t * s.spans()[at + 4], j);
      }
      return sum;
    }

    private void radial(DeviceStep.ZernikeRadial s) {
      for (int j = 0; j < s.out().cols(); j++) {
        double r = get(s.radii(), 0, j);
        double x = 2 * r * r - 1;
        double power = RadialRecurrence.power(r, s.order());
        double beforeLast = 0;
        double last = 1;
        set(s.out(), 0, j, power);
        for (int k = 1; k < s.out().rows(); k++) {
          double next = RadialRecurrence.next(k, s.order(), x, last, beforeLast);
          beforeLast = last;
          last = next;
          set(s.out(), k, j, power * next);
        }
      }
    }

    /** An element of the new value, before beta times the old one is added. */
    private interface Element {
      double at(int i, int j);
    }

    private void update(double beta, DeviceMatrix out, Element element) {
      for (int i = 0; i < out.rows(); i++) {
        for (int j = 0; j < out.cols(); j++) {
          double value = element.at(i, j);
          // the old contents may be NaN where beta is 0
          set(out, i, j, beta == 0 ? value : value + beta * get(out, i, j));
        }
      }
    }

    private static DeviceMatrix shifted(DeviceMatrix m, int by) {
      return new DeviceMatrix(
          m.array(), m.offset() + by, m.rows(), m.cols(), m.rowStride(), m.colStride());
    }

    private double get(DeviceMatrix m, int i, int j) {
      return number(m.array(), m.offset() + i * m.rowStride() + j * m.colStride());
    }

    private double number(DeviceArray array, int at) {
      Object data = memory.get(array);
      return data instanceof float[] floats ? floats[at] : ((double[]) data)[at];
    }

    private void set(DeviceMatrix m, int i, int j, double value) {
      int at = m.offset() + i * m.rowStride() + j * m.colStride();
      Object data = memory.get(m.array());
      if (data instanceof float[] floats) {
        floats[at] = (float) value;
      } else {
        ((double[]) data)[at] = value;
      }
    }
  }
}
