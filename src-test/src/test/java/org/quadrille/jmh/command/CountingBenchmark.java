package org.quadrille.jmh.command;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A benchmark whose times are known: the peer takes three times as long as ours. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class CountingBenchmark {
  static int prepared;
  static int calls;

  @Param({"quadrille", "slow"})
  String library;

  @Param({"1", "2"})
  int threads;

  @Param({"10", "20"})
  int n;

  boolean ready;

  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Work {
    public double gigaflop;
  }

  @Setup(Level.Trial)
  public void prepare() {
    ready = true;
    prepared++;
  }

  @Benchmark
  public double spin(Work work) {
    if (!ready) {
      throw new IllegalStateException("not prepared");
    }
    calls++;
    double sum = 0;
    int steps = 20_000 * (library.equals("slow") ? 3 : 1);
    for (int i = 0; i < steps; i++) {
      sum += Math.sqrt(sum + i);
    }
    work.gigaflop += 1e-9 * 20_000;
    return sum;
  }
}
