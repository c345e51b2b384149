package org.quadrille.linalg;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Puts the middle row back between two decomposed blocks of a bidiagonal matrix (Gu and Eisenstat
 * 1995, section 2; LAPACK's {@code lasd1}).
 *
 * <p>In the bases of the singular vectors of both blocks, the middle row and the singular values
 * form an arrow matrix; its singular vectors times the old ones are the new ones. Vectors lie in
 * rows. An old vector is zero in one half, which saves half of the products.
 */
final class BidiagonalMerge {
  /** What counts as zero against the largest entry, in units roundoff. */
  private static final double DEFLATION = 8;

  private final int first;
  private final int rows;
  private final int columns;

  /** Index of the middle row within the block: the columns above it, and one more. */
  private final int above;

  private final double[] values;
  private final Tensor left;
  private final Tensor right;

  /** Row of the vectors within the block, singular value, z and extent of each entry. */
  private int[] entryRow;

  private double[] d;
  private double[] z;
  private ArrowDeflation.Part[] parts;

  /**
   * Takes the part of one block.
   *
   * @param values all singular values
   * @param left all left singular vectors
   * @param right all right singular vectors
   */
  BidiagonalMerge(
      BidiagonalDivideAndConquer.Block block, double[] values, Tensor left, Tensor right) {
    this.first = block.first();
    this.rows = block.rows();
    this.columns = block.columns();
    this.above = block.middle() - first;
    this.values = values;
    this.left = square(left, rows);
    this.right = square(right, columns);
  }

  private Tensor square(Tensor vectors, int size) {
    return vectors.slice(0, first, first + size).slice(1, first, first + size);
  }

  /**
   * Replaces values and vectors of the two parts by those of the whole block.
   *
   * @param alpha diagonal element of the middle row
   * @param beta superdiagonal element of the middle row
   */
  void merge(double alpha, double beta) {
    double largest = Math.max(Math.abs(alpha), Math.abs(beta));
    for (int i = 0; i < rows; i++) {
      largest = Math.max(largest, i == above ? 0 : values[first + i]);
    }
    left.set(1, above, above);
    if (largest == 0) {
      values[first + above] = 0;
      return;
    }
    // A power of two near the largest entry: squares neither overflow nor vanish.
    double scale = Math.scalb(1.0, Math.max(-1000, Math.getExponent(largest)));
    enter(alpha / scale, beta / scale, scale);
    double tolerance = DEFLATION * left.dtype().unitRoundoff() * (largest / scale);
    ArrowDeflation deflation = new ArrowDeflation(d, z, parts, tolerance, this::rotate);
    int[] kept = deflation.kept;
    double[] poles = select(d, kept);
    ArrowSvd arrow = new ArrowSvd(poles, select(z, kept));
    replaceVectors(arrow, kept, deflation.deflated);
    for (int k = 0; k < kept.length; k++) {
      values[first + k] = arrow.singularValue(k) * scale;
    }
    for (int k = 0; k < deflation.deflated.length; k++) {
      values[first + kept.length + k] = d[deflation.deflated[k]] * scale;
    }
  }

  /** Builds the arrow matrix. */
  private void enter(double alpha, double beta, double scale) {
    double[] lastOfAbove = right.slice(0, 0, above + 1).transpose().row(above).toDoubles();
    boolean hasBelow = columns > above + 1;
    double[] firstOfBelow =
        hasBelow
            ? right.slice(0, above + 1, columns).transpose().row(above + 1).toDoubles()
            : new double[0];
    double spike = alpha * lastOfAbove[above];
    if (columns > rows) {
      // One combination of the two null vectors sees the middle row, the other one does not.
      double other = beta * firstOfBelow[rows - above - 1];
      double norm = Norms.hypot(Math.abs(spike), Math.abs(other));
      if (norm > 0) {
        PlaneRotation.apply(right.row(above), right.row(rows), spike / norm, other / norm);
      }
      spike = norm;
    }
    entryRow = sortedRows();
    d = new double[rows];
    z = new double[rows];
    parts = new ArrowDeflation.Part[rows];
    z[0] = spike;
    parts[0] = ArrowDeflation.Part.EVERYWHERE;
    for (int i = 1; i < rows; i++) {
      int row = entryRow[i];
      boolean top = row < above;
      d[i] = values[first + row] / scale;
      z[i] = top ? alpha * lastOfAbove[row] : beta * firstOfBelow[row - above - 1];
      parts[i] = top ? ArrowDeflation.Part.TOP : ArrowDeflation.Part.BOTTOM;
    }
  }

  /** The middle row, then the others by ascending singular value. */
  private int[] sortedRows() {
    return IntStream.concat(
            IntStream.of(above),
            IntStream.range(0, rows)
                .filter(row -> row != above)
                .boxed()
                .sorted(Comparator.comparingDouble(row -> values[first + row]))
                .mapToInt(Integer::intValue))
        .toArray();
  }

  private void rotate(int i, int j, double c, double s) {
    PlaneRotation.apply(right.row(entryRow[j]), right.row(entryRow[i]), c, s);
    if (j != 0) {
      PlaneRotation.apply(left.row(entryRow[j]), left.row(entryRow[i]), c, s);
    }
  }

  private static double[] select(double[] x, int[] index) {
    return Arrays.stream(index).mapToDouble(i -> x[i]).toArray();
  }

  private void replaceVectors(ArrowSvd arrow, int[] kept, int[] deflated) {
    // Entries by extent, so that those that reach the top, and the bottom, stand side by side.
    int[] order =
        IntStream.range(0, kept.length)
            .boxed()
            .sorted(Comparator.comparing(k -> parts[kept[k]]))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] position = new int[kept.length];
    int[] from = new int[kept.length];
    int top = 0;
    int bottom = kept.length;
    for (int p = 0; p < order.length; p++) {
      ArrowDeflation.Part part = parts[kept[order[p]]];
      position[order[p]] = p;
      from[p] = entryRow[kept[order[p]]];
      top = part == ArrowDeflation.Part.BOTTOM ? top : p + 1;
      bottom = part == ArrowDeflation.Part.TOP ? bottom : Math.min(bottom, p);
    }
    int[] aside = Arrays.stream(deflated).map(i -> entryRow[i]).toArray();
    Tensor ofLeft = Tensor.zeros(left.dtype(), kept.length, kept.length);
    Tensor ofRight = Tensor.zeros(left.dtype(), kept.length, kept.length);
    arrow.vectors(position, ofLeft, ofRight);
    replace(left, ofLeft, from, top, bottom, aside);
    replace(right, ofRight, from, top, bottom, aside);
  }

  /** {@code vectors := [factor * vectors(from); vectors(aside)]}. */
  private void replace(
      Tensor vectors, Tensor factor, int[] from, int top, int bottom, int[] aside) {
    int count = from.length;
    Tensor upper = gather(vectors.slice(1, 0, above + 1), from, 0, top);
    Tensor lower = gather(vectors.slice(1, above + 1, vectors.size(1)), from, bottom, count);
    Tensor rest = gather(vectors, aside, 0, aside.length);
    Tensor target = vectors.slice(0, 0, count);
    MatrixProduct.compute(1, factor.slice(1, 0, top), upper, 0, target.slice(1, 0, above + 1));
    MatrixProduct.compute(
        1, factor.slice(1, bottom, count), lower, 0, target.slice(1, above + 1, vectors.size(1)));
    vectors.slice(0, count, rows).assign(rest);
  }

  private static Tensor gather(Tensor vectors, int[] rows, int from, int to) {
    Tensor gathered = Tensor.zeros(vectors.dtype(), to - from, vectors.size(1));
    for (int i = from; i < to; i++) {
      gathered.row(i - from).assign(vectors.row(rows[i]));
    }
    return gathered;
  }
}
