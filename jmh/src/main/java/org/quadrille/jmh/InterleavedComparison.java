package org.quadrille.jmh;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Matrix products of all libraries in turn in one process, the best of many runs of each: ratios
 * that hold on a machine that is busy with other things, where JMH's one-after-the-other would
 * compare different hours. With one thread the processor time of that thread counts, with more the
 * time on the clock. Beside them the peak of one core, measured in the same turns.
 */
final class InterleavedComparison {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final double SECONDS_PER_LIBRARY = 3;
  private static final double SMALLEST_TIMED_GIGAFLOP = 0.03;
  private static final int FEWEST_TURNS = 12;

  /** Libraries that need longer for one product run twice only. */
  private static final double SLOW_SECONDS = 0.5;

  private static final String PEAK = "peak";

  private InterleavedComparison() {}

  /** Returns the table for the number of threads and the sizes given as text. */
  static String run(String[] arguments) {
    int threads = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1;
    int[] sizes = {256, 1000, 1024, 2048};
    if (arguments.length > 1) {
      sizes = new int[arguments.length - 1];
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = Integer.parseInt(arguments[i + 1]);
      }
    }
    Map<String, Map<String, Double>> rows = new TreeMap<>();
    double peak = 0;
    for (String precision : new String[] {"double", "float"}) {
      for (int n : sizes) {
        Map<String, Double> rates = compare(precision, n, threads);
        peak = Math.max(peak, rates.remove(PEAK));
        rows.put(RatioTable.productRow(precision, n, threads), rates);
      }
    }
    return RatioTable.ofProducts(rows)
        + String.format(
            Locale.ROOT, "%nPeak of one core: %.1f (float), %.1f (double)%n", peak, peak / 2);
  }

  /** Best rates in GFLOP/s by library. */
  private static Map<String, Double> compare(String precision, int n, int threads) {
    Map<String, MatrixProductPeer> peers = peers(precision, n, threads);
    Map<String, Double> rates = new TreeMap<>();
    double gigaflop = 2e-9 * n * n * n;
    int repetitions = (int) Math.max(1, SMALLEST_TIMED_GIGAFLOP / gigaflop);
    FmaPeakBenchmark peak = new FmaPeakBenchmark();
    FmaPeakBenchmark.Work work = new FmaPeakBenchmark.Work();
    long end = System.nanoTime() + (long) (SECONDS_PER_LIBRARY * 1e9 * peers.size());
    for (int turn = 0; turn < FEWEST_TURNS || System.nanoTime() < end; turn++) {
      for (Map.Entry<String, MatrixProductPeer> peer : peers.entrySet()) {
        if (turn >= 2 && rates.get(peer.getKey()) * SLOW_SECONDS < gigaflop) {
          continue;
        }
        long start = clock(threads);
        for (int i = 0; i < repetitions; i++) {
          peer.getValue().multiply();
        }
        long time = clock(threads) - start;
        rates.merge(peer.getKey(), repetitions * gigaflop / (time * 1e-9), Math::max);
      }
      work.gigaflop = 0;
      long start = clock(1);
      float result = peak.peak(work);
      long time = clock(1) - start;
      if (Float.isNaN(result)) {
        throw new IllegalStateException("the peak loop overflowed");
      }
      rates.merge(PEAK, work.gigaflop / (time * 1e-9), Math::max);
    }
    return rates;
  }

  private static Map<String, MatrixProductPeer> peers(String precision, int n, int threads) {
    Map<String, MatrixProductPeer> peers = new TreeMap<>();
    Random random = new Random(n);
    double[] a = random.doubles((long) n * n, -1, 1).toArray();
    double[] b = random.doubles((long) n * n, -1, 1).toArray();
    for (String library : RatioTable.LIBRARIES) {
      if (library.equals("netlib") && threads > 1) {
        continue;
      }
      peers.put(
          library,
          precision.equals("float")
              ? MatrixProductPeer.of(
                  library, threads, n, GemmBenchmark.rounded(a), GemmBenchmark.rounded(b))
              : MatrixProductPeer.of(library, threads, n, a, b));
    }
    return peers;
  }

  private static long clock(int threads) {
    return threads == 1 ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
  }
}
