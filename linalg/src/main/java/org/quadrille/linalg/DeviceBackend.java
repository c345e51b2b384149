package org.quadrille.linalg;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.quadrille.kernels.cpu.device.Accelerator;
import org.quadrille.kernels.cpu.device.DeviceArray;
import org.quadrille.kernels.cpu.device.DeviceExecutable;
import org.quadrille.kernels.cpu.device.DeviceMatrix;
import org.quadrille.kernels.cpu.device.DeviceProgram;

/** Operators as programs of an accelerator. */
final class DeviceBackend implements Backend {
  private final Accelerator accelerator;

  DeviceBackend(Accelerator accelerator) {
    this.accelerator = accelerator;
  }

  @Override
  public String name() {
    return accelerator.name();
  }

  @Override
  public PreparedOperator prepare(LinearOperator operator) {
    if (operator.rows() < 1 || operator.cols() < 1) {
      throw new UnsupportedOperationException(
          operator + " has no rows or no columns; prepare it on Backend.cpu()");
    }
    DevicePrepared prepared = new DevicePrepared(accelerator, operator);
    // Built now, so that what cannot be computed is refused now.
    DevicePrepared.Pass.program(operator, false, 1);
    return prepared;
  }

  /** An operator with a program for each direction and each number of columns it has met. */
  private static final class DevicePrepared implements PreparedOperator {
    /** Programs that are kept; each has the weights on the device. */
    private static final int MOST_PROGRAMS = 6;

    private final Accelerator accelerator;
    private final LinearOperator operator;

    /** In the order of use, the last one last. */
    private final Map<Shape, Pass> passes = new LinkedHashMap<>(16, 0.75f, true);

    private boolean closed;
    private long nanos = -1;

    DevicePrepared(Accelerator accelerator, LinearOperator operator) {
      this.accelerator = accelerator;
      this.operator = operator;
    }

    /** What a program depends on: columns are 1 or a power of two from 8 on. */
    private record Shape(boolean transposed, int columns) {
      static Shape of(boolean transposed, int columns) {
        return new Shape(
            transposed, columns == 1 ? 1 : Math.max(8, Integer.highestOneBit(2 * columns - 1)));
      }
    }

    @Override
    public LinearOperator operator() {
      return operator;
    }

    @Override
    public synchronized long kernelNanos() {
      return nanos;
    }

    @Override
    public Tensor apply(Tensor x, Tensor out) {
      OperatorChecks.check(this, x, out, rows(), cols(), "apply");
      OperatorChecks.checkSeparate(x, out, "apply");
      run(false, x, out);
      return out;
    }

    @Override
    public Tensor applyTransposed(Tensor y, Tensor out) {
      OperatorChecks.check(this, y, out, cols(), rows(), "applyTransposed");
      OperatorChecks.checkSeparate(y, out, "applyTransposed");
      run(true, y, out);
      return out;
    }

    private synchronized void run(boolean transposed, Tensor x, Tensor out) {
      if (closed) {
        throw new IllegalStateException("this prepared operator is closed; prepare it again");
      }
      int columns = x.rank() == 1 ? 1 : x.size(1);
      if (columns == 0) {
        return;
      }
      Pass pass = pass(Shape.of(transposed, columns));
      DeviceTransfer.upload(OperatorChecks.columns(x), pass.executable.memory(pass.in), pass.width);
      pass.executable.run();
      nanos = pass.executable.kernelNanos();
      DeviceTransfer.download(
          pass.executable.memory(pass.out), pass.width, OperatorChecks.columns(out));
    }

    private Pass pass(Shape shape) {
      Pass known = passes.get(shape);
      if (known != null) {
        return known;
      }
      if (passes.size() >= MOST_PROGRAMS) {
        Iterator<Pass> oldest = passes.values().iterator();
        oldest.next().executable.close();
        oldest.remove();
      }
      Pass pass = Pass.program(operator, shape.transposed, shape.columns);
      pass.executable = accelerator.compile(pass.program);
      passes.put(shape, pass);
      return pass;
    }

    @Override
    public synchronized void close() {
      closed = true;
      passes.values().forEach(pass -> pass.executable.close());
      passes.clear();
    }

    @Override
    public String toString() {
      return "Prepared(" + operator + " on " + accelerator.name() + ")";
    }

    /** One program. */
    static final class Pass {
      private final DeviceProgram program;
      private final DeviceArray in;
      private final DeviceArray out;
      private final int width;
      private DeviceExecutable executable;

      private Pass(DeviceProgram program, DeviceArray in, DeviceArray out, int width) {
        this.program = program;
        this.in = in;
        this.out = out;
        this.width = width;
      }

      static Pass program(LinearOperator operator, boolean transposed, int width) {
        int inLength = transposed ? operator.rows() : operator.cols();
        int outLength = transposed ? operator.cols() : operator.rows();
        DeviceProgram program = new DeviceProgram(operator.dtype() == DType.F64);
        DeviceArray in = program.input(Math.multiplyExact(inLength, width));
        DeviceArray out = program.output(Math.multiplyExact(outLength, width));
        new OperatorProgram(program)
            .apply(
                operator,
                transposed,
                1,
                DeviceMatrix.of(in, inLength, width),
                0,
                DeviceMatrix.of(out, outLength, width));
        return new Pass(program, in, out, width);
      }
    }
  }
}
