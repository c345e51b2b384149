package org.quadrille.zernike.plot;

/** Colours and sizes that the pictures share. */
final class Theme {
  static final int PAGE = 0xFFFFFF;
  static final int INK = 0x1D2326;
  static final int SOFT = 0x4F5A60;
  static final int BASE = 0x8B959A;
  static final int GRID = 0xE6E9E8;

  static final double TITLE = 16;
  static final double NAME = 13;
  static final double TICK = 12;

  /**
   * Told apart by readers with any colour vision (M. Okabe and K. Ito, 2008), the pale ones last.
   */
  private static final int[] SERIES = {
    0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0x1D2326, 0xE69F00, 0x56B4E9
  };

  private Theme() {}

  /** The colour of a series; colours return after seven. */
  static int series(int index) {
    return SERIES[Math.floorMod(index, SERIES.length)];
  }
}
