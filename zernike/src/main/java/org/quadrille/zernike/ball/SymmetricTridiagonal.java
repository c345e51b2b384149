package org.quadrille.zernike.ball;

/**
 * Eigenvalues, counted from the smallest, and eigenvectors of a symmetric tridiagonal matrix with
 * eigenvalues apart from each other. Components of vectors far below the others keep their relative
 * accuracy, which general methods lose. Immutable.
 */
final class SymmetricTridiagonal {
  private static final int MOST_BISECTIONS = 200;
  private static final int CORRECTIONS = 2;

  private final double[] diagonal;
  private final double[] beside;

  /**
   * Takes the entries.
   *
   * @param beside entry i couples i and i + 1
   */
  SymmetricTridiagonal(double[] diagonal, double[] beside) {
    this.diagonal = diagonal;
    this.beside = beside;
  }

  /** An eigenvalue and its vector of length 1. */
  record Pair(double value, double[] vector) {}

  /** Pair number k from 0, the smallest. */
  Pair pair(int k) {
    double value = eigenvalue(k);
    double[] vector = null;
    for (int i = 0; i <= CORRECTIONS; i++) {
      Twist twist = twist(value);
      vector = twist.vector;
      // Rayleigh quotient: residual over squared length
      value += twist.correction;
    }
    return new Pair(value, vector);
  }

  private double eigenvalue(int k) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < diagonal.length; i++) {
      double radius =
          (i > 0 ? Math.abs(beside[i - 1]) : 0)
              + (i + 1 < diagonal.length ? Math.abs(beside[i]) : 0);
      low = Math.min(low, diagonal[i] - radius);
      high = Math.max(high, diagonal[i] + radius);
    }
    for (int i = 0; i < MOST_BISECTIONS; i++) {
      double middle = 0.5 * (low + high);
      if (middle <= low || middle >= high) {
        break;
      }
      if (below(middle) > k) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return 0.5 * (low + high);
  }

  /** Number of eigenvalues below x, by the signs of pivots (Sylvester's law of inertia). */
  private int below(double x) {
    int count = 0;
    double pivot = 1;
    for (int i = 0; i < diagonal.length; i++) {
      double coupling = i == 0 ? 0 : beside[i - 1] * beside[i - 1] / pivot;
      pivot = safe(diagonal[i] - x - coupling);
      count += pivot < 0 ? 1 : 0;
    }
    return count;
  }

  private static double safe(double pivot) {
    return Math.abs(pivot) < 1e-290 ? -1e-290 : pivot;
  }

  /** A vector and what its Rayleigh quotient differs by from the value that it was made for. */
  private record Twist(double correction, double[] vector) {}

  /**
   * Eliminates from both ends; the vector solves all equations but the one where they meet best.
   */
  private Twist twist(double value) {
    int n = diagonal.length;
    double[] down = new double[n];
    double[] up = new double[n];
    for (int i = 0; i < n; i++) {
      double coupling = i == 0 ? 0 : beside[i - 1] * beside[i - 1] / down[i - 1];
      down[i] = safe(diagonal[i] - value - coupling);
    }
    for (int i = n - 1; i >= 0; i--) {
      double coupling = i == n - 1 ? 0 : beside[i] * beside[i] / up[i + 1];
      up[i] = safe(diagonal[i] - value - coupling);
    }
    int meeting = 0;
    double smallest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      double gap = down[i] + up[i] - (diagonal[i] - value);
      if (Math.abs(gap) < Math.abs(smallest)) {
        smallest = gap;
        meeting = i;
      }
    }
    double[] vector = new double[n];
    vector[meeting] = 1;
    for (int i = meeting - 1; i >= 0; i--) {
      vector[i] = -beside[i] * vector[i + 1] / down[i];
    }
    for (int i = meeting + 1; i < n; i++) {
      vector[i] = -beside[i - 1] * vector[i - 1] / up[i];
    }
    double squares = 0;
    for (double v : vector) {
      squares += v * v;
    }
    double length = Math.sqrt(squares);
    for (int i = 0; i < n; i++) {
      vector[i] /= length;
    }
    return new Twist(smallest / squares, vector);
  }
}
