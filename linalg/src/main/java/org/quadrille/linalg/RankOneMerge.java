package org.quadrille.linalg;

import org.quadrille.kernels.cpu.WorkerPool;

/**
 * One step of divide and conquer: the eigenvectors of {@code diag(T_1, T_2) + rho u u^T} from those
 * of T_1 and T_2 (Cuppen 1981; LAPACK's laed1 to laed3).
 *
 * <p>The secular equation gives the eigenvalues; from them a weight vector z is computed that has
 * them as exact eigenvalues (Loewner's formula, Gu and Eisenstat 1995), so that the eigenvectors
 * {@code z_i / (d_i - x)} are orthogonal without extended precision. Two matrix products apply them
 * to the old vectors, one for each half.
 */
final class RankOneMerge {
  /** Roots of one parallel piece. */
  private static final int PIECE = 32;

  private final int n;
  private final int firstHalf;
  private final Tensor vectors;
  private final double[] d;
  private final EigenvalueDeflation deflation;
  private final int[] order;

  /** The kept poles, their weights and how many of them there are. */
  private final double[] poles;

  private final double[] weights;
  private final int count;
  private final SecularEquation equation;

  /**
   * Merges in place.
   *
   * @param d eigenvalues of both halves, length n; overwritten with those of the whole
   * @param order indices that sort the first half, then those that sort the second, counted from
   *     the start of each; overwritten with those that sort the whole
   * @param firstHalf size of the first half
   * @param rho the element that couples the halves, of either sign
   * @param vectors [n, n], eigenvectors in rows, zero outside the diagonal blocks; overwritten
   * @param gathered space for n * n elements
   * @param secular space for n * n elements
   */
  static void merge(
      double[] d,
      int[] order,
      int firstHalf,
      double rho,
      Tensor vectors,
      Tensor gathered,
      Tensor secular) {
    if (rho == 0) {
      mergeOrders(d, order, firstHalf, order.clone());
      return;
    }
    RankOneMerge merge = new RankOneMerge(d, order, firstHalf, rho, vectors);
    if (merge.count > 0) {
      merge.updateVectors(gathered, secular);
    }
    merge.updateValues();
  }

  private RankOneMerge(double[] d, int[] order, int firstHalf, double rho, Tensor vectors) {
    this.n = d.length;
    this.firstHalf = firstHalf;
    this.vectors = vectors;
    this.d = d;
    this.order = order;
    mergeOrders(d, order, firstHalf, order.clone());
    // rho u u^T with |u|^2 = 2 becomes 2 rho z z^T with |z| = 1
    double strength = 2 * Math.abs(rho);
    double[] z = couplingWeights(rho);
    this.deflation =
        new EigenvalueDeflation(
            d,
            z,
            strength,
            order,
            firstHalf,
            vectors.dtype().unitRoundoff(),
            (i, j, c, s) -> PlaneRotation.apply(vectors.row(i), vectors.row(j), c, s));
    this.count = deflation.keptCount;
    this.poles = new double[count];
    this.weights = new double[count];
    for (int i = 0; i < count; i++) {
      poles[i] = d[deflation.kept[i]];
      weights[i] = z[deflation.kept[i]];
    }
    this.equation = new SecularEquation(poles, weights, strength);
  }

  /** Last elements of the vectors of the first half, first ones of the second, over sqrt(2). */
  private double[] couplingWeights(double rho) {
    double[] z = new double[n];
    double half = Math.sqrt(0.5);
    for (int i = 0; i < n; i++) {
      z[i] =
          i < firstHalf
              ? half * vectors.get(i, firstHalf - 1)
              : Math.copySign(half, rho) * vectors.get(i, firstHalf);
    }
    return z;
  }

  private void updateVectors(Tensor gathered, Tensor secular) {
    inPieces(equation::solve);
    double[] refined = new double[count];
    inPieces(i -> refined[i] = refinedWeight(i));
    int[] place = places();
    int first = endOf(EigenvalueDeflation.Support.FIRST);
    int both = endOf(EigenvalueDeflation.Support.BOTH);
    Tensor weightsOfRoots = block(secular, 0, count, count);
    WorkerPool.shared()
        .forEach(
            Math.ceilDiv(count, PIECE),
            piece -> {
              double[] row = new double[count];
              int end = Math.min(count, (piece + 1) * PIECE);
              for (int j = piece * PIECE; j < end; j++) {
                secularVector(j, refined, place, row);
                weightsOfRoots.row(j).assign(Tensor.of(row, count));
              }
            });
    Tensor upper = block(gathered, 0, both, firstHalf);
    Tensor lower = block(gathered, both * firstHalf, count - first, n - firstHalf);
    Tensor settled =
        block(
            gathered,
            both * firstHalf + (count - first) * (n - firstHalf),
            deflation.settledCount,
            n);
    gather(place, first, both, upper, lower, settled);
    Tensor results = vectors.slice(0, 0, count);
    MatrixProduct.compute(
        1, weightsOfRoots.slice(1, 0, both), upper, 0, results.slice(1, 0, firstHalf));
    MatrixProduct.compute(
        1, weightsOfRoots.slice(1, first, count), lower, 0, results.slice(1, firstHalf, n));
    vectors.slice(0, count, n).assign(settled);
  }

  /** Position of each kept pole when they are grouped by the support of their vectors. */
  private int[] places() {
    int[] place = new int[count];
    int next = 0;
    for (EigenvalueDeflation.Support support : EigenvalueDeflation.Support.values()) {
      for (int i = 0; i < count; i++) {
        if (deflation.support(deflation.kept[i]) == support) {
          place[i] = next++;
        }
      }
    }
    return place;
  }

  /** How many kept poles come in the groups up to {@code last}. */
  private int endOf(EigenvalueDeflation.Support last) {
    int end = 0;
    for (int i = 0; i < count; i++) {
      if (deflation.support(deflation.kept[i]).compareTo(last) <= 0) {
        end++;
      }
    }
    return end;
  }

  private void gather(
      int[] place, int first, int both, Tensor upper, Tensor lower, Tensor settled) {
    for (int i = 0; i < count; i++) {
      Tensor row = vectors.row(deflation.kept[i]);
      if (place[i] < both) {
        upper.row(place[i]).assign(row.slice(0, 0, firstHalf));
      }
      if (place[i] >= first) {
        lower.row(place[i] - first).assign(row.slice(0, firstHalf, n));
      }
    }
    for (int i = 0; i < deflation.settledCount; i++) {
      settled.row(i).assign(vectors.row(deflation.settled[i]));
    }
  }

  /**
   * The weight of pole i for which the computed roots are exact: {@code z_i^2 = prod_j (x_j - d_i)
   * / prod_(j != i) (d_j - d_i)} up to a common factor.
   */
  private double refinedWeight(int i) {
    double product = -equation.difference(i, i);
    double pole = poles[i];
    for (int j = 0; j < i; j++) {
      product *= equation.difference(i, j) / (pole - poles[j]);
    }
    for (int j = i + 1; j < count; j++) {
      product *= equation.difference(i, j) / (pole - poles[j]);
    }
    return Math.copySign(Math.sqrt(Math.abs(product)), weights[i]);
  }

  /** Eigenvector j of the small problem, of norm 1, its elements where {@code place} says. */
  private void secularVector(int j, double[] refined, int[] place, double[] row) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      double element = refined[i] / equation.difference(i, j);
      sum += element * element;
      row[place[i]] = element;
    }
    double norm = Math.sqrt(sum);
    for (int i = 0; i < count; i++) {
      row[i] /= norm;
    }
  }

  private void updateValues() {
    if (count == 0) {
      System.arraycopy(deflation.settled, 0, order, 0, n);
      return;
    }
    double[] settled = new double[n - count];
    for (int i = 0; i < settled.length; i++) {
      settled[i] = d[deflation.settled[i]];
    }
    for (int j = 0; j < count; j++) {
      d[j] = equation.root(j);
      order[j] = j;
    }
    for (int i = 0; i < settled.length; i++) {
      d[count + i] = settled[i];
      // Insertion: the settled ones are almost ascending already.
      int at = count + i;
      while (at > count && d[order[at - 1]] > settled[i]) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = count + i;
    }
    int[] parts = order.clone();
    for (int i = count; i < n; i++) {
      parts[i] -= count;
    }
    mergeOrders(d, order, count, parts);
  }

  /** Merges two ascending orders, the second counted from {@code middle}. */
  private static void mergeOrders(double[] d, int[] order, int middle, int[] parts) {
    int i = 0;
    int j = middle;
    for (int k = 0; k < d.length; k++) {
      boolean takeFirst = j == d.length || (i < middle && d[parts[i]] <= d[middle + parts[j]]);
      order[k] = takeFirst ? parts[i++] : middle + parts[j++];
    }
  }

  private void inPieces(java.util.function.IntConsumer action) {
    WorkerPool.shared()
        .forEach(
            Math.ceilDiv(count, PIECE),
            piece -> {
              int end = Math.min(count, (piece + 1) * PIECE);
              for (int i = piece * PIECE; i < end; i++) {
                action.accept(i);
              }
            });
  }

  /** A contiguous matrix in {@code space}, from element {@code from} on. */
  private static Tensor block(Tensor space, int from, int rows, int columns) {
    return space.slice(0, from, from + rows * columns).reshape(rows, columns);
  }
}
