package org.quadrille.formats;

/** Decimal numbers in text: a sign, digits, a point, an exponent, and nothing else. */
final class CsvNumber {
  private CsvNumber() {}

  /**
   * The nearest double.
   *
   * @throws NumberFormatException if the text is not a decimal number within the range of double;
   *     blanks around it are allowed
   */
  static double parse(String text) {
    String digits = text.strip();
    for (int i = 0; i < digits.length(); i++) {
      // Double.parseDouble also reads hexadecimal, suffixes, NaN and Infinity.
      if ("0123456789+-.eE".indexOf(digits.charAt(i)) < 0) {
        throw new NumberFormatException(message(text));
      }
    }
    try {
      double value = Double.parseDouble(digits);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException _) {
      throw new NumberFormatException(message(text));
    }
    throw new NumberFormatException("\"" + digits + "\" is beyond the range of double");
  }

  private static String message(String text) {
    String shown = text.length() <= 40 ? text : text.substring(0, 40) + "...";
    return "\"" + shown + "\" is not a decimal number";
  }
}
