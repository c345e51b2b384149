package org.quadrille.quant;

import java.util.Arrays;
import org.quadrille.linalg.Tensor;

/** Row energies times column energies. */
final class FactoredFisher implements Fisher {
  private final double unit;

  /** {@code F_ij = unit * row[i] * column[j]}, both below 2. */
  private final double[] row;

  private final double[] column;

  FactoredFisher(double[] rowEnergy, double[] columnEnergy) {
    if (rowEnergy.length == 0 || columnEnergy.length == 0) {
      throw new IllegalArgumentException(
          "fisher: given "
              + rowEnergy.length
              + " row and "
              + columnEnergy.length
              + " column energies, expected at least one of each");
    }
    double rowUnit = FisherEnergies.unit(i -> rowEnergy[i], rowEnergy.length, rowEnergy.length);
    double columnUnit =
        FisherEnergies.unit(i -> columnEnergy[i], columnEnergy.length, columnEnergy.length);
    this.unit = rowUnit * columnUnit;
    if (!(unit > 0 && unit <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "fisher: products of row energies near "
              + rowUnit
              + " and column energies near "
              + columnUnit
              + " leave the range of double; scale one of them");
    }
    this.row = Arrays.stream(rowEnergy).map(energy -> energy / rowUnit).toArray();
    this.column = Arrays.stream(columnEnergy).map(energy -> energy / columnUnit).toArray();
  }

  /** Row energies, such that products with {@link #columnEnergy} are the numbers. */
  double[] rowEnergy() {
    return Arrays.stream(row).map(energy -> energy * unit).toArray();
  }

  /** Column energies, relative. */
  double[] columnEnergy() {
    return column.clone();
  }

  @Override
  public int rows() {
    return row.length;
  }

  @Override
  public int cols() {
    return column.length;
  }

  @Override
  public double get(int i, int j) {
    return unit * (row[i] * column[j]);
  }

  @Override
  public double mean() {
    double rowMean = Arrays.stream(row).sum() / row.length;
    return unit * (rowMean * (Arrays.stream(column).sum() / column.length));
  }

  @Override
  public boolean isFactored() {
    return true;
  }

  @Override
  public double norm(float[] errors) {
    return distance(errors, null);
  }

  @Override
  public double distance(float[] a, float[] b) {
    int n = Math.multiplyExact(rows(), cols());
    FisherEnergies.checkLength(a, n);
    FisherEnergies.checkLength(b == null ? a : b, n);
    double sum = FisherEnergies.sumOfTasks(n, (from, to) -> squares(a, b, from, to));
    return Math.sqrt(unit) * Math.sqrt(sum);
  }

  private double squares(float[] a, float[] b, int from, int to) {
    double sum = 0;
    for (int at = from; at < to; ) {
      int i = at / cols();
      int end = Math.min(to, (i + 1) * cols());
      sum += row[i] * rowSquares(a, b, at, end, i * cols());
      at = end;
    }
    return sum;
  }

  /** Sum of {@code column_j e_j^2} in two interleaved chains. */
  private double rowSquares(float[] a, float[] b, int from, int to, int rowStart) {
    double even = 0;
    double odd = 0;
    for (int at = from; at < to; at++) {
      double e = b == null ? a[at] : (double) a[at] - b[at];
      double term = column[at - rowStart] * e * e;
      if ((at & 1) == 0) {
        even += term;
      } else {
        odd += term;
      }
    }
    return even + odd;
  }

  @Override
  public Tensor toTensor() {
    double[] values = new double[Math.multiplyExact(rows(), cols())];
    Arrays.setAll(values, at -> get(at / cols(), at % cols()));
    return Tensor.of(values, rows(), cols());
  }

  @Override
  public double[] rowRoots() {
    return FisherEnergies.relativeRoots(row);
  }

  @Override
  public double[] columnRoots() {
    return FisherEnergies.relativeRoots(column);
  }

  @Override
  public String toString() {
    return "Fisher[" + rows() + ", " + cols() + "] of row and column energies";
  }
}
