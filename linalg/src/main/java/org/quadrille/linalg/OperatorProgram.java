package org.quadrille.linalg;

import java.util.List;
import org.quadrille.kernels.cpu.device.DeviceArray;
import org.quadrille.kernels.cpu.device.DeviceMatrix;
import org.quadrille.kernels.cpu.device.DeviceProgram;
import org.quadrille.kernels.cpu.device.DeviceStep;

/**
 * Writes operators down as steps of a {@link DeviceProgram}: sums and products of any depth become
 * one program, whose intermediate results never leave the device.
 */
public final class OperatorProgram {
  private final DeviceProgram program;

  /** Appends to a program, which is of the precision of the operators. */
  OperatorProgram(DeviceProgram program) {
    this.program = program;
  }

  /** The program under construction. */
  public DeviceProgram program() {
    return program;
  }

  /** A matrix on the device for an intermediate result, row-major, of unspecified contents. */
  public DeviceMatrix scratch(int rows, int cols) {
    return DeviceMatrix.of(program.scratch(Math.multiplyExact(rows, cols)), rows, cols);
  }

  /** A tensor as a constant: shape [m, n], or [n] as a column; strides are kept, not copied. */
  public DeviceMatrix constant(Tensor tensor) {
    Tensor matrix = OperatorChecks.columns(tensor);
    DeviceArray array =
        matrix.dtype() == DType.F32
            ? program.constant(matrix.floats())
            : program.constant(matrix.doubles());
    return new DeviceMatrix(
        array, matrix.offset(), matrix.size(0), matrix.size(1), matrix.stride(0), matrix.stride(1));
  }

  /**
   * Appends {@code out := alpha A x + beta out}, or the same with {@code A^T}; shapes as {@link
   * DeviceMappable#emit} has them.
   *
   * @throws UnsupportedOperationException if a part of the operator has no form for devices
   */
  public void apply(
      LinearOperator a,
      boolean transposed,
      double alpha,
      DeviceMatrix x,
      double beta,
      DeviceMatrix out) {
    switch (a) {
      case DeviceMappable own -> own.emit(this, transposed, alpha, x, beta, out);
      case Dense dense -> multiply(dense.weight(), transposed, alpha, x, beta, out);
      case LowRank factors -> lowRank(factors, transposed, alpha, x, beta, out);
      case Kronecker k -> KroneckerProgram.emit(this, k, transposed, alpha, x, beta, out);
      case Sum sum -> sum(sum, transposed, alpha, x, beta, out);
      case Product product -> product(product, transposed, alpha, x, beta, out);
      case Transposed t -> apply(t.inner(), !transposed, alpha, x, beta, out);
      case Scaled scaled ->
          apply(scaled.inner(), transposed, alpha * scaled.factor(), x, beta, out);
      case Frozen frozen -> apply(frozen.operator(), transposed, alpha, x, beta, out);
      case Diagonal d ->
          program.add(new DeviceStep.ScaleRows(alpha, constant(d.diagonal()), x, beta, out));
      case Selection selection -> selection(selection, transposed, alpha, x, beta, out);
      default ->
          throw new UnsupportedOperationException(
              a + " has no form for devices; prepare it on Backend.cpu()");
    }
  }

  private void multiply(
      Tensor weight,
      boolean transposed,
      double alpha,
      DeviceMatrix x,
      double beta,
      DeviceMatrix out) {
    DeviceMatrix w = constant(weight);
    program.add(new DeviceStep.Multiply(alpha, transposed ? w.transpose() : w, x, beta, out));
  }

  private void lowRank(
      LowRank a, boolean transposed, double alpha, DeviceMatrix x, double beta, DeviceMatrix out) {
    if (a.rank() == 0) {
      zero(x, beta, out);
      return;
    }
    Tensor first = transposed ? a.left().transpose() : a.right();
    Tensor second = transposed ? a.right().transpose() : a.left();
    DeviceMatrix inner = scratch(a.rank(), x.cols());
    multiply(first, false, 1, x, 0, inner);
    multiply(second, false, alpha * a.scale(), inner, beta, out);
  }

  /** {@code out := beta out}: sums of no terms. */
  private void zero(DeviceMatrix x, double beta, DeviceMatrix out) {
    int[] noTerms = new int[DeviceStep.RowSums.SPAN * out.rows()];
    program.add(new DeviceStep.RowSums(1, x.array(), noTerms, x, beta, out));
  }

  private void sum(
      Sum sum, boolean transposed, double alpha, DeviceMatrix x, double beta, DeviceMatrix out) {
    List<LinearOperator> terms = sum.terms();
    apply(terms.getFirst(), transposed, alpha, x, beta, out);
    for (LinearOperator term : terms.subList(1, terms.size())) {
      apply(term, transposed, alpha, x, 1, out);
    }
  }

  /** Factor by factor: what the operand has become stays on the device. */
  private void product(
      Product product,
      boolean transposed,
      double alpha,
      DeviceMatrix x,
      double beta,
      DeviceMatrix out) {
    if (product.factors().stream().anyMatch(factor -> factor.rows() == 0 || factor.cols() == 0)) {
      zero(x, beta, out);
      return;
    }
    List<LinearOperator> order = transposed ? product.factors() : product.factors().reversed();
    DeviceMatrix operand = x;
    for (LinearOperator factor : order.subList(0, order.size() - 1)) {
      DeviceMatrix next = scratch(transposed ? factor.cols() : factor.rows(), x.cols());
      apply(factor, transposed, 1, operand, 0, next);
      operand = next;
    }
    apply(order.getLast(), transposed, alpha, operand, beta, out);
  }

  private void selection(
      Selection a,
      boolean transposed,
      double alpha,
      DeviceMatrix x,
      double beta,
      DeviceMatrix out) {
    int[] indices = a.indices();
    float[] one = {1};
    double[] wideOne = {1};
    DeviceArray weight = a.dtype() == DType.F32 ? program.constant(one) : program.constant(wideOne);
    int terms = DeviceStep.RowSums.SPAN;
    if (!transposed) {
      int[] spans = new int[terms * indices.length];
      for (int i = 0; i < indices.length; i++) {
        spans[i * terms + 2] = 1;
        spans[i * terms + 3] = indices[i];
      }
      program.add(new DeviceStep.RowSums(alpha, weight, spans, x, beta, out));
      return;
    }
    scatter(indices, weight, alpha, x, beta, out);
  }

  /** Row i of x goes to row {@code indices[i]}: one pass for each time that an index repeats. */
  private void scatter(
      int[] indices,
      DeviceArray weight,
      double alpha,
      DeviceMatrix x,
      double beta,
      DeviceMatrix out) {
    int term = DeviceStep.RowSums.SPAN;
    int[] next = new int[out.rows()];
    int[] pass = new int[indices.length];
    int passes = 1;
    for (int i = 0; i < indices.length; i++) {
      pass[i] = next[indices[i]]++;
      passes = Math.max(passes, pass[i] + 1);
    }
    for (int p = 0; p < passes; p++) {
      int[] spans = new int[term * out.rows()];
      for (int i = 0; i < indices.length; i++) {
        if (pass[i] == p) {
          spans[term * indices[i] + 2] = 1;
          spans[term * indices[i] + 3] = i;
        }
      }
      program.add(new DeviceStep.RowSums(alpha, weight, spans, x, p == 0 ? beta : 1, out));
    }
  }
}
