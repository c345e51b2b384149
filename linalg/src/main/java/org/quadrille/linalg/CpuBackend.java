package org.quadrille.linalg;

/** Operators as they are: their data are at hand already. */
final class CpuBackend implements Backend {
  static final CpuBackend INSTANCE = new CpuBackend();

  private CpuBackend() {}

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public PreparedOperator prepare(LinearOperator operator) {
    return new Prepared(operator);
  }

  private record Prepared(LinearOperator operator) implements PreparedOperator {
    @Override
    public long kernelNanos() {
      return -1;
    }

    @Override
    public void close() {}

    @Override
    public Tensor apply(Tensor x, Tensor out) {
      return operator.apply(x, out);
    }

    @Override
    public Tensor applyTransposed(Tensor y, Tensor out) {
      return operator.applyTransposed(y, out);
    }

    @Override
    public Tensor apply(double alpha, Tensor x, double beta, Tensor out) {
      return operator.apply(alpha, x, beta, out);
    }

    @Override
    public Tensor applyTransposed(double alpha, Tensor y, double beta, Tensor out) {
      return operator.applyTransposed(alpha, y, beta, out);
    }
  }
}
