package org.quadrille.kernels.gpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.quadrille.kernels.cpu.PackedCodes;
import org.quadrille.kernels.cpu.PackedMatrix;
import org.quadrille.kernels.cpu.device.Accelerator;
import org.quadrille.kernels.cpu.device.DeviceArray;
import org.quadrille.kernels.cpu.device.DeviceExecutable;
import org.quadrille.kernels.cpu.device.DeviceMatrix;
import org.quadrille.kernels.cpu.device.DeviceProgram;
import org.quadrille.kernels.cpu.device.DeviceStep;
import org.quadrille.kernels.cpu.device.ProgramInterpreter;

/**
 * Runs every kernel on the device: first on small awkward shapes against the interpreter, then on
 * large ones for time.
 */
final class Verification {
  private static final int RUNS = 7;
  private static final int[] WIDTHS = {2, 3, 4, 8};

  private final Accelerator device;
  private final int size;
  private final List<Row> rows = new ArrayList<>();

  /**
   * One kernel.
   *
   * @param error the largest difference to the interpreter, relative to the largest number
   * @param gigabytes that it must move per second, or 0 where arithmetic bounds it
   * @param gigaflops per second, or 0 where memory bounds it
   * @param share of the measured copy bandwidth or of the measured arithmetic rate
   */
  record Row(
      String kernel,
      String shape,
      double error,
      boolean agrees,
      double gigabytes,
      double gigaflops,
      double share) {}

  private interface Maker {
    DeviceProgram make(int size);
  }

  Verification(Accelerator device, int size) {
    this.device = device;
    this.size = size;
  }

  /** All kernels; the ceilings come first. */
  List<Row> run() {
    double arithmetic = PeakProbe.gigaflops(size * 256);
    rows.add(new Row("multiply-adds (ceiling)", "", 0, true, 0, arithmetic, 1));
    double copy = memoryBound("copy (ceiling)", n -> copy(n, 1, 0), 8.0 * size * size, 0);
    memoryBound("axpy", n -> copy(n, 0.5, 1), 20.0 * size * size, copy);
    memoryBound("gemv f32", n -> product(false, n, 1, false), 4.0 * size * size, copy);
    memoryBound("gemv f32 transposed", n -> product(false, n, 1, true), 4.0 * size * size, copy);
    memoryBound("gemv f64", n -> product(true, n, 1, false), 8.0 * size * size, copy);
    for (int bits : WIDTHS) {
      // a scale of 32 bits for 64 weights
      double bytes = (bits / 8.0 + 4.0 / 64) * size * size;
      memoryBound("gemv NF" + bits, n -> packed(bits, n, 1, false), bytes, copy);
    }
    memoryBound("gemv NF4 transposed", n -> packed(4, n, 1, true), 0.5625 * size * size, copy);
    memoryBound("dequantize NF4", Verification::dequantize, 4.5625 * size * size, copy);
    memoryBound("quantize", Verification::quantize, 12.0 * size * size, copy);
    double flops = 2.0 * size * size * size;
    computeBound("gemm f32", n -> product(false, n, n, false), flops, arithmetic);
    computeBound("gemm f64", n -> product(true, n, n, false), flops, arithmetic);
    computeBound("gemm NF4", n -> packed(4, n, n, false), flops, arithmetic);
    double terms = size / 8.0;
    computeBound("Zernike batch f64", Verification::radial, 12.0 * terms * size * 8, arithmetic);
    return rows;
  }

  private double memoryBound(String name, Maker maker, double bytes, double ceiling) {
    double error = error(maker);
    double rate = bytes / bestNanos(maker.make(size));
    boolean agrees = error < 1e-5;
    rows.add(new Row(name, shape(), error, agrees, rate, 0, ceiling == 0 ? 1 : rate / ceiling));
    return rate;
  }

  private void computeBound(String name, Maker maker, double flops, double ceiling) {
    double error = error(maker);
    double rate = flops / bestNanos(maker.make(size));
    rows.add(new Row(name, shape(), error, error < 1e-5, 0, rate, rate / ceiling));
  }

  private String shape() {
    return size + " x " + size;
  }

  /** Two shapes, one that fits no tile and one that fits all. */
  private double error(Maker maker) {
    return Math.max(differ(maker.make(67)), differ(maker.make(128)));
  }

  private double differ(DeviceProgram program) {
    double[] expected = output(new ProgramInterpreter(), program);
    double[] actual = output(device, program);
    double largest = 1e-300;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      double off = Math.abs(expected[i] - actual[i]);
      // a NaN is as wrong as can be
      difference = Math.max(difference, Double.isNaN(off) ? Double.POSITIVE_INFINITY : off);
    }
    return difference / largest;
  }

  private static double[] output(Accelerator on, DeviceProgram program) {
    try (DeviceExecutable executable = on.compile(program)) {
      fillInputs(program, executable);
      executable.run();
      for (DeviceArray array : program.arrays()) {
        if (array.role() == DeviceArray.Role.OUTPUT) {
          return numbers(executable.memory(array), array);
        }
      }
      throw new IllegalStateException(program + " has no output");
    }
  }

  private static double[] numbers(MemorySegment memory, DeviceArray array) {
    double[] all = new double[array.length()];
    for (int i = 0; i < all.length; i++) {
      all[i] =
          array.isDouble()
              ? memory.getAtIndex(ValueLayout.JAVA_DOUBLE, i)
              : memory.getAtIndex(ValueLayout.JAVA_FLOAT, i);
    }
    return all;
  }

  private static void fillInputs(DeviceProgram program, DeviceExecutable executable) {
    Random random = new Random(1);
    for (DeviceArray array : program.arrays()) {
      if (array.role() == DeviceArray.Role.INPUT) {
        MemorySegment memory = executable.memory(array);
        for (int i = 0; i < array.length(); i++) {
          double value = random.nextDouble();
          if (array.isDouble()) {
            memory.setAtIndex(ValueLayout.JAVA_DOUBLE, i, value);
          } else {
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (2 * value - 1));
          }
        }
      }
    }
  }

  private double bestNanos(DeviceProgram program) {
    try (DeviceExecutable executable = device.compile(program)) {
      fillInputs(program, executable);
      long best = Long.MAX_VALUE;
      for (int i = 0; i < RUNS; i++) {
        executable.run();
        best = Math.min(best, executable.kernelNanos());
      }
      return Math.max(1, best);
    }
  }

  private static DeviceProgram copy(int n, double alpha, double beta) {
    DeviceProgram program = new DeviceProgram(false);
    DeviceMatrix x = DeviceMatrix.of(program.input(n * n), n, n);
    DeviceMatrix y = DeviceMatrix.of(program.output(n * n), n, n);
    if (beta != 0) {
      // what is added to must have been written
      program.add(new DeviceStep.AddScaled(1, x, 0, y));
    }
    program.add(new DeviceStep.AddScaled(alpha, x, beta, y));
    return program;
  }

  private static DeviceProgram product(boolean wide, int n, int columns, boolean transposed) {
    DeviceProgram program = new DeviceProgram(wide);
    Random random = new Random(2);
    DeviceArray constant;
    if (wide) {
      double[] w = new double[n * n];
      for (int i = 0; i < w.length; i++) {
        w[i] = random.nextDouble() - 0.5;
      }
      constant = program.constant(w);
    } else {
      float[] w = new float[n * n];
      for (int i = 0; i < w.length; i++) {
        w[i] = random.nextFloat() - 0.5f;
      }
      constant = program.constant(w);
    }
    DeviceMatrix a = DeviceMatrix.of(constant, n, n);
    DeviceMatrix x = DeviceMatrix.of(program.input(n * columns), n, columns);
    DeviceMatrix y = DeviceMatrix.of(program.output(n * columns), n, columns);
    program.add(new DeviceStep.Multiply(1, transposed ? a.transpose() : a, x, 0, y));
    return program;
  }

  private static DeviceProgram packed(int bits, int n, int columns, boolean transposed) {
    DeviceProgram program = new DeviceProgram(false);
    DeviceMatrix x = DeviceMatrix.of(program.input(n * columns), n, columns);
    DeviceMatrix y = DeviceMatrix.of(program.output(n * columns), n, columns);
    program.add(new DeviceStep.MultiplyPacked(1, codes(bits, n), transposed, x, 0, y));
    return program;
  }

  private static DeviceProgram dequantize(int n) {
    DeviceProgram program = new DeviceProgram(false);
    DeviceMatrix out = DeviceMatrix.of(program.output(n * n), n, n);
    program.add(new DeviceStep.Dequantize(codes(4, n), out));
    return program;
  }

  private static DeviceProgram quantize(int n) {
    DeviceProgram program = new DeviceProgram(false);
    DeviceMatrix x = DeviceMatrix.of(program.input(n * n), n, n);
    DeviceMatrix out = DeviceMatrix.of(program.output(n * n), n, n);
    DeviceArray scales = program.scratch(Math.ceilDiv(n * n, 64));
    float[] boundaries = new float[15];
    for (int i = 0; i < 15; i++) {
      boundaries[i] = (i - 7) / 8f;
    }
    program.add(new DeviceStep.Quantize(x, program.constant(boundaries), 64, out, scales));
    return program;
  }

  private static DeviceProgram radial(int n) {
    DeviceProgram program = new DeviceProgram(true);
    DeviceMatrix r = DeviceMatrix.of(program.input(n * 8), 1, n * 8);
    int count = Math.max(1, n / 8);
    DeviceMatrix out = DeviceMatrix.of(program.output(count * n * 8), count, n * 8);
    program.add(new DeviceStep.ZernikeRadial(5, r, out));
    return program;
  }

  /** Random codes in blocks of 64 with scales of 8 bits. */
  private static PackedMatrix codes(int bits, int n) {
    Random random = new Random(3);
    float[] levels = new float[1 << bits];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = 2f * i / (levels.length - 1) - 1;
    }
    int blocks = Math.ceilDiv(n * n, 64);
    float[] groups = new float[Math.ceilDiv(blocks, 256)];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = 0.5f + random.nextFloat();
    }
    return new PackedMatrix(
        n,
        n,
        bits,
        noise(PackedCodes.length(bits, (long) n * n), random),
        levels,
        64,
        false,
        null,
        8,
        noise(blocks, random),
        groups,
        256,
        0.01f);
  }

  private static MemorySegment noise(long bytes, Random random) {
    MemorySegment memory = Arena.ofAuto().allocate(bytes, 64);
    for (long i = 0; i < bytes; i++) {
      memory.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
    }
    return memory;
  }
}
