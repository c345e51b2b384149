package org.quadrille.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** Dot product of two vectors, scalar against SIMD, in time per call. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Xmx2g"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DotBenchmark {

  /** Single precision. */
  @Benchmark
  public float floats(VectorOperands v) {
    return v.kernels.dot(v.n, v.xFloat, 0, 1, v.yFloat, 0, 1);
  }

  /** Double precision. */
  @Benchmark
  public double doubles(VectorOperands v) {
    return v.kernels.dot(v.n, v.xDouble, 0, 1, v.yDouble, 0, 1);
  }
}
