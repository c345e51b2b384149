package org.quadrille.federated.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.hipparchus.special.Gamma;
import org.junit.jupiter.api.Test;
import org.quadrille.ReferenceData;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;

/** Counter-based randomness against published vectors, and its distributions. */
class RandomKeyTest {

  private static JsonObject reference() throws Exception {
    return Json.read(ReferenceData.file("fedep", "simulation_rng.json"));
  }

  @Test
  void streamsAreThoseOfTheReference() throws Exception {
    for (Object item : reference().array("stream")) {
      JsonObject row = (JsonObject) item;
      RandomStream stream = new RandomStream(Long.parseUnsignedLong(row.string("seed_unsigned")));
      for (Object next : row.array("next_unsigned")) {
        assertEquals(next, Long.toUnsignedString(stream.next()));
      }
    }
  }

  @Test
  void keysAreThoseOfTheReference() throws Exception {
    for (Object item : reference().array("derive")) {
      JsonObject row = (JsonObject) item;
      long[] keys =
          row.array("keys").stream().mapToLong(k -> Long.parseLong(k.toString())).toArray();
      long value = RandomKey.of(Long.parseLong(row.string("seed"))).child(keys).value();
      assertEquals(row.string("value_unsigned"), Long.toUnsignedString(value));
    }
  }

  @Test
  void clientListsAreThoseOfTheReference() throws Exception {
    for (Object item : reference().array("client_lists")) {
      JsonObject row = (JsonObject) item;
      List<?> rounds = row.array("rounds");
      for (int r = 0; r < rounds.size(); r++) {
        int[] expected =
            ((List<?>) rounds.get(r)).stream().mapToInt(k -> ((Long) k).intValue()).toArray();
        int[] selected =
            ClientSelection.of(
                Long.parseLong(row.string("seed")), r, row.intValue("K"), row.intValue("m"));
        assertArrayEquals(expected, selected);
      }
    }
  }

  @Test
  void childrenOfChildrenAreLongerPaths() {
    RandomKey root = RandomKey.of(7);
    assertEquals(root.child(2, 5, 123456), root.child(2).child(5).child(123456));
  }

  @Property(tries = 50)
  void selectionsAreDistinctAndAscending(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int clients) {
    int selected = 1 + Math.floorMod(seed, clients);
    int[] chosen = ClientSelection.of(seed, 3, clients, selected);
    for (int i = 1; i < chosen.length; i++) {
      assertTrue(chosen[i] > chosen[i - 1]);
    }
    assertTrue(chosen[0] >= 0 && chosen[chosen.length - 1] < clients);
    assertEquals(selected, chosen.length);
  }

  @Test
  void everyClientIsEquallyLikely() {
    int[] counts = new int[20];
    int rounds = 4000;
    for (int r = 0; r < rounds; r++) {
      for (int client : ClientSelection.of(11, r, 20, 5)) {
        counts[client]++;
      }
    }
    // Binomial with mean 1000 and deviation 27: five deviations.
    for (int count : counts) {
      assertEquals(rounds / 4.0, count, 137);
    }
  }

  @Test
  void boundedNumbersCoverTheirRange() {
    RandomStream stream = new RandomStream(5);
    int[] counts = new int[7];
    for (int i = 0; i < 70_000; i++) {
      counts[(int) stream.bounded(7)]++;
    }
    // Deviation 93: five of them.
    Arrays.stream(counts).forEach(count -> assertEquals(10_000, count, 465));
    assertEquals(0, stream.bounded(1));
    assertThrows(IllegalArgumentException.class, () -> stream.bounded(0));
  }

  @Test
  void gammaNumbersHaveTheirDistribution() {
    for (double shape : new double[] {0.05, 0.5, 1, 2.5, 30}) {
      RandomStream stream = RandomKey.of(3).child((long) (shape * 100)).stream();
      int n = 20_000;
      double[] sample = new double[n];
      for (int i = 0; i < n; i++) {
        sample[i] = stream.gamma(shape);
      }
      Arrays.sort(sample);
      double largest = 0;
      for (int i = 0; i < n; i++) {
        double f = Gamma.regularizedGammaP(shape, sample[i]);
        largest = Math.max(largest, Math.abs(f - (i + 0.5) / n));
      }
      // Kolmogorov and Smirnov at one in ten thousand.
      assertTrue(largest * Math.sqrt(n) < 2.2, shape + ": " + largest * Math.sqrt(n));
    }
    assertThrows(IllegalArgumentException.class, () -> new RandomStream(1).gamma(0));
  }

  @Test
  void refusesImpossibleSelections() {
    assertThrows(IllegalArgumentException.class, () -> ClientSelection.of(1, 0, 5, 6));
    assertThrows(IllegalArgumentException.class, () -> ClientSelection.of(1, 0, 5, 0));
    assertThrows(IllegalArgumentException.class, () -> ClientSelection.of(1, 0, 0, 1));
  }
}
