package org.quadrille.jmh;

import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.quadrille.kernels.cpu.WorkerPool;

/**
 * The most that the cores can do: fused multiply-adds on registers only, no loads, in GFLOP/s
 * (counter {@code gigaflop}, per second). Every product is measured against this.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FmaPeakBenchmark {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

  /** Half a millisecond: long against starting a task on another thread. */
  private static final int STEPS = 200_000;

  /** Independent chains: two units times the latency of four or five cycles need at least ten. */
  private static final int CHAINS = 12;

  /** float or double. */
  @Param({"float", "double"})
  public String precision;

  /** Threads, each with chains of its own. */
  @Param({"1", "2"})
  public int threads;

  private WorkerPool pool;
  private double[] results;

  /** What one second of the benchmark computes. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Work {
    /** Floating-point operations in units of 10^9, two per multiply-add. */
    public double gigaflop;
  }

  /** Starts the threads. */
  @Setup
  public void prepare() {
    pool = WorkerPool.of(threads);
    results = new double[threads];
  }

  /** All chains of all threads. */
  @Benchmark
  public double[] peak(Work work) {
    boolean single = precision.equals("float");
    int lanes = single ? FLOATS.length() : DOUBLES.length();
    pool.forEach(threads, thread -> results[thread] = single ? floats() : doubles());
    work.gigaflop += 2e-9 * threads * STEPS * CHAINS * lanes;
    return results;
  }

  private static float floats() {
    FloatVector x = FloatVector.broadcast(FLOATS, 1.0001f);
    FloatVector y = FloatVector.broadcast(FLOATS, 0.9999f);
    FloatVector s0 = FloatVector.zero(FLOATS);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector s4 = s0;
    FloatVector s5 = s0;
    FloatVector s6 = s0;
    FloatVector s7 = s0;
    FloatVector s8 = s0;
    FloatVector s9 = s0;
    FloatVector s10 = s0;
    FloatVector s11 = s0;
    for (int i = 0; i < STEPS; i++) {
      s0 = x.fma(y, s0);
      s1 = x.fma(y, s1);
      s2 = x.fma(y, s2);
      s3 = x.fma(y, s3);
      s4 = x.fma(y, s4);
      s5 = x.fma(y, s5);
      s6 = x.fma(y, s6);
      s7 = x.fma(y, s7);
      s8 = x.fma(y, s8);
      s9 = x.fma(y, s9);
      s10 = x.fma(y, s10);
      s11 = x.fma(y, s11);
    }
    FloatVector low = x.add(s0).add(s1).add(s2).add(s3).add(s4).add(s5);
    FloatVector high = x.add(s6).add(s7).add(s8).add(s9).add(s10).add(s11);
    return low.add(high).lane(0);
  }

  private static double doubles() {
    DoubleVector x = DoubleVector.broadcast(DOUBLES, 1.0001);
    DoubleVector y = DoubleVector.broadcast(DOUBLES, 0.9999);
    DoubleVector s0 = DoubleVector.zero(DOUBLES);
    DoubleVector s1 = s0;
    DoubleVector s2 = s0;
    DoubleVector s3 = s0;
    DoubleVector s4 = s0;
    DoubleVector s5 = s0;
    DoubleVector s6 = s0;
    DoubleVector s7 = s0;
    DoubleVector s8 = s0;
    DoubleVector s9 = s0;
    DoubleVector s10 = s0;
    DoubleVector s11 = s0;
    for (int i = 0; i < STEPS; i++) {
      s0 = x.fma(y, s0);
      s1 = x.fma(y, s1);
      s2 = x.fma(y, s2);
      s3 = x.fma(y, s3);
      s4 = x.fma(y, s4);
      s5 = x.fma(y, s5);
      s6 = x.fma(y, s6);
      s7 = x.fma(y, s7);
      s8 = x.fma(y, s8);
      s9 = x.fma(y, s9);
      s10 = x.fma(y, s10);
      s11 = x.fma(y, s11);
    }
    DoubleVector low = x.add(s0).add(s1).add(s2).add(s3).add(s4).add(s5);
    DoubleVector high = x.add(s6).add(s7).add(s8).add(s9).add(s10).add(s11);
    return low.add(high).lane(0);
  }
}
