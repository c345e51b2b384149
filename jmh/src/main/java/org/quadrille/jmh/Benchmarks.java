package org.quadrille.jmh;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs benchmarks by a short name and prints a table of ratios after them.
 *
 * <p>First argument: {@code gemm}, {@code peak}, {@code dot}, {@code axpy} or {@code svd}; all
 * further ones are those of JMH, such as {@code -p n=1024 -p threads=1 -f 1}. Or {@code compare},
 * followed by the number of threads and sizes: {@link InterleavedComparison}.
 */
public final class Benchmarks {

  private static final Map<String, Class<?>> NAMES =
      Map.of(
          "gemm", GemmBenchmark.class,
          "peak", FmaPeakBenchmark.class,
          "dot", DotBenchmark.class,
          "axpy", AxpyBenchmark.class,
          "svd", RandomizedSvdBenchmark.class);

  private Benchmarks() {}

  /** Runs the benchmark named first. */
  public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
    if (arguments.length > 0 && arguments[0].equals("compare")) {
      String table = InterleavedComparison.run(Arrays.copyOfRange(arguments, 1, arguments.length));
      System.out.println(environment());
      System.out.print(table);
      return;
    }
    Class<?> benchmark = arguments.length == 0 ? null : NAMES.get(arguments[0]);
    if (benchmark == null) {
      System.err.println(
          "Name a benchmark: gemm, compare, peak, dot, axpy or svd; then options of JMH, if any.");
      System.exit(2);
    }
    String[] options = Arrays.copyOfRange(arguments, 1, arguments.length);
    OptionsBuilder builder = new OptionsBuilder();
    builder.parent(new CommandLineOptions(options)).include(benchmark.getName() + "\\.");
    if (benchmark == GemmBenchmark.class) {
      // A library that has no threads is left out there, instead of ending the run.
      builder.shouldFailOnError(false);
    }
    Collection<RunResult> results = new Runner(builder.build()).run();
    System.out.println();
    System.out.println(environment());
    System.out.print(table(benchmark, results));
  }

  private static String table(Class<?> benchmark, Collection<RunResult> results) {
    if (benchmark == GemmBenchmark.class) {
      return RatioTable.ofProducts(results);
    }
    if (benchmark == FmaPeakBenchmark.class) {
      return RatioTable.ofPeak(results);
    }
    return benchmark == RandomizedSvdBenchmark.class ? "" : RatioTable.ofBackends(results);
  }

  private static String environment() {
    return String.format(
        Locale.ROOT,
        "%s %s, %s, %d processors",
        System.getProperty("java.vm.name"),
        System.getProperty("java.runtime.version"),
        System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors());
  }
}
