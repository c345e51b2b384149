package org.quadrille.jmh;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jtransforms.fft.DoubleFFT_1D;
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
import org.quadrille.zernike.AngularFourier;

/**
 * Fourier transforms of the samples on 128 rings of a disk, in microseconds for all rings, on one
 * thread: ours with the rings side by side, two of them as one complex signal, the time to lay them
 * out so included; the peer ring by ring in place, the time to copy them included.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Xmx2g"})
public class AngularFourierBenchmark {
  private static final int RINGS = 128;
  private static final int PAIRS = RINGS / 2;

  /** The library. */
  @Param({"quadrille", "jtransforms"})
  public String library;

  /** Samples on a ring. */
  @Param({"135", "512", "1080", "1031"})
  public int angles;

  private double[] samples;
  private double[] copy;
  private double[][] re;
  private double[][] im;
  private AngularFourier fourier;
  private DoubleFFT_1D peer;

  /** Draws samples and compares one frequency with its definition. */
  @Setup
  public void prepare() {
    Random random = new Random(angles);
    samples = random.doubles((long) RINGS * angles).toArray();
    copy = new double[samples.length];
    re = new double[angles][PAIRS];
    im = new double[angles][PAIRS];
    fourier = new AngularFourier(angles);
    peer = new DoubleFFT_1D(angles);
    double expected = 0;
    for (int j = 0; j < angles; j++) {
      expected += samples[j] * Math.cos(2 * Math.PI * 3 * j / angles);
    }
    transform();
    double given =
        library.equals("quadrille")
            ? 0.5 * (re[fourier.position(3)][0] + re[fourier.position(angles - 3)][0])
            : copy[6];
    if (!(Math.abs(given - expected) < 1e-10)) {
      throw new IllegalStateException(library + ": " + given + ", expected " + expected);
    }
  }

  /** All rings. */
  @Benchmark
  public double transform() {
    if (library.equals("quadrille")) {
      for (int j = 0; j < angles; j += 8) {
        int end = Math.min(angles, j + 8);
        for (int l = 0; l < PAIRS; l++) {
          for (int k = j; k < end; k++) {
            re[k][l] = samples[l * angles + k];
            im[k][l] = samples[(PAIRS + l) * angles + k];
          }
        }
      }
      fourier.transform(re, im, PAIRS);
      return re[0][0];
    }
    System.arraycopy(samples, 0, copy, 0, copy.length);
    for (int i = 0; i < RINGS; i++) {
      peer.realForward(copy, i * angles);
    }
    return copy[0];
  }
}
