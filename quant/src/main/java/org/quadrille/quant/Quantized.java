package org.quadrille.quant;

import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;
import org.quadrille.kernels.cpu.device.DeviceMatrix;
import org.quadrille.kernels.cpu.device.DeviceStep;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.DeviceMappable;
import org.quadrille.linalg.OperatorChecks;
import org.quadrille.linalg.OperatorProgram;
import org.quadrille.linalg.Tensor;

/**
 * A {@link QuantizedMatrix} as a frozen operator in single precision: {@code W = Sum(Quantized,
 * LowRank)} is a decomposed layer.
 *
 * <p>Codes of 2, 3 and 4 bits are decoded in registers, on the way into the product; others into a
 * small buffer. Nothing is unpacked or copied beforehand, and the dense matrix never exists.
 * Products have the bits of {@link org.quadrille.linalg.MatrixProduct} with the dequantized matrix
 * (before a column transform, if there is one), for any number of threads and either kind of
 * kernels. The fastest case is that rows consist of whole blocks of 32, 64, 128 ... weights.
 *
 * <p><b>Thread safety</b>: immutable. Where the matrix lies in the memory map of a file, the file
 * must stay open.
 */
public final class Quantized implements DeviceMappable {
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

  /** Split over rows; each weight is decoded once for every 2048 columns of x. */
  @Override
  public Tensor apply(Tensor x, Tensor out) {
    OperatorChecks.check(this, x, out, rows(), cols(), "apply");
    OperatorChecks.checkSeparate(x, out, "apply");
    Tensor operand = matrix.transform().map(t -> t.transformedOperand(x)).orElse(x);
    Kernels kernels = KernelProvider.active();
    if (x.rank() == 1) {
      kernels.gemvPacked(
          matrix.packed(),
          operand.floats(),
          operand.offset(),
          operand.stride(0),
          out.floats(),
          out.offset(),
          out.stride(0));
    } else if (x.size(1) > 0) {
      kernels.gemmPacked(
          x.size(1),
          matrix.packed(),
          operand.floats(),
          operand.offset(),
          operand.stride(0),
          operand.stride(1),
          out.floats(),
          out.offset(),
          out.stride(0),
          out.stride(1));
    }
    return out;
  }

  /** Split over columns. */
  @Override
  public Tensor applyTransposed(Tensor y, Tensor out) {
    OperatorChecks.check(this, y, out, cols(), rows(), "applyTransposed");
    OperatorChecks.checkSeparate(y, out, "applyTransposed");
    Kernels kernels = KernelProvider.active();
    if (y.rank() == 1) {
      kernels.gemvPackedTransposed(
          matrix.packed(),
          y.floats(),
          y.offset(),
          y.stride(0),
          out.floats(),
          out.offset(),
          out.stride(0));
    } else if (y.size(1) > 0) {
      kernels.gemmPackedTransposed(
          y.size(1),
          matrix.packed(),
          y.floats(),
          y.offset(),
          y.stride(0),
          y.stride(1),
          out.floats(),
          out.offset(),
          out.stride(0),
          out.stride(1));
    }
    matrix.transform().ifPresent(t -> t.restoreResult(out));
    return out;
  }

  /**
   * One product with the codes, and a scaling beside it where there is a {@link DiagonalScaling}.
   *
   * @throws UnsupportedOperationException if the columns are under a {@link RandomizedHadamard}
   */
  @Override
  public void emit(
      OperatorProgram program,
      boolean transposed,
      double alpha,
      DeviceMatrix x,
      double beta,
      DeviceMatrix out) {
    if (matrix.transform().isEmpty()) {
      program
          .program()
          .add(new DeviceStep.MultiplyPacked(alpha, matrix.packed(), transposed, x, beta, out));
      return;
    }
    if (!(matrix.transform().get() instanceof DiagonalScaling scaling)) {
      throw new UnsupportedOperationException(
          this + " has no form for devices because of its transform; prepare it on Backend.cpu()");
    }
    float[] inverse = scaling.factors();
    for (int j = 0; j < inverse.length; j++) {
      inverse[j] = 1 / inverse[j];
    }
    DeviceMatrix factors = DeviceMatrix.of(program.program().constant(inverse), cols(), 1);
    // W = Q T^-1 with a diagonal T: W x = Q (T^-1 x), W^T y = T^-1 (Q^T y)
    DeviceMatrix between = program.scratch(cols(), x.cols());
    if (transposed) {
      program.program().add(new DeviceStep.MultiplyPacked(1, matrix.packed(), true, x, 0, between));
      program.program().add(new DeviceStep.ScaleRows(alpha, factors, between, beta, out));
    } else {
      program.program().add(new DeviceStep.ScaleRows(1, factors, x, 0, between));
      program
          .program()
          .add(new DeviceStep.MultiplyPacked(alpha, matrix.packed(), false, between, beta, out));
    }
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
