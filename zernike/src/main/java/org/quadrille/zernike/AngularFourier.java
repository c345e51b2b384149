package org.quadrille.zernike;

import java.util.ArrayList;
import java.util.List;

/**
 * Discrete Fourier transforms of one length for many signals side by side: row j of the operand
 * holds element j of all signals, so that every step of the algorithm is a loop over signals.
 *
 * <p>Decimation in frequency with radices 4, 5, 3, 2 and any other prime (Cooley and Tukey, 1965;
 * Gentleman and Sande, 1966): in place, the result in permuted rows. <b>Cost</b>: some {@code 4 K
 * log2 K} flops a signal for lengths without prime factors above 5, {@code 8 K p} more for each
 * prime factor p above: choose {@link #fastLength}. On 128 rings of 1080 angles JTransforms takes
 * three times as long ({@code quadrille bench zernike}). <b>Thread safety</b>: immutable.
 */
public final class AngularFourier {
  private final int length;
  private final int[] factors;
  private final double[] cosines;
  private final double[] sines;
  private final int[] positions;

  /**
   * Prepares transforms.
   *
   * @param length K, at least 1
   */
  public AngularFourier(int length) {
    if (length < 1) {
      throw new IllegalArgumentException("length: given " + length + ", expected at least 1");
    }
    this.length = length;
    this.factors = factors(length);
    this.cosines = RootsOfUnity.cosines(length);
    this.sines = RootsOfUnity.sines(length);
    this.positions = new int[length];
    for (int f = 0; f < length; f++) {
      positions[f] = positionOf(f);
    }
  }

  /** The smallest length from {@code least} on that has no prime factor above 5. */
  public static int fastLength(int least) {
    for (int n = Math.max(1, least); ; n++) {
      int rest = n;
      for (int prime : new int[] {2, 3, 5}) {
        while (rest % prime == 0) {
          rest /= prime;
        }
      }
      if (rest == 1) {
        return n;
      }
    }
  }

  private static int[] factors(int length) {
    List<Integer> factors = new ArrayList<>();
    int rest = length;
    for (int radix : new int[] {4, 5, 3, 2}) {
      while (rest % radix == 0) {
        factors.add(radix);
        rest /= radix;
      }
    }
    for (int prime = 7; rest > 1; prime += 2) {
      if ((long) prime * prime > rest) {
        prime = rest;
      }
      while (rest % prime == 0) {
        factors.add(prime);
        rest /= prime;
      }
    }
    return factors.stream().mapToInt(Integer::intValue).toArray();
  }

  private int positionOf(int frequency) {
    int position = 0;
    int block = length;
    int rest = frequency;
    for (int radix : factors) {
      block /= radix;
      position += rest % radix * block;
      rest /= radix;
    }
    return position;
  }

  /** Row in which {@link #transform} leaves a frequency, 0 to K - 1. */
  public int position(int frequency) {
    return positions[frequency];
  }

  /**
   * {@code X_f = sum_j x_j e^(-2 pi i f j / K)} of all signals. With real and imaginary parts
   * exchanged, in operand and result, the sign of the exponent changes.
   *
   * @param re K rows of at least {@code width} real parts; overwritten: X_f in row {@link
   *     #position}
   * @param im imaginary parts, likewise
   * @param width number of signals
   */
  public void transform(double[][] re, double[][] im, int width) {
    if (re.length < length || im.length < length) {
      throw new IllegalArgumentException(
          "given " + re.length + " and " + im.length + " rows, expected " + length + " of each");
    }
    step(re, im, width, 0, length, 0);
  }

  private void step(double[][] re, double[][] im, int width, int base, int n, int level) {
    if (n == 1) {
      return;
    }
    int radix = factors[level];
    int m = n / radix;
    int stride = length / n;
    for (int k = 0; k < m; k++) {
      int row = base + k;
      int turn = k * stride;
      switch (radix) {
        case 2 -> two(re, im, width, row, m, turn);
        case 3 -> three(re, im, width, row, m, turn);
        case 4 -> four(re, im, width, row, m, turn);
        case 5 -> five(re, im, width, row, m, turn);
        default -> any(radix, re, im, width, row, m, turn);
      }
    }
    for (int p = 0; p < radix; p++) {
      step(re, im, width, base + p * m, m, level + 1);
    }
  }

  private void two(double[][] re, double[][] im, int width, int row, int m, int turn) {
    FourierButterflies.two(
        width, re[row], im[row], re[row + m], im[row + m], cosines[turn], -sines[turn]);
  }

  private void three(double[][] re, double[][] im, int width, int row, int m, int turn) {
    FourierButterflies.three(
        width,
        re[row],
        im[row],
        re[row + m],
        im[row + m],
        re[row + 2 * m],
        im[row + 2 * m],
        cosines[turn],
        -sines[turn],
        cosines[2 * turn],
        -sines[2 * turn]);
  }

  private void four(double[][] re, double[][] im, int width, int row, int m, int turn) {
    FourierButterflies.four(
        width,
        re[row],
        im[row],
        re[row + m],
        im[row + m],
        re[row + 2 * m],
        im[row + 2 * m],
        re[row + 3 * m],
        im[row + 3 * m],
        cosines[turn],
        -sines[turn],
        cosines[2 * turn],
        -sines[2 * turn],
        cosines[3 * turn],
        -sines[3 * turn]);
  }

  private void five(double[][] re, double[][] im, int width, int row, int m, int turn) {
    double[][] xr = new double[5][];
    double[][] xi = new double[5][];
    for (int q = 0; q < 5; q++) {
      xr[q] = re[row + q * m];
      xi[q] = im[row + q * m];
    }
    FourierButterflies.five(
        width, xr[0], xi[0], xr[1], xi[1], xr[2], xi[2], xr[3], xi[3], xr[4], xi[4]);
    for (int q = 1; q < 5; q++) {
      FourierButterflies.turn(width, xr[q], xi[q], cosines[q * turn], -sines[q * turn]);
    }
  }

  /** The definition, for a prime above 5. */
  private void any(int radix, double[][] re, double[][] im, int width, int row, int m, int turn) {
    double[][] sumRe = new double[radix][width];
    double[][] sumIm = new double[radix][width];
    int stride = length / radix;
    for (int p = 0; p < radix; p++) {
      for (int q = 0; q < radix; q++) {
        int angle = (int) ((long) p * q % radix) * stride;
        FourierButterflies.addTurned(
            width,
            re[row + q * m],
            im[row + q * m],
            cosines[angle],
            -sines[angle],
            sumRe[p],
            sumIm[p]);
      }
    }
    for (int p = 0; p < radix; p++) {
      int angle = (int) ((long) p * turn % length);
      FourierButterflies.turn(width, sumRe[p], sumIm[p], cosines[angle], -sines[angle]);
      System.arraycopy(sumRe[p], 0, re[row + p * m], 0, width);
      System.arraycopy(sumIm[p], 0, im[row + p * m], 0, width);
    }
  }
}
