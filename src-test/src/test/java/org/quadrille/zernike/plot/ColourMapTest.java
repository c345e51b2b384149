package org.quadrille.zernike.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ColourMapTest {
  /** Relative luminance of linear sRGB (ITU-R BT.709). */
  private static final double[] LUMINANCE = {0.2126, 0.7152, 0.0722};

  /**
   * What people without one kind of cone see, in linear sRGB (G. Machado, M. Oliveira, L.
   * Fernandes, 2009, severity 1): protanopia, deuteranopia, tritanopia.
   */
  private static final double[][][] DEFICIENCIES = {
    {
      {0.152286, 1.052583, -0.204868},
      {0.114503, 0.786281, 0.099216},
      {-0.003882, -0.048116, 1.051998}
    },
    {
      {0.367322, 0.860646, -0.227968},
      {0.280085, 0.672501, 0.047413},
      {-0.011820, 0.042940, 0.968881}
    },
    {
      {1.255528, -0.076749, -0.178779},
      {-0.078411, 0.930809, 0.147602},
      {0.004733, 0.691367, 0.303900}
    }
  };

  private static double[] linear(int rgb) {
    double[] result = new double[3];
    for (int i = 0; i < 3; i++) {
      double x = (rgb >>> (16 - 8 * i) & 255) / 255.0;
      result[i] = x <= 0.04045 ? x / 12.92 : Math.pow((x + 0.055) / 1.055, 2.4);
    }
    return result;
  }

  /** CIE 1976 lightness, 0 to 100, from linear channels. */
  private static double lightness(double[] linear) {
    double y = 0;
    for (int i = 0; i < 3; i++) {
      y += LUMINANCE[i] * linear[i];
    }
    return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
  }

  private static double[] seen(double[][] deficiency, double[] linear) {
    double[] result = new double[3];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        result[i] += deficiency[i][j] * linear[j];
      }
      result[i] = Math.clamp(result[i], 0, 1);
    }
    return result;
  }

  @ParameterizedTest
  @EnumSource(
      value = ColourMap.class,
      names = {"SEQUENTIAL", "INTENSITY"})
  void magnitudesGetLighterForEveryEye(ColourMap map) {
    for (int i = 1; i <= 50; i++) {
      double[] darker = linear(map.rgb((i - 1) / 50.0));
      double[] lighter = linear(map.rgb(i / 50.0));
      assertTrue(lightness(lighter) > lightness(darker), map + " at step " + i);
      for (double[][] deficiency : DEFICIENCIES) {
        assertTrue(
            lightness(seen(deficiency, lighter)) > lightness(seen(deficiency, darker)) - 0.5,
            map + " at step " + i);
      }
    }
  }

  @Test
  void signsDifferForEveryEyeAndSizesGetDarker() {
    ColourMap map = ColourMap.DIVERGING;
    for (int i = 1; i <= 50; i++) {
      double size = i / 100.0;
      double[] below = linear(map.rgb(0.5 - size));
      double[] above = linear(map.rgb(0.5 + size));
      assertTrue(lightness(below) < lightness(linear(map.rgb(0.51 - size))), "step " + i);
      assertTrue(lightness(above) < lightness(linear(map.rgb(0.49 + size))), "step " + i);
      assertEquals(lightness(below), lightness(above), 7, "equal sizes look equally dark");
      if (size < 0.1) {
        continue;
      }
      for (double[][] deficiency : DEFICIENCIES) {
        double[] a = seen(deficiency, below);
        double[] b = seen(deficiency, above);
        // blue against red, in the square root that perception is close to
        double distance = 0;
        for (int k = 0; k < 3; k++) {
          distance = Math.max(distance, Math.abs(Math.sqrt(a[k]) - Math.sqrt(b[k])));
        }
        assertTrue(distance > 0.12, "size " + size + ": " + distance);
      }
    }
  }

  @Test
  void zeroIsNearlyWhiteAndTheEndsAreClamped() {
    assertTrue(lightness(linear(ColourMap.DIVERGING.rgb(0.5))) > 96);
    assertEquals(ColourMap.DIVERGING.rgb(0), ColourMap.DIVERGING.rgb(-3));
    assertEquals(ColourMap.DIVERGING.rgb(1), ColourMap.DIVERGING.rgb(Double.POSITIVE_INFINITY));
    assertEquals(ColourMap.SEQUENTIAL.rgb(0), ColourMap.SEQUENTIAL.rgb(Double.NaN));
  }

  @Test
  void oklabMatchesItsPublishedValues() {
    // the primaries of sRGB have known lightness, chroma and hue
    assertEquals(0xFFFFFF, Oklab.rgb(1, 0, 0));
    assertEquals(0x000000, Oklab.rgb(0, 0, 0));
    assertEquals(0xFF0000, Oklab.rgb(0.6279554, 0.2576833, 29.2338851));
    assertEquals(0x0000FF, Oklab.rgb(0.4520137, 0.3132144, 264.0520206));
    assertEquals(0x777777, Oklab.rgb(0.568937, 0, 123));
  }
}
