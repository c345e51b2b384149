package org.quadrille.kernels.cpu;

import java.util.Arrays;

/**
 * Zernike modes of the disk at many points. The default methods are plain Java and define the bits;
 * SIMD kernels override them.
 *
 * <p>With R_d^N the radial polynomial of degree d and angular order N,
 *
 * <pre>R_d^N = r (R_(d-1)^|N-1| + R_(d-1)^(N+1)) - R_(d-2)^N</pre>
 *
 * (Shakibaei and Paramesran, "Recursive formula to compute Zernike radial polynomials", 2013). N
 * has the parity of d, so one array holds what two rows of the triangle need: element N is the
 * newest polynomial of that order.
 *
 * <p>The radius comes in two parts, whose sum it is: near the edge the polynomials rise like d^2,
 * and the rounding of the radius alone would cost that many units. Mode j = (d (d + 2) + m) / 2 is
 * {@code R_d^|m|(r) cos(m theta)} for m from 0 on, {@code R_d^|m|(r) sin(|m| theta)} below.
 */
interface DiskLoopsFloat {

  /** The plain loops. */
  DiskLoopsFloat SCALAR = new DiskLoopsFloat() {};

  /** Sums over all modes up to a degree, as {@link Kernels#zernikeSum} says. */
  default void sum(
      int degree,
      float[] coefficients,
      int at,
      int count,
      float[] radius,
      float[] radiusLow,
      float[] cosine,
      float[] sine,
      int pointsAt,
      float[] out,
      int outAt) {
    float[] row = new float[degree + 2];
    float[] cosineSums = new float[degree + 1];
    float[] sineSums = new float[degree + 1];
    for (int i = 0; i < count; i++) {
      float r = radius[pointsAt + i];
      Arrays.fill(row, 0);
      row[0] = Math.fma(0, r, 1); // NaN where r is
      Arrays.fill(cosineSums, 0);
      Arrays.fill(sineSums, 0);
      cosineSums[0] = coefficients[at] * row[0];
      for (int d = 1; d <= degree; d++) {
        nextRow(d, r, radiusLow[pointsAt + i], row);
        int middle = at + d * (d + 2) / 2;
        // odd degrees: index of order m is (d (d + 2) + m) / 2 with both odd
        int half = d & 1;
        for (int n = half; n <= d; n += 2) {
          int cosineAt = middle + (n + half) / 2;
          cosineSums[n] = Math.fma(coefficients[cosineAt], row[n], cosineSums[n]);
          if (n > 0) {
            sineSums[n] = Math.fma(coefficients[cosineAt - n], row[n], sineSums[n]);
          }
        }
      }
      out[outAt + i] =
          angularSum(degree, cosineSums, sineSums, cosine[pointsAt + i], sine[pointsAt + i]);
    }
  }

  /** All modes up to a degree, as {@link Kernels#zernikeModes} says. */
  default void modes(
      int degree,
      int count,
      float[] radius,
      float[] radiusLow,
      float[] cosine,
      float[] sine,
      int pointsAt,
      float[] out,
      int outAt,
      int outStride) {
    float[] row = new float[degree + 2];
    float[] cosines = new float[degree + 1];
    float[] sines = new float[degree + 1];
    for (int i = 0; i < count; i++) {
      float r = radius[pointsAt + i];
      float c = cosine[pointsAt + i];
      float s = sine[pointsAt + i];
      cosines[0] = 1;
      sines[0] = 0;
      for (int n = 1; n <= degree; n++) {
        // (c + i s)^n, one factor at a time
        cosines[n] = Math.fma(cosines[n - 1], c, -(sines[n - 1] * s));
        sines[n] = Math.fma(sines[n - 1], c, cosines[n - 1] * s);
      }
      Arrays.fill(row, 0);
      row[0] = Math.fma(0, r, 1);
      out[outAt + i] = row[0];
      for (int d = 1; d <= degree; d++) {
        nextRow(d, r, radiusLow[pointsAt + i], row);
        int half = d & 1;
        for (int n = half; n <= d; n += 2) {
          int j = d * (d + 2) / 2 + (n + half) / 2;
          out[outAt + j * outStride + i] = row[n] * cosines[n];
          if (n > 0) {
            out[outAt + (j - n) * outStride + i] = row[n] * sines[n];
          }
        }
      }
    }
  }

  private static void nextRow(int d, float r, float low, float[] row) {
    if ((d & 1) == 0) {
      float sum = row[1] + row[1];
      row[0] = Math.fma(r, sum, Math.fma(low, sum, -row[0]));
    }
    for (int n = 2 - (d & 1); n <= d; n += 2) {
      // R_d^N = r (R_(d-1)^(N-1) + R_(d-1)^(N+1)) - R_(d-2)^N
      float sum = row[n - 1] + row[n + 1];
      row[n] = Math.fma(r, sum, Math.fma(low, sum, -row[n]));
    }
  }

  /** {@code Re sum over N of (A_N - i B_N) (c + i s)^N}, by Horner's rule. */
  private static float angularSum(
      int degree, float[] cosineSums, float[] sineSums, float c, float s) {
    float real = 0;
    float imaginary = 0;
    for (int n = degree; n > 0; n--) {
      float re = real + cosineSums[n];
      float im = imaginary - sineSums[n];
      real = Math.fma(re, c, -(im * s));
      imaginary = Math.fma(re, s, im * c);
    }
    return real + cosineSums[0];
  }
}
