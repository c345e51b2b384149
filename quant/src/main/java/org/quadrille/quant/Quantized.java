package org.quadrille.quant;

import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.OperatorChecks;
import org.quadrille.linalg.Tensor;

/**
 * A {@link QuantizedMatrix} as a frozen operator in single precision: {@code W = Sum(Quantized,
 * LowRank)} is a decomposed layer.
 *
 * <p>Rows are dequantized panel by panel into a small buffer that the dense kernels read; the dense
 * matrix never exists. <b>Thread safety</b>: immutable; the same bits for any number of threads.
 */
public final class Quantized implements LinearOperator {
  /** Floats of a panel: 256 KB, so that it stays in the second-level cache. */
  private static final int PANEL_FLOATS = 1 << 16;

  private final QuantizedMatrix matrix;

  /** The operator of a matrix, which is not copied. */
  public Quantized(QuantizedMatrix matrix) {
    this.matrix = matrix;
  }

  /** The codes and scales. */
  public QuantizedMatrix matrix() {
    return matrix;
  }

  @Override
  public int rows() {
    return matrix.rows();
  }

  @Override
  public int cols() {
    return matrix.cols();
  }

  /** Always F32. */
  @Override
  public DType dtype() {
    return DType.F32;
  }

  private int panelRows() {
    return Math.max(1, PANEL_FLOATS / cols());
  }

  /** Panels in parallel, one buffer per thread. */
  @Override
  public Tensor apply(Tensor x, Tensor out) {
    OperatorChecks.check(this, x, out, rows(), cols(), "apply");
    Tensor operand = matrix.transform().map(t -> t.transformedOperand(x)).orElse(x);
    int panels = Math.ceilDiv(rows(), panelRows());
    WorkerPool pool = WorkerPool.shared();
    int workers = Math.min(pool.threads(), panels);
    pool.forEach(
        workers,
        worker -> {
          float[] buffer = new float[Math.min(panelRows(), rows()) * cols()];
          for (int panel = worker; panel < panels; panel += workers) {
            int from = panel * panelRows();
            int to = Math.min(rows(), from + panelRows());
            MatrixProduct.multiply(1, panel(from, to, buffer), operand, 0, out.slice(0, from, to));
          }
        });
    return out;
  }

  /** Panels one after the other, since their contributions add up; each product is parallel. */
  @Override
  public Tensor applyTransposed(Tensor y, Tensor out) {
    OperatorChecks.check(this, y, out, cols(), rows(), "applyTransposed");
    float[] buffer = new float[Math.min(panelRows(), rows()) * cols()];
    for (int from = 0; from < rows(); from += panelRows()) {
      int to = Math.min(rows(), from + panelRows());
      double beta = from == 0 ? 0 : 1;
      MatrixProduct.multiply(
          1, panel(from, to, buffer).transpose(), y.slice(0, from, to), beta, out);
    }
    matrix.transform().ifPresent(t -> t.restoreResult(out));
    return out;
  }

  /** Rows {@code from <= row < to} of the codes' own matrix, dequantized into the buffer. */
  private Tensor panel(int from, int to, float[] buffer) {
    matrix.dequantizeUntransformed(from, to, buffer, 0);
    return Tensor.view(buffer, 0, new int[] {to - from, cols()}, new int[] {cols(), 1});
  }

  @Override
  public Tensor toDense() {
    return matrix.dequantize();
  }

  /** Weight codes, block-scale codes and zero codes, group scales, the offset, column scales. */
  @Override
  public long parameterCount() {
    long blockCodes = matrix.blocks() * (matrix.hasZeroCodes() ? 2L : 1L);
    boolean scaled = matrix.transform().filter(t -> t instanceof DiagonalScaling).isPresent();
    long codes = (long) rows() * cols() + blockCodes;
    return codes + matrix.groupScales().length + 1 + (scaled ? cols() : 0);
  }

  /** Exact bits of codes and scales, with the 32 bits of the offset. */
  @Override
  public long storageBits() {
    return matrix.storageBits() + Float.SIZE;
  }

  /** Two flops per weight and column; dequantization is not counted. */
  @Override
  public long flops(long k) {
    return 2L * rows() * cols() * k;
  }

  @Override
  public String toString() {
    return "Quantized(" + matrix + ")";
  }
}
