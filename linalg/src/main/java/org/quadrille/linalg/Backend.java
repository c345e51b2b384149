package org.quadrille.linalg;

import java.util.Optional;
import org.quadrille.kernels.cpu.device.Accelerator;
import org.quadrille.kernels.cpu.device.Accelerators;

/**
 * Turns operators into {@link PreparedOperator prepared} ones whose data already lie where they are
 * used.
 *
 * {@snippet :
 * Backend backend = Backend.gpuUnavailableReason() == null ? Backend.gpu() : Backend.cpu();
 * try (PreparedOperator w = backend.prepare(Sum.of(kronecker, lowRank))) {
 *   w.apply(x, y); // weights stay; only x and y travel
 * }
 * }
 *
 * <p><b>Thread safety</b>: all methods may be called from any thread.
 */
public interface Backend {
  /** {@code cpu}, or the device's own name. */
  String name();

  /**
   * Prepares an operator, whose numbers must not change as long as it is in use.
   *
   * @throws UnsupportedOperationException if a part of it cannot be computed there
   */
  PreparedOperator prepare(LinearOperator operator);

  /** The processor that this program runs on; prepares by doing nothing. */
  static Backend cpu() {
    return CpuBackend.INSTANCE;
  }

  /**
   * The graphics processor.
   *
   * @throws IllegalStateException if there is none, with the reason
   */
  static Backend gpu() {
    Optional<Accelerator> found = Accelerators.find();
    if (found.isEmpty()) {
      throw new IllegalStateException(
          "there is no GPU to use: " + gpuUnavailableReason() + "; use Backend.cpu()");
    }
    return on(found.get());
  }

  /** Why {@link #gpu} throws here, or null where it does not. */
  static String gpuUnavailableReason() {
    return Accelerators.unavailableReason();
  }

  /** Any device that runs device programs. */
  static Backend on(Accelerator accelerator) {
    return new DeviceBackend(accelerator);
  }

  /**
   * Returns the result of {@code action}, in which the products of {@link RandomizedSvd} run on a
   * backend: those that the calling thread asks for, not those of pool tasks. What the device
   * cannot compute stays on the processor.
   *
   * @throws X what {@code action} throws
   */
  static <R, X extends Throwable> R with(
      Backend backend, ScopedValue.CallableOp<? extends R, X> action) throws X {
    return ScopedValue.where(ActiveBackend.SCOPED, backend).<R, X>call(action);
  }
}
