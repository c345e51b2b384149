package org.quadrille.zernike.ball;

/**
 * How coefficients of the ball in space lie in an array: by angular order N from 0 to L, then by m
 * from -N to N, then by radial index n from 0 to {@code floor((L - N) / 2)}.
 *
 * @param degree the largest total degree N + 2n, L
 */
record BallModes(int degree) {
  /** Coefficients then fit an array with room to spare. */
  static final int LARGEST_DEGREE = 1000;

  BallModes {
    if (degree < 0 || degree > LARGEST_DEGREE) {
      throw new IllegalArgumentException(
          "degree: given " + degree + ", expected 0 to " + LARGEST_DEGREE);
    }
  }

  /** Radial indices of angular order N. */
  int radialCount(int order) {
    return (degree - order) / 2 + 1;
  }

  /** Where angular order N begins. */
  int offset(int order) {
    int offset = 0;
    for (int k = 0; k < order; k++) {
      offset += (2 * k + 1) * radialCount(k);
    }
    return offset;
  }

  /** Number of all modes, {@code (L+1)(L+2)(L+3)/6}. */
  int count() {
    return Math.toIntExact((degree + 1L) * (degree + 2) * (degree + 3) / 6);
  }

  /** Index of a mode. */
  int index(int order, int m, int radialIndex) {
    if (order < 0 || Math.abs(m) > order || radialIndex < 0 || order + 2 * radialIndex > degree) {
      throw new IllegalArgumentException(
          "mode N = "
              + order
              + ", m = "
              + m
              + ", n = "
              + radialIndex
              + ": expected |m| <= N, n from 0 on and N + 2n <= "
              + degree);
    }
    return offset(order) + (order + m) * radialCount(order) + radialIndex;
  }
}
