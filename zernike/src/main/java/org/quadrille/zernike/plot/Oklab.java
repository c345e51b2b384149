package org.quadrille.zernike.plot;

/**
 * The perceptual colour space Oklab: equal steps of lightness look equal (B. Ottosson, "A
 * perceptual color space for image processing", 2020).
 */
final class Oklab {
  private static final int BISECTIONS = 30;

  private Oklab() {}

  /**
   * The colour of a lightness and hue whose chroma is the wanted one, or the largest that a display
   * shows.
   *
   * @param lightness 0 black to 1 white
   * @param chroma 0 grey, 0.3 vivid
   * @param hue angle in degrees: 30 red, 110 yellow, 265 blue
   * @return 0xRRGGBB
   */
  static int rgb(double lightness, double chroma, double hue) {
    double[] colour = linear(lightness, chroma, hue);
    if (!shown(colour)) {
      double low = 0;
      double high = chroma;
      for (int i = 0; i < BISECTIONS; i++) {
        double middle = 0.5 * (low + high);
        if (shown(linear(lightness, middle, hue))) {
          low = middle;
        } else {
          high = middle;
        }
      }
      colour = linear(lightness, low, hue);
    }
    return byteOf(colour[0]) << 16 | byteOf(colour[1]) << 8 | byteOf(colour[2]);
  }

  /** Linear red, green and blue. */
  private static double[] linear(double lightness, double chroma, double hue) {
    // StrictMath: the same bytes on every machine
    double a = chroma * StrictMath.cos(StrictMath.toRadians(hue));
    double b = chroma * StrictMath.sin(StrictMath.toRadians(hue));
    double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
    double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
    double s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
    return new double[] {
      4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s
    };
  }

  private static double cube(double x) {
    return x * x * x;
  }

  private static boolean shown(double[] linear) {
    for (double channel : linear) {
      if (!(channel >= -1e-4 && channel <= 1 + 1e-4)) {
        return false;
      }
    }
    return true;
  }

  /** The transfer curve of sRGB (IEC 61966-2-1), rounded to a byte. */
  private static int byteOf(double linear) {
    double x = Math.clamp(linear, 0, 1);
    double encoded = x <= 0.0031308 ? 12.92 * x : 1.055 * StrictMath.pow(x, 1 / 2.4) - 0.055;
    return (int) Math.rint(255 * encoded);
  }
}
