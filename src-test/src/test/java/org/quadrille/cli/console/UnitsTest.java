package org.quadrille.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "999, 999 B",
    "1000, 1.00 kB",
    "53126272, 53.1 MB",
    "999600, 1.00 MB",
    "408000000, 408 MB",
    "15728115712, 15.7 GB"
  })
  void bytesHaveThreeDigits(long bytes, String text) {
    assertEquals(text, Units.bytes(bytes));
  }

  @ParameterizedTest
  @CsvSource({"0.4, 0.40 s", "9.996, 10.0 s", "42.26, 42.3 s", "187.4, 3:07", "3723, 1:02:03"})
  void secondsTurnIntoAClock(double seconds, String text) {
    assertEquals(text, Units.seconds(seconds));
  }

  @ParameterizedTest
  @CsvSource({"0, 0.000", "0.17484, 0.1748", "12.345, 12.35", "5000, 5000", "1.5e-6, 1.500e-06"})
  void significantKeepsFourDigits(double value, String text) {
    assertEquals(text, Units.significant(value));
  }
}
