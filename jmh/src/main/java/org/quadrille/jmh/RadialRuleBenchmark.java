package org.quadrille.jmh;

import java.util.concurrent.TimeUnit;
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

/**
 * Nodes and weights of a Gauss rule on [0, 1] for the weight t^power, in microseconds, computed
 * anew by every call. Libraries other than this one have the power 0 (Gauss-Legendre) only. Moments
 * of each library's rule are compared with the exact ones before it is timed.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Xmx2g"})
public class RadialRuleBenchmark {

  /** The library; {@code prufer-newton} is the way of Greengard and Serkh, in this library. */
  @Param({"quadrille", "hipparchus", "commons-math", "prufer-newton"})
  public String library;

  /** Exponent a of the weight t^a. */
  @Param({"0", "1", "100"})
  public String power;

  /** Nodes. */
  @Param({"20", "100", "1000", "10000", "1000000"})
  public int n;

  private RulePeer peer;

  /** Computes one rule and checks the moments 0 to 6. */
  @Setup
  public void prepare() {
    double a = Double.parseDouble(power);
    peer = RulePeer.of(library, n, a);
    RulePeer.Rule rule = peer.compute();
    double largest = 0;
    for (int k = 0; k <= 6; k++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += rule.weight(i) * Math.pow(rule.node(i), k);
      }
      largest = Math.max(largest, Math.abs(sum * (a + k + 1) - 1));
    }
    if (!(largest < 1e-11)) {
      throw new IllegalStateException(library + ": a moment is off by " + largest);
    }
  }

  /** One rule. */
  @Benchmark
  public RulePeer.Rule rule() {
    return peer.compute();
  }
}
