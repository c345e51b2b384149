package org.quadrille.kernels.cpu.device;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Looks once for an {@link Accelerator}, and survives every way in which one can be missing: no
 * module, a module without its runtime, a runtime without a device.
 */
public final class Accelerators {
  private static final String NO_MODULE = "this build has no GPU module";

  private Accelerators() {}

  private record Search(Accelerator found, String reason) {
    static final Search RESULT = search(ServiceLoader.load(Accelerator.class));
  }

  /** The first accelerator that can be used, or empty where {@link #unavailableReason} says why. */
  public static Optional<Accelerator> find() {
    return Optional.ofNullable(Search.RESULT.found());
  }

  /** Why there is no accelerator, or null where there is one. */
  public static String unavailableReason() {
    return Search.RESULT.reason();
  }

  /** The reason that a list of providers gives for offering no device, or null if one does. */
  static String reasonOf(Iterable<Accelerator> providers) {
    return search(providers).reason();
  }

  private static Search search(Iterable<Accelerator> providers) {
    List<String> reasons = new ArrayList<>();
    Iterator<Accelerator> iterator = providers.iterator();
    // Every provider may fail in its own way, also with an Error: each gets its own net. A broken
    // service file would fail for ever, so there is an end to the patience.
    for (int failures = 0; failures < 8; ) {
      try {
        if (!iterator.hasNext()) {
          break;
        }
        Accelerator accelerator = iterator.next();
        String reason = accelerator.unavailableReason();
        if (reason == null) {
          return new Search(accelerator, null);
        }
        reasons.add(reason);
      } catch (ServiceConfigurationError | LinkageError e) {
        failures++;
        reasons.add("the GPU module does not load: " + rootMessage(e));
      }
    }
    return new Search(null, reasons.isEmpty() ? NO_MODULE : reasons.getFirst());
  }

  private static String rootMessage(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }
}
