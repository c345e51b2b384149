package org.quadrille.linalg;

/** The backend bound around the caller. */
final class ActiveBackend {
  static final ScopedValue<Backend> SCOPED = ScopedValue.newInstance();

  private ActiveBackend() {}

  /**
   * An operator prepared on the active device, or on the processor where none is active, the
   * operator is prepared already, or the device cannot compute it.
   */
  static PreparedOperator prepare(LinearOperator operator) {
    boolean prepared = operator instanceof PreparedOperator;
    if (SCOPED.isBound() && !prepared) {
      try {
        return SCOPED.get().prepare(operator);
      } catch (UnsupportedOperationException e) {
        return Backend.cpu().prepare(operator);
      }
    }
    return Backend.cpu().prepare(operator);
  }
}
