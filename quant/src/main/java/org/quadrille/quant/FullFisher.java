package org.quadrille.quant;

import java.util.Arrays;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** One number per weight, in single precision relative to a power of two near the largest. */
final class FullFisher implements Fisher {
  private static final int COLUMNS_PER_TASK = 512;

  private final int rows;
  private final int cols;
  private final double unit;

  /** {@code F_ij = unit * relative[i * cols + j]}, relative below 2. */
  private final float[] relative;

  FullFisher(Tensor squaredGradients) {
    if (squaredGradients.rank() != 2 || squaredGradients.length() == 0) {
      throw new IllegalArgumentException(
          "fisher: given " + squaredGradients + ", expected a matrix of at least one element");
    }
    rows = squaredGradients.size(0);
    cols = squaredGradients.size(1);
    if (squaredGradients.dtype() == DType.F32) {
      relative = squaredGradients.toFloats();
      unit = FisherEnergies.unit(index -> relative[index], relative.length, cols);
      for (int i = 0; i < relative.length; i++) {
        relative[i] = (float) (relative[i] / unit);
      }
    } else {
      double[] values = squaredGradients.toDoubles();
      unit = FisherEnergies.unit(index -> values[index], values.length, cols);
      relative = new float[values.length];
      for (int i = 0; i < values.length; i++) {
        relative[i] = (float) (values[i] / unit);
      }
    }
  }

  /** F over a power of two, single precision, shape [rows, cols]; not to be written. */
  Tensor relative() {
    return Tensor.of(relative, rows, cols);
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int cols() {
    return cols;
  }

  @Override
  public double get(int row, int col) {
    return unit * relative().get(row, col);
  }

  @Override
  public double mean() {
    return unit * (Arrays.stream(rowSums()).sum() / relative.length);
  }

  @Override
  public boolean isFactored() {
    return false;
  }

  @Override
  public double norm(float[] errors) {
    return distance(errors, null);
  }

  @Override
  public double distance(float[] a, float[] b) {
    FisherEnergies.checkLength(a, relative.length);
    FisherEnergies.checkLength(b == null ? a : b, relative.length);
    double sum =
        FisherEnergies.sumOfTasks(
            relative.length,
            (from, to) -> b == null ? squares(a, from, to) : squares(a, b, from, to));
    return Math.sqrt(unit) * Math.sqrt(sum);
  }

  /** Sum of {@code F e^2} in four interleaved chains, so that additions need not wait. */
  private double squares(float[] e, int from, int to) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      s0 += (double) relative[i] * e[i] * e[i];
      s1 += (double) relative[i + 1] * e[i + 1] * e[i + 1];
      s2 += (double) relative[i + 2] * e[i + 2] * e[i + 2];
      s3 += (double) relative[i + 3] * e[i + 3] * e[i + 3];
    }
    for (; i < to; i++) {
      s0 += (double) relative[i] * e[i] * e[i];
    }
    return (s0 + s1) + (s2 + s3);
  }

  private double squares(float[] a, float[] b, int from, int to) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      double e0 = (double) a[i] - b[i];
      double e1 = (double) a[i + 1] - b[i + 1];
      double e2 = (double) a[i + 2] - b[i + 2];
      double e3 = (double) a[i + 3] - b[i + 3];
      s0 += relative[i] * e0 * e0;
      s1 += relative[i + 1] * e1 * e1;
      s2 += relative[i + 2] * e2 * e2;
      s3 += relative[i + 3] * e3 * e3;
    }
    for (; i < to; i++) {
      double e = (double) a[i] - b[i];
      s0 += relative[i] * e * e;
    }
    return (s0 + s1) + (s2 + s3);
  }

  @Override
  public Tensor toTensor() {
    double[] values = new double[relative.length];
    Arrays.setAll(values, i -> unit * relative[i]);
    return Tensor.of(values, rows, cols);
  }

  @Override
  public double[] rowRoots() {
    return FisherEnergies.relativeRoots(rowSums());
  }

  @Override
  public double[] columnRoots() {
    double[] sums = new double[cols];
    WorkerPool.shared()
        .forEach(
            Math.ceilDiv(cols, COLUMNS_PER_TASK),
            task -> {
              int end = Math.min(cols, (task + 1) * COLUMNS_PER_TASK);
              for (int i = 0; i < rows; i++) {
                for (int j = task * COLUMNS_PER_TASK; j < end; j++) {
                  sums[j] += relative[i * cols + j];
                }
              }
            });
    return FisherEnergies.relativeRoots(sums);
  }

  private double[] rowSums() {
    double[] sums = new double[rows];
    WorkerPool.shared()
        .forEach(
            rows,
            i -> {
              double sum = 0;
              for (int at = i * cols; at < (i + 1) * cols; at++) {
                sum += relative[at];
              }
              sums[i] = sum;
            });
    return sums;
  }

  @Override
  public String toString() {
    return "Fisher[" + rows + ", " + cols + "]";
  }
}
