package org.quadrille.zernike;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import org.quadrille.ReferenceData;

/** The reference set of this module, with its numbers of many digits. */
public final class ZernikeData {
  private ZernikeData() {}

  public static List<Map<String, String>> csv(String name) {
    return ReferenceData.csv("zernike", name);
  }

  public static int integer(Map<String, String> row, String column) {
    return Integer.parseInt(row.get(column));
  }

  public static double number(Map<String, String> row, String column) {
    return new BigDecimal(row.get(column)).doubleValue();
  }

  /** |x - reference| / |reference|, the reference with all its digits; |x| where that is 0. */
  public static double relativeError(double x, String reference) {
    BigDecimal exact = new BigDecimal(reference);
    if (exact.signum() == 0) {
      return Math.abs(x);
    }
    BigDecimal error = new BigDecimal(x).subtract(exact);
    return Math.abs(error.divide(exact, MathContext.DECIMAL64).doubleValue());
  }
}
