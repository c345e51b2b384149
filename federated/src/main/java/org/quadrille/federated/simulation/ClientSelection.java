package org.quadrille.federated.simulation;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Uniform selection of clients without replacement. */
public final class ClientSelection {
  private ClientSelection() {}

  /**
   * The clients of a round, ascending: the first {@code selected} steps of a Fisher-Yates shuffle
   * of 0 to {@code clients - 1} on a sparse array, so that time and memory are O(selected).
   *
   * @param seed of the run
   * @param round from 0
   * @param clients how many there are, 1 or more
   * @param selected how many take part, 1 to {@code clients}
   */
  public static int[] of(long seed, long round, int clients, int selected) {
    if (clients < 1) {
      throw new IllegalArgumentException("clients: " + clients + " given, expected 1 or more");
    }
    if (selected < 1 || selected > clients) {
      throw new IllegalArgumentException(
          "selected: " + selected + " clients per round given, expected 1 to " + clients);
    }
    RandomStream stream = RandomKey.of(seed).child(Purpose.CLIENT_SELECTION.code(), round).stream();
    // Places that no longer hold their own number.
    Map<Integer, Integer> moved = new HashMap<>(2 * selected);
    int[] chosen = new int[selected];
    for (int i = 0; i < selected; i++) {
      int j = i + (int) stream.bounded(clients - i);
      chosen[i] = moved.getOrDefault(j, j);
      moved.put(j, moved.getOrDefault(i, i));
    }
    Arrays.sort(chosen);
    return chosen;
  }
}
