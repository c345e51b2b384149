package org.quadrille.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class AxisTest {
  @Test
  void linearTicksAreRound() {
    Axis axis = Axis.linear(0, 0.23, 100, 0);
    assertEquals(
        List.of("0", "0.05", "0.1", "0.15", "0.2", "0.25"),
        axis.ticks().stream().map(Axis::label).toList());
    assertEquals(100, axis.at(0));
    assertEquals(0, axis.at(0.25), 1e-9);
  }

  @Test
  void logarithmicTicksArePowersOfTen() {
    Axis axis = Axis.logarithmic(1e-4, 12, 0, 100);
    assertEquals(
        List.of("1e-4", "0.001", "0.01", "0.1", "1", "10"),
        axis.ticks().stream().map(Axis::label).toList());
    assertEquals(axis.at(1) - axis.at(0.1), axis.at(10) - axis.at(1), 1e-9);
  }

  @Test
  void narrowLogarithmicAxisHasTicksBetweenThePowers() {
    assertEquals(
        List.of("1", "2", "5", "10"),
        Axis.logarithmic(1, 12, 0, 100).ticks().stream().map(Axis::label).toList());
  }
}
