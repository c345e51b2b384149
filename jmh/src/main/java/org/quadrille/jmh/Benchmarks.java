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
 * <p>First argument: {@code gemm}, {@code peak}, {@code dot} or {@code axpy}; all further ones are
 * those of JMH, such as {@code -p n=1024 -p threads=1 -f 1}.
 */
public final class Benchmarks {

  private static final Map<String, Class<?>> NAMES =
      Map.of(
          "gemm", GemmBenchmark.class,
          "peak", FmaPeakBenchmark.class,
          "dot", DotBenchmark.class,
          "axpy", AxpyBenchmark.class);

  private Benchmarks() {}

  /** Runs the benchmark named first. */
  public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
    Class<?> benchmark = arguments.length == 0 ? null : NAMES.get(arguments[0]);
    if (benchmark == null) {
      System.err.println("Name a benchmark: gemm, peak, dot or axpy; then options of JMH, if any.");
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
    String table =
        benchmark == GemmBenchmark.class
            ? RatioTable.ofProducts(results)
            : benchmark == FmaPeakBenchmark.class
                ? RatioTable.ofPeak(results)
                : RatioTable.ofBackends(results);
    System.out.println();
    System.out.println(environment());
    System.out.print(table);
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
