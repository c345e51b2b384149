package org.quadrille.zernike;

/**
 * The innermost loops of Fourier transforms, over signals side by side: a transform of 2 to 5 rows
 * in place, each result but the first turned by a factor on the unit circle. Loops over equal
 * indices of separate arrays, which the compiler turns into vector code.
 */
final class FourierButterflies {
  /** {@code sin(2 pi / 3)}. */
  private static final double SINE_3 = Math.sqrt(0.75);

  private static final double COSINE_5_1 = RootsOfUnity.cosine(1, 5);
  private static final double COSINE_5_2 = RootsOfUnity.cosine(2, 5);
  private static final double SINE_5_1 = RootsOfUnity.sine(1, 5);
  private static final double SINE_5_2 = RootsOfUnity.sine(2, 5);

  private FourierButterflies() {}

  static void two(
      int width, double[] ar, double[] ai, double[] br, double[] bi, double wr, double wi) {
    for (int i = 0; i < width; i++) {
      double dr = ar[i] - br[i];
      double di = ai[i] - bi[i];
      ar[i] = ar[i] + br[i];
      ai[i] = ai[i] + bi[i];
      br[i] = Math.fma(dr, wr, -(di * wi));
      bi[i] = Math.fma(dr, wi, di * wr);
    }
  }

  static void three(
      int width,
      double[] ar,
      double[] ai,
      double[] br,
      double[] bi,
      double[] cr,
      double[] ci,
      double wr,
      double wi,
      double vr,
      double vi) {
    for (int i = 0; i < width; i++) {
      double sr = br[i] + cr[i];
      double si = bi[i] + ci[i];
      double dr = SINE_3 * (br[i] - cr[i]);
      double di = SINE_3 * (bi[i] - ci[i]);
      double mr = Math.fma(-0.5, sr, ar[i]);
      double mi = Math.fma(-0.5, si, ai[i]);
      ar[i] = ar[i] + sr;
      ai[i] = ai[i] + si;
      // m -+ i d
      double pr = mr + di;
      double pi = mi - dr;
      double qr = mr - di;
      double qi = mi + dr;
      br[i] = Math.fma(pr, wr, -(pi * wi));
      bi[i] = Math.fma(pr, wi, pi * wr);
      cr[i] = Math.fma(qr, vr, -(qi * vi));
      ci[i] = Math.fma(qr, vi, qi * vr);
    }
  }

  static void four(
      int width,
      double[] ar,
      double[] ai,
      double[] br,
      double[] bi,
      double[] cr,
      double[] ci,
      double[] dr,
      double[] di,
      double wr,
      double wi,
      double vr,
      double vi,
      double ur,
      double ui) {
    for (int i = 0; i < width; i++) {
      double s0r = ar[i] + cr[i];
      double s0i = ai[i] + ci[i];
      double d0r = ar[i] - cr[i];
      double d0i = ai[i] - ci[i];
      double s1r = br[i] + dr[i];
      double s1i = bi[i] + di[i];
      double d1r = br[i] - dr[i];
      double d1i = bi[i] - di[i];
      ar[i] = s0r + s1r;
      ai[i] = s0i + s1i;
      // d0 - i d1, s0 - s1, d0 + i d1
      double pr = d0r + d1i;
      double pi = d0i - d1r;
      double qr = s0r - s1r;
      double qi = s0i - s1i;
      double tr = d0r - d1i;
      double ti = d0i + d1r;
      br[i] = Math.fma(pr, wr, -(pi * wi));
      bi[i] = Math.fma(pr, wi, pi * wr);
      cr[i] = Math.fma(qr, vr, -(qi * vi));
      ci[i] = Math.fma(qr, vi, qi * vr);
      dr[i] = Math.fma(tr, ur, -(ti * ui));
      di[i] = Math.fma(tr, ui, ti * ur);
    }
  }

  /** Without turns. */
  static void five(
      int width,
      double[] ar,
      double[] ai,
      double[] br,
      double[] bi,
      double[] cr,
      double[] ci,
      double[] dr,
      double[] di,
      double[] er,
      double[] ei) {
    for (int i = 0; i < width; i++) {
      double s1r = br[i] + er[i];
      double s1i = bi[i] + ei[i];
      double d1r = br[i] - er[i];
      double d1i = bi[i] - ei[i];
      double s2r = cr[i] + dr[i];
      double s2i = ci[i] + di[i];
      double d2r = cr[i] - dr[i];
      double d2i = ci[i] - di[i];
      double m1r = Math.fma(COSINE_5_1, s1r, Math.fma(COSINE_5_2, s2r, ar[i]));
      double m1i = Math.fma(COSINE_5_1, s1i, Math.fma(COSINE_5_2, s2i, ai[i]));
      double m2r = Math.fma(COSINE_5_2, s1r, Math.fma(COSINE_5_1, s2r, ar[i]));
      double m2i = Math.fma(COSINE_5_2, s1i, Math.fma(COSINE_5_1, s2i, ai[i]));
      double n1r = Math.fma(SINE_5_1, d1r, SINE_5_2 * d2r);
      double n1i = Math.fma(SINE_5_1, d1i, SINE_5_2 * d2i);
      double n2r = Math.fma(SINE_5_2, d1r, -(SINE_5_1 * d2r));
      double n2i = Math.fma(SINE_5_2, d1i, -(SINE_5_1 * d2i));
      ar[i] = ar[i] + (s1r + s2r);
      ai[i] = ai[i] + (s1i + s2i);
      // m - i n for the first two, m + i n for the last two
      br[i] = m1r + n1i;
      bi[i] = m1i - n1r;
      cr[i] = m2r + n2i;
      ci[i] = m2i - n2r;
      dr[i] = m2r - n2i;
      di[i] = m2i + n2r;
      er[i] = m1r - n1i;
      ei[i] = m1i + n1r;
    }
  }

  /** {@code x := w x}. */
  static void turn(int width, double[] xr, double[] xi, double wr, double wi) {
    for (int i = 0; i < width; i++) {
      double r = xr[i];
      double m = xi[i];
      xr[i] = Math.fma(r, wr, -(m * wi));
      xi[i] = Math.fma(r, wi, m * wr);
    }
  }

  /** {@code y := y + w x}. */
  static void addTurned(
      int width, double[] xr, double[] xi, double wr, double wi, double[] yr, double[] yi) {
    for (int i = 0; i < width; i++) {
      yr[i] = Math.fma(xr[i], wr, Math.fma(-xi[i], wi, yr[i]));
      yi[i] = Math.fma(xr[i], wi, Math.fma(xi[i], wr, yi[i]));
    }
  }
}
