package org.quadrille.zernike;

import java.util.function.Function;
import org.quadrille.kernels.cpu.device.DeviceArray;
import org.quadrille.kernels.cpu.device.DeviceMatrix;
import org.quadrille.kernels.cpu.device.DeviceProgram;
import org.quadrille.kernels.cpu.device.DeviceStep;
import org.quadrille.linalg.OperatorProgram;

/**
 * A {@link DiskTransform} for a device. Coefficients are first sorted by angular order and part
 * (cosine, sine), then each order meets its radial matrix, then the parts meet the matrix of
 * cosines and sines. The transpose goes the same way back.
 *
 * @param matrices of the orders 0 to degree
 * @param entries the numbers of one, row by row
 */
record DiskProgram(
    int degree,
    int rings,
    int angles,
    RadialMatrix[] matrices,
    Function<RadialMatrix, double[]> entries) {

  private static final int LARGEST_DEGREE = 640;
  private static final int SPAN = DeviceStep.RowSums.SPAN;

  private int coefficients() {
    return (degree + 1) * (degree + 2) / 2;
  }

  /** Rows between radial and angular transforms: cosine and sine part of each order. */
  private int parts() {
    return 2 * (degree + 1);
  }

  void emit(
      OperatorProgram to,
      boolean transposed,
      double alpha,
      DeviceMatrix x,
      double beta,
      DeviceMatrix out) {
    if (degree > LARGEST_DEGREE) {
      throw new UnsupportedOperationException(
          "a disk transform of degree "
              + degree
              + " on a device: expected at most "
              + LARGEST_DEGREE
              + "; prepare it on Backend.cpu()");
    }
    DeviceProgram program = to.program();
    DeviceArray one = program.constant(new double[] {1});
    DeviceArray radial = program.constant(radialEntries());
    int k = x.cols();
    DeviceMatrix sorted = to.scratch(2 * coefficients(), k);
    DeviceMatrix middle = to.scratch(parts() * rings, k);
    if (transposed) {
      angular(program, true, 1, middle, 0, x, k);
      program.add(new DeviceStep.RowSums(1, radial, radialAnalysis(), middle, 0, sorted));
      program.add(new DeviceStep.RowSums(alpha, one, unsorting(), sorted, beta, out));
    } else {
      program.add(new DeviceStep.RowSums(1, one, sorting(), x, 0, sorted));
      program.add(new DeviceStep.RowSums(1, radial, radialSynthesis(), sorted, 0, middle));
      angular(program, false, alpha, middle, beta, out, k);
    }
  }

  /**
   * Samples (i K + j) from parts (p M + i) or back, function by function: {@code samples_j. = sum_p
   * F_jp parts_p.}
   */
  private void angular(
      DeviceProgram program,
      boolean back,
      double alpha,
      DeviceMatrix middle,
      double beta,
      DeviceMatrix samples,
      int k) {
    DeviceMatrix fourier = DeviceMatrix.of(program.constant(fourier()), angles, parts());
    DeviceMatrix byPart =
        new DeviceMatrix(middle.array(), middle.offset(), parts(), rings, rings * k, k);
    int row = samples.rowStride();
    DeviceMatrix byAngle =
        new DeviceMatrix(samples.array(), samples.offset(), angles, rings, row, angles * row);
    int step = samples.colStride();
    program.add(
        back
            ? new DeviceStep.Multiply(
                alpha, fourier.transpose(), byAngle, beta, byPart, k, 0, step, 1)
            : new DeviceStep.Multiply(alpha, fourier, byPart, beta, byAngle, k, 0, 1, step));
  }

  /** {@code F_jp}: cos(N theta_j) for part 2 N, sin(N theta_j) for part 2 N + 1. */
  private double[] fourier() {
    double[] cosines = RootsOfUnity.cosines(angles);
    double[] sines = RootsOfUnity.sines(angles);
    double[] f = new double[angles * parts()];
    for (int j = 0; j < angles; j++) {
      for (int order = 0; order <= degree; order++) {
        int at = (int) ((long) order * j % angles);
        f[j * parts() + 2 * order] = cosines[at];
        f[j * parts() + 2 * order + 1] = sines[at];
      }
    }
    return f;
  }

  private double[] radialEntries() {
    int length = 0;
    for (RadialMatrix matrix : matrices) {
      length = Math.addExact(length, matrix.count() * matrix.columns());
    }
    double[] all = new double[length];
    int at = 0;
    for (RadialMatrix matrix : matrices) {
      double[] block = entries.apply(matrix);
      System.arraycopy(block, 0, all, at, block.length);
      at += block.length;
    }
    return all;
  }

  /** Where a coefficient of an order lies after sorting. */
  private int sortedAt(int order, int part, int n) {
    int before = 0;
    for (int m = 0; m < order; m++) {
      before += matrices[m].count();
    }
    return 2 * before + part * matrices[order].count() + n;
  }

  /** Rows of sorted coefficients from rows in OSA order; the sine of order 0 is 0. */
  private int[] sorting() {
    int[] spans = new int[SPAN * 2 * coefficients()];
    forEachCoefficient((row, osa) -> set(spans, row, 0, 0, 1, osa, 0));
    return spans;
  }

  private int[] unsorting() {
    int[] spans = new int[SPAN * coefficients()];
    forEachCoefficient((row, osa) -> set(spans, osa, 0, 0, 1, row, 0));
    return spans;
  }

  private interface Place {
    void accept(int sortedRow, int osaRow);
  }

  private void forEachCoefficient(Place place) {
    for (int order = 0; order <= degree; order++) {
      for (int part = 0; part < (order == 0 ? 1 : 2); part++) {
        int row = sortedAt(order, part, 0);
        for (int n = 0; n < matrices[order].count(); n++) {
          int signed = part == 0 ? order : -order;
          place.accept(row + n, CoefficientBlock.position(order + 2 * n, signed));
        }
      }
    }
  }

  /** Part p of ring i: a sum over the radial index n. */
  private int[] radialSynthesis() {
    int[] spans = new int[SPAN * parts() * rings];
    int at = 0;
    for (RadialMatrix matrix : matrices) {
      for (int part = 0; part < 2; part++) {
        int row = sortedAt(matrix.order(), part, 0);
        for (int i = matrix.first(); i < rings; i++) {
          int to = (2 * matrix.order() + part) * rings + i;
          int weight = at + i - matrix.first();
          set(spans, to, weight, matrix.columns(), matrix.count(), row, 1);
        }
      }
      at += matrix.count() * matrix.columns();
    }
    return spans;
  }

  /** Coefficient n of a part: a sum over the rings. */
  private int[] radialAnalysis() {
    int[] spans = new int[SPAN * 2 * coefficients()];
    int at = 0;
    for (RadialMatrix matrix : matrices) {
      for (int part = 0; part < 2; part++) {
        int row = sortedAt(matrix.order(), part, 0);
        int from = (2 * matrix.order() + part) * rings + matrix.first();
        for (int n = 0; n < matrix.count(); n++) {
          set(spans, row + n, at + n * matrix.columns(), 1, matrix.columns(), from, 1);
        }
      }
      at += matrix.count() * matrix.columns();
    }
    return spans;
  }

  private static void set(
      int[] spans, int row, int weightStart, int weightStep, int length, int xStart, int xStep) {
    int at = SPAN * row;
    spans[at] = weightStart;
    spans[at + 1] = weightStep;
    spans[at + 2] = length;
    spans[at + 3] = xStart;
    spans[at + 4] = xStep;
  }
}
