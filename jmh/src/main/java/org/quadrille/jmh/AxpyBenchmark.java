package org.quadrille.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** Multiple of one vector added to another, scalar against SIMD, in time per call. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Xmx2g"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AxpyBenchmark {

  /** Single precision. */
  @Benchmark
  public float[] floats(VectorOperands v) {
    v.kernels.axpy(v.n, 1e-9f, v.xFloat, 0, 1, v.yFloat, 0, 1);
    return v.yFloat;
  }

  /** Double precision. */
  @Benchmark
  public double[] doubles(VectorOperands v) {
    v.kernels.axpy(v.n, 1e-9, v.xDouble, 0, 1, v.yDouble, 0, 1);
    return v.yDouble;
  }
}
