package org.quadrille.linalg;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Orthogonal matrix {@code Q = H_0 H_1 ... H_(k-1)} as a product of many Householder reflections,
 * in blocks of compact WY form (LAPACK's {@code ormqr} and {@code orgqr}).
 *
 * <p>Back transformations are one call. With the reflections of a tridiagonalization below the
 * subdiagonal of {@code a} (n x n), in column j those of {@code H_j} from row j + 2 on:
 *
 * <pre>{@code
 * ReflectorSequence.of(a.slice(0, 1, n).slice(1, 0, n - 1), tau).applyLeft(z.slice(0, 1, n));
 * }</pre>
 *
 * <p>Reflections that are stored in rows, as those right of the superdiagonal of a
 * bidiagonalization, are those of the transposed view: {@code a.transpose().slice(0, 1, n)...}.
 *
 * <p><b>Cost</b>: 4 m k n flops for a matrix of n columns or rows, less where the reflections
 * become short; the constructor copies the reflections and spends m k {@value #BLOCK} flops on each
 * block's triangular factor. <b>Bits</b>: as those of {@link MatrixProduct}. Immutable.
 */
final class ReflectorSequence {

  /** Reflections of one block: wide enough for the products, narrow enough for its T. */
  static final int BLOCK = 64;

  /** One block; it leaves the first {@code start} rows alone. */
  record Part(int start, BlockReflector block) {}

  private final int rows;
  private final int count;
  private final DType dtype;
  private final List<Part> parts;

  /** From blocks that are factored already. */
  ReflectorSequence(int rows, int count, DType dtype, List<Part> parts) {
    this.rows = rows;
    this.count = count;
    this.dtype = dtype;
    this.parts = List.copyOf(parts);
  }

  /**
   * The product of {@code tau.length} reflections stored below the diagonal of a matrix: {@code
   * v_j} is 0 above row j, 1 in row j, and what column j of {@code stored} holds below.
   *
   * @param stored shape [m, n] with m >= tau.length and n >= tau.length, any strides, not modified,
   *     copied; diagonal and upper triangle are not read
   * @param tau factors of the reflections (0 makes a reflection the identity)
   */
  static ReflectorSequence of(Tensor stored, double[] tau) {
    int m = stored.size(0);
    int k = tau.length;
    List<Part> parts =
        IntStream.range(0, Math.ceilDiv(k, BLOCK))
            .map(i -> i * BLOCK)
            .mapToObj(
                start -> {
                  int end = Math.min(k, start + BLOCK);
                  Tensor columns = stored.slice(1, start, end).slice(0, start, m);
                  return new Part(start, BlockReflector.of(columns, tau, start));
                })
            .toList();
    return new ReflectorSequence(m, k, stored.dtype(), parts);
  }

  /** {@code C := Q C}; c of shape [m, n], any strides, is overwritten. */
  void applyLeft(Tensor c) {
    for (Part part : parts.reversed()) {
      part.block.applyLeft(c.slice(0, part.start, rows));
    }
  }

  /** {@code C := Q^T C}; c of shape [m, n], any strides, is overwritten. */
  void applyLeftTransposed(Tensor c) {
    for (Part part : parts) {
      part.block.applyLeftTransposed(c.slice(0, part.start, rows));
    }
  }

  /** {@code C := C Q}; c of shape [n, m], any strides, is overwritten. */
  void applyRight(Tensor c) {
    applyLeftTransposed(c.transpose());
  }

  /** {@code C := C Q^T}; c of shape [n, m], any strides, is overwritten. */
  void applyRightTransposed(Tensor c) {
    applyLeft(c.transpose());
  }

  /**
   * The first columns of Q, {@code (4 m - 2 n) n k} flops or less.
   *
   * @param columns from the number of reflections to m
   * @return a new tensor of shape [m, columns] whose columns are contiguous (strides 1 and m)
   */
  Tensor firstColumns(int columns) {
    Tensor transposed = Tensor.zeros(dtype, columns, rows);
    for (int i = 0; i < columns; i++) {
      transposed.set(1, i, i);
    }
    Tensor q = transposed.transpose();
    for (Part part : parts.reversed()) {
      // Earlier columns are still unit vectors that this block leaves alone.
      part.block.applyLeft(q.slice(0, part.start, rows).slice(1, part.start, columns));
    }
    return q;
  }

  /** Number of reflections. */
  int count() {
    return count;
  }
}
