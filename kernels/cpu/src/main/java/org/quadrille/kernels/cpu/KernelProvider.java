package org.quadrille.kernels.cpu;

import java.util.Locale;
import java.util.Optional;

/**
 * Chooses which {@link Kernels} run: SIMD ones where the runtime supports them, else scalar ones.
 *
 * <p>The default is chosen once, when first needed, from {@code -Dquadrille.backend}:
 *
 * <ul>
 *   <li>{@code auto} (default): SIMD if available, except that the first little work of a program
 *       runs in plain loops, which need no warming up; else scalar, with one warning that says why
 *       and which flag helps.
 *   <li>{@code scalar}: plain Java loops.
 *   <li>{@code simd}: SIMD from the first call, or an error that says why not.
 * </ul>
 *
 * Both give the same bits; they differ in speed only.
 *
 * {@snippet :
 * Kernels kernels = KernelProvider.active();
 * KernelProvider.with(KernelProvider.scalar(), () -> compute()); // everything inside in scalar code
 * }
 *
 * <p><b>Thread safety</b>: all methods may be called from any thread.
 */
public final class KernelProvider {

  /** System property that chooses the default kernels: {@value}. */
  public static final String BACKEND_PROPERTY = "quadrille.backend";

  private static final ScopedValue<Kernels> SCOPED = ScopedValue.newInstance();
  private static final Kernels SCALAR = new ScalarKernels();

  /**
   * The outcome of the search for SIMD, made once. Either the two kernels or the reason is null.
   *
   * @param tiered the kernels of the automatic choice: SIMD but for a program's first little work
   */
  private record Search(Kernels simd, Kernels tiered, String reason) {
    static final Search RESULT = search();

    private static Search search() {
      String reason = VectorSupport.ofThisRuntime().obstacle();
      if (reason != null) {
        return new Search(null, null, reason);
      }
      try {
        // By name, so that no class that mentions the incubator module loads before the checks.
        return new Search(kernels("VectorKernels"), kernels("TieredKernels"), null);
      } catch (ReflectiveOperationException | LinkageError e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
          cause = cause.getCause();
        }
        return new Search(null, null, "the SIMD kernels did not load: " + cause.getMessage());
      }
    }

    private static Kernels kernels(String name) throws ReflectiveOperationException {
      Class<?> type = Class.forName(KernelProvider.class.getPackageName() + "." + name);
      return (Kernels) type.getDeclaredConstructor().newInstance();
    }
  }

  /** The default kernels, chosen once. */
  private static final class Default {
    static final Kernels KERNELS = choose(System.getProperty(BACKEND_PROPERTY), Search.RESULT);
  }

  private KernelProvider() {}

  /**
   * Returns the kernels to use now: those bound by {@link #with} around the caller, else the
   * default.
   *
   * @throws IllegalArgumentException if the property names no backend
   * @throws IllegalStateException if the property asks for SIMD and it is not available
   */
  public static Kernels active() {
    return SCOPED.isBound() ? SCOPED.get() : defaultKernels();
  }

  /** Returns the plain Java kernels, the definition of every result. */
  public static Kernels scalar() {
    return SCALAR;
  }

  /** Returns the SIMD kernels, or empty where {@link #simdUnavailableReason()} says why not. */
  public static Optional<Kernels> simd() {
    return Optional.ofNullable(Search.RESULT.simd());
  }

  /** Returns why there are no SIMD kernels here, or null where there are. */
  public static String simdUnavailableReason() {
    return Search.RESULT.reason();
  }

  /**
   * Returns the result of {@code action}, run with {@code kernels} as {@link #active()}, also in
   * the pool tasks that it starts.
   *
   * @throws X what {@code action} throws
   */
  public static <R, X extends Throwable> R with(
      Kernels kernels, ScopedValue.CallableOp<? extends R, X> action) throws X {
    return ScopedValue.where(SCOPED, kernels).<R, X>call(action);
  }

  /** Runs {@code action} with {@code kernels} as {@link #active()}, also in its pool tasks. */
  public static void with(Kernels kernels, Runnable action) {
    ScopedValue.where(SCOPED, kernels).run(action);
  }

  /** Adds the kernels bound around the caller, if any, to what a pool task will see. */
  static Runnable bindActive(ScopedValue.Carrier carrier, Runnable action) {
    ScopedValue.Carrier bound = SCOPED.isBound() ? carrier.where(SCOPED, SCOPED.get()) : carrier;
    return () -> bound.run(action);
  }

  private static Kernels defaultKernels() {
    try {
      return Default.KERNELS;
    } catch (ExceptionInInitializerError e) {
      throw choiceError(e);
    } catch (NoClassDefFoundError e) {
      // The choice failed before: make it again to throw the same message, not a linkage error.
      return choose(System.getProperty(BACKEND_PROPERTY), Search.RESULT);
    }
  }

  private static RuntimeException choiceError(ExceptionInInitializerError e) {
    return e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
  }

  private static Kernels choose(String property, Search search) {
    String backend = property == null ? "auto" : property.trim().toLowerCase(Locale.ROOT);
    return switch (backend) {
      case "auto" -> search.tiered() != null ? search.tiered() : warnAndFallBack(search.reason());
      case "scalar" -> SCALAR;
      case "simd" -> {
        if (search.simd() == null) {
          throw new IllegalStateException(
              "-D"
                  + BACKEND_PROPERTY
                  + "=simd, but SIMD is not available here: "
                  + search.reason()
                  + ". Use auto or scalar to run without it.");
        }
        yield search.simd();
      }
      default ->
          throw new IllegalArgumentException(
              "-D" + BACKEND_PROPERTY + "=" + property + ": expected auto, scalar or simd");
    };
  }

  private static Kernels warnAndFallBack(String reason) {
    System.getLogger(KernelProvider.class.getName())
        .log(
            System.Logger.Level.WARNING,
            "Quadrille runs in scalar code, several times slower than it could: {0}. (-D{1}=scalar"
                + " silences this warning.)",
            reason,
            BACKEND_PROPERTY);
    return SCALAR;
  }
}
