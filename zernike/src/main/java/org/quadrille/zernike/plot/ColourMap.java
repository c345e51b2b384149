package org.quadrille.zernike.plot;

import java.util.EnumMap;
import java.util.Map;

/**
 * Colours for numbers. Lightness changes at an even rate, so that the maps read the same in grey
 * and for every kind of colour vision.
 */
public enum ColourMap {
  /** Blue, white, red: for values to both sides of 0, which is white. */
  DIVERGING {
    @Override
    int compute(double share) {
      double side = 2 * share - 1;
      double size = Math.abs(side);
      // chroma up fast, so that small values already show their sign
      double chroma = 0.17 * Math.min(1, 1.6 * size);
      return Oklab.rgb(0.98 - 0.60 * size, chroma, side < 0 ? 258 : 33);
    }
  },
  /** Dark violet over green to light yellow: for magnitudes. */
  SEQUENTIAL {
    @Override
    int compute(double share) {
      return Oklab.rgb(0.25 + 0.69 * share, 0.11 + 0.06 * share, 310 - 205 * share);
    }
  },
  /** Black over red to pale yellow: for intensities. */
  INTENSITY {
    @Override
    int compute(double share) {
      double chroma = 0.8 * share * (1.02 - share);
      return Oklab.rgb(0.05 + 0.93 * share, Math.min(chroma, 0.19), 300 + 165 * share);
    }
  };

  private static final int LEVELS = 1024;

  /** The colours of all maps, computed once. */
  private static final class Tables {
    static final Map<ColourMap, int[]> OF = new EnumMap<>(ColourMap.class);

    static {
      for (ColourMap map : values()) {
        int[] table = new int[LEVELS + 1];
        for (int i = 0; i <= LEVELS; i++) {
          table[i] = map.compute((double) i / LEVELS);
        }
        OF.put(map, table);
      }
    }
  }

  abstract int compute(double share);

  /**
   * The colour of a share of the range.
   *
   * @param share 0 to 1, clamped; NaN is taken as 0
   * @return 0xRRGGBB
   */
  public int rgb(double share) {
    double inside = Math.clamp(Double.isNaN(share) ? 0 : share, 0, 1);
    return Tables.OF.get(this)[(int) Math.rint(LEVELS * inside)];
  }
}
