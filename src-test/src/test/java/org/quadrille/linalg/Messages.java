package org.quadrille.linalg;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Checks that a mistake is refused with a message that helps. */
final class Messages {
  private Messages() {}

  static void assertRejected(Runnable mistake, String... parts) {
    String message = assertThrows(IllegalArgumentException.class, mistake::run).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), () -> "\"" + part + "\" is not in: " + message);
    }
  }
}
