package org.quadrille.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void alignsTextToTheLeftAndNumbersToTheRight() {
    Table table = new Table().text("matrix").number("bits");
    table.row("query", "3.127").row("intermediate", "12").rule().row("all", "3.5");
    assertEquals(
        """
        matrix         bits
        ------------  -----
        query         3.127
        intermediate     12
        ------------  -----
        all             3.5
        """,
        table.render());
  }

  @Test
  void rejectsRowOfAnotherLength() {
    Table table = new Table().text("matrix").number("bits");
    assertThrows(IllegalArgumentException.class, () -> table.row("query"));
  }
}
