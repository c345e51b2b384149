package org.quadrille.zernike;

/** The customary ways to number Zernike modes. All conversions are exact in integers. */
public enum ModeOrder {
  /** OSA/ANSI (ANSI Z80.28, ISO 24157), from 0: {@code j = (d (d + 2) + m) / 2}. */
  OSA(0),
  /** Noll, from 1 (R. Noll, "Zernike polynomials and atmospheric turbulence", 1976). */
  NOLL(1),
  /** Fringe, University of Arizona, from 1, without an end. */
  FRINGE(1),
  /** The 37 terms of the Fringe set: 1 to 36 of {@link #FRINGE}, and (12, 0) as the last. */
  FRINGE_37(1);

  /** Largest degree: indices then fit a long with room to spare. */
  static final long LARGEST_DEGREE = 1_000_000_000L;

  private final int first;

  ModeOrder(int first) {
    this.first = first;
  }

  /** The first index. */
  public int first() {
    return first;
  }

  /**
   * Index of a mode.
   *
   * @throws IllegalArgumentException if the order has no index for it
   */
  public long indexOf(ZernikeIndex mode) {
    long d = mode.degree();
    long m = mode.order();
    long size = Math.abs(m);
    return switch (this) {
      case OSA -> (d * (d + 2) + m) / 2;
      case NOLL -> {
        boolean low = d % 4 < 2;
        boolean early = (m > 0 && low) || (m < 0 && !low);
        yield d * (d + 1) / 2 + size + (early ? 0 : 1);
      }
      case FRINGE -> {
        long q = 1 + (d + size) / 2;
        yield q * q - 2 * size + (m < 0 ? 1 : 0);
      }
      case FRINGE_37 -> {
        if (d == 12 && m == 0) {
          yield 37;
        }
        long index = FRINGE.indexOf(mode);
        if (index > 36) {
          throw new IllegalArgumentException(
              mode + " is not one of the 37 Fringe terms; use FRINGE, which has no end");
        }
        yield index;
      }
    };
  }

  /**
   * The mode of an index.
   *
   * @throws IllegalArgumentException if the index is below the first, or above the last
   */
  public ZernikeIndex mode(long index) {
    long largest =
        switch (this) {
          case OSA, NOLL -> LARGEST_DEGREE * (LARGEST_DEGREE + 3) / 2;
          // all modes with d + |m| below the largest degree come before
          case FRINGE -> (LARGEST_DEGREE / 2 + 1) * (LARGEST_DEGREE / 2 + 1);
          case FRINGE_37 -> 37;
        };
    if (index < first || index > largest) {
      throw new IllegalArgumentException(
          "index " + index + ": expected " + first + " to " + largest + " in order " + this);
    }
    return switch (this) {
      case OSA -> {
        long d = (squareRoot(8 * index + 1) - 1) / 2;
        yield ZernikeIndex.of(d, 2 * index - d * (d + 2));
      }
      case NOLL -> {
        long d = (squareRoot(8 * index - 7) - 1) / 2;
        long k = index - d * (d + 1) / 2;
        long m = d % 2 == 0 ? k / 2 * 2 : (k - 1) / 2 * 2 + 1;
        yield ZernikeIndex.of(d, index % 2 == 0 ? m : -m);
      }
      case FRINGE -> {
        long q = squareRoot(index - 1);
        long e = (q + 1) * (q + 1) - index;
        long m = (e + 1) / 2;
        yield ZernikeIndex.of(2 * q - m, e % 2 == 0 ? m : -m);
      }
      case FRINGE_37 -> index == 37 ? ZernikeIndex.of(12, 0) : FRINGE.mode(index);
    };
  }

  /** Largest integer whose square is at most x. */
  static long squareRoot(long x) {
    long root = (long) Math.sqrt((double) x);
    while (root * root > x) {
      root--;
    }
    while ((root + 1) * (root + 1) <= x) {
      root++;
    }
    return root;
  }
}
