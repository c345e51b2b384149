package org.quadrille.cli.console;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;
import org.quadrille.kernels.cpu.WorkerPool;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The options that every command understands, before or after its name. */
public final class GlobalOptions {
  /** Which implementation of the hot loops to use. */
  public enum Backend {
    /** SIMD if the machine and the flags allow it, else scalar. */
    auto,
    /** Plain loops: slow, and the definition of every result. */
    scalar,
    /** The Vector API; an error if it cannot be used. */
    simd,
    /** A graphics card for the products of randomized decompositions; an error without one. */
    gpu
  }

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print exactly one JSON document on standard output.")
  private boolean json;

  @Option(
      names = "--threads",
      paramLabel = "N",
      split = ",",
      scope = ScopeType.INHERIT,
      description = "Worker threads (default: all cores). Results do not depend on it.")
  private List<Integer> threads;

  @Option(
      names = "--seed",
      paramLabel = "N",
      scope = ScopeType.INHERIT,
      defaultValue = "0",
      description = "Seed of every random choice (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      defaultValue = "auto",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Backend backend = Backend.auto;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of an error.")
  private boolean debug;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** Whether the JSON document is wanted instead of text. */
  public boolean json() {
    return json;
  }

  /** The seed of every random choice. */
  public long seed() {
    return seed;
  }

  /**
   * The numbers of threads asked for, in their order; empty if none was.
   *
   * @throws ParameterException if one is not positive
   */
  public List<Integer> threads() {
    if (threads == null) {
      return List.of();
    }
    for (int number : threads) {
      if (number < 1) {
        throw new ParameterException(
            command.commandLine(), "--threads " + number + ": expected 1 or more");
      }
    }
    return List.copyOf(threads);
  }

  /** Whether errors come with a stack trace. */
  public boolean debug() {
    return debug;
  }

  /** The backend asked for. */
  public Backend backend() {
    return backend;
  }

  /**
   * Runs a job on the threads and the backend that were asked for.
   *
   * @throws ParameterException if the number of threads is not one positive number
   * @throws CommandFailure if the backend cannot be used
   */
  public <T> T run(Callable<T> job) throws Exception {
    Kernels kernels = kernels();
    Callable<T> onKernels = kernels == null ? job : () -> KernelProvider.with(kernels, job::call);
    Callable<T> onBackend = backend == Backend.gpu ? () -> onGpu(onKernels) : onKernels;
    List<Integer> numbers = threads();
    if (numbers.isEmpty()) {
      return onBackend.call();
    }
    if (numbers.size() > 1) {
      throw new ParameterException(
          command.commandLine(),
          "--threads with " + numbers.size() + " numbers: this command takes one");
    }
    AtomicReference<Exception> failure = new AtomicReference<>();
    T result =
        WorkerPool.of(numbers.getFirst())
            .call(
                () -> {
                  try {
                    return onBackend.call();
                  } catch (Exception e) {
                    failure.set(e);
                    return null;
                  }
                });
    if (failure.get() != null) {
      throw failure.get();
    }
    return result;
  }

  /** The products of randomized decompositions run on the device; all else on the processor. */
  private static <T> T onGpu(Callable<T> job) throws Exception {
    return org.quadrille.linalg.Backend.with(org.quadrille.linalg.Backend.gpu(), job::call);
  }

  private Kernels kernels() {
    return switch (backend) {
      case auto -> null;
      case scalar -> KernelProvider.scalar();
      case simd ->
          KernelProvider.simd()
              .orElseThrow(
                  () ->
                      new CommandFailure(
                          "--backend simd cannot be used: "
                              + KernelProvider.simdUnavailableReason()));
      case gpu -> {
        if (gpuUnavailable() != null) {
          throw new CommandFailure(
              "--backend gpu cannot be used: "
                  + gpuUnavailable()
                  + "; use --backend auto, simd or scalar");
        }
        yield null;
      }
    };
  }

  /** Why there is no GPU backend, or null where there is one. */
  public static String gpuUnavailable() {
    return org.quadrille.linalg.Backend.gpuUnavailableReason();
  }
}
