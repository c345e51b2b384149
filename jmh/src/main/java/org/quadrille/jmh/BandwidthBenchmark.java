package org.quadrille.jmh;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
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
 * What memory and caches deliver, in GB/s (counter {@code gigabyte}, per second): the floor of
 * everything that computes little per element.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Xmx4g"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BandwidthBenchmark {

  /** Pieces that threads share. */
  private static final int PIECES = 16;

  /** {@code copy} reads and writes, {@code read} compares two equal arrays. */
  @Param({"copy", "read"})
  public String operation;

  /** Bytes of both arrays together, in kilobytes. */
  @Param({"16", "256", "8192", "262144"})
  public int kilobytes;

  /** Threads. */
  @Param({"1", "2"})
  public int threads;

  private WorkerPool pool;
  private float[] x;
  private float[] y;
  private boolean[] equal;

  /** What one second of the benchmark moves. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Work {
    /** Bytes read and written in units of 10^9. */
    public double gigabyte;
  }

  /** Fills both arrays alike. */
  @Setup
  public void prepare() {
    pool = WorkerPool.of(threads);
    x = new float[kilobytes * 1024 / 2 / Float.BYTES];
    Arrays.fill(x, 1);
    y = x.clone();
    equal = new boolean[PIECES];
  }

  /** One pass over both arrays. */
  @Benchmark
  public boolean[] pass(Work work) {
    boolean copies = operation.equals("copy");
    int pieces = threads == 1 ? 1 : PIECES;
    pool.forEach(
        pieces,
        piece -> {
          int from = (int) ((long) x.length * piece / pieces);
          int to = (int) ((long) x.length * (piece + 1) / pieces);
          if (copies) {
            System.arraycopy(x, from, y, from, to - from);
          } else {
            equal[piece] = Arrays.equals(x, from, to, y, from, to);
          }
        });
    work.gigabyte += 2e-9 * Float.BYTES * x.length;
    return equal;
  }
}
