package org.quadrille.zernike.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class PlotAxisTest {
  private static List<String> labels(Axis axis, int count) {
    return axis.ticks(count).stream().map(axis::label).toList();
  }

  @Test
  void ticksAreRoundAndLabelsShort() {
    assertEquals(List.of("−1", "−0.5", "0", "0.5", "1"), labels(Axis.linear(-1, 1, 0, 100), 5));
    assertEquals(List.of("0", "5", "10", "15", "20"), labels(Axis.rounded(0.3, 18.2, 0, 100), 5));
    assertEquals(
        List.of("10⁻¹²", "10⁻⁸", "10⁻⁴", "1"), labels(Axis.decades(2e-15, 0.5, 0, 100), 4));
    assertEquals(List.of("0", "2×10⁻⁶", "4×10⁻⁶"), labels(Axis.linear(0, 4.5e-6, 0, 100), 3));
    assertEquals(List.of("1", "10", "100", "1000", "10⁴"), labels(Axis.decades(1, 9e3, 0, 1), 6));
  }

  @Test
  void valuesBeyondTheEndsLieAtTheEnds() {
    Axis axis = Axis.decades(1e-3, 1, 300, 0);
    assertEquals(300, axis.at(1e-9));
    assertEquals(200, axis.at(1e-2), 1e-9);
    assertEquals(0, axis.at(50));
  }

  @Property
  void roundedAxesHoldTheirRangeWithFewTicks(
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double low,
      @ForAll @DoubleRange(min = 0.01, max = 1e6) double range) {
    Axis axis = Axis.rounded(low, low + range, 0, 100);
    assertTrue(axis.low() <= low + 1e-6 * range && axis.high() >= low + range - 1e-6 * range);
    int ticks = axis.ticks(5).size();
    assertTrue(ticks >= 2 && ticks <= 9, ticks + " ticks");
  }
}
