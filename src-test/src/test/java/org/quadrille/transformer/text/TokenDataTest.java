package org.quadrille.transformer.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Parts that share nothing, windows that depend on seed and step alone. */
class TokenDataTest {

  private static int[] counting(int n) {
    return IntStream.range(0, n).toArray();
  }

  @Property(tries = 200)
  void everyChunkIsInOnePart(
      @ForAll @IntRange(min = 1, max = 20) int chunk,
      @ForAll @IntRange(min = 2, max = 12) int every,
      @ForAll @IntRange(min = 0, max = 200) int more) {
    int n = chunk * every + more;
    TokenData data = TokenData.split(counting(n), chunk, every);
    Set<Integer> seen = new HashSet<>();
    for (int token : data.validation()) {
      assertTrue(seen.add(token));
      assertEquals(every - 1, token / chunk % every);
    }
    for (int token : data.training()) {
      assertTrue(seen.add(token));
      assertTrue(token / chunk % every != every - 1);
    }
    assertEquals(n / chunk * chunk, seen.size());
  }

  @Test
  void windowsPredictTheNextToken() {
    TokenData data = TokenData.split(counting(4000), 100, 10);
    int[] training = data.training();
    TokenWindows windows = data.windows(50, 7, 1, 3);
    for (int i = 0; i < 50; i++) {
      int start = Arrays.binarySearch(training, windows.tokens()[7 * i]);
      for (int j = 0; j < 7; j++) {
        assertEquals(training[start + j], windows.tokens()[7 * i + j]);
        assertEquals(training[start + j + 1], windows.targets()[7 * i + j]);
      }
    }
  }

  @Test
  void aStepDoesNotDependOnTheStepsBefore() {
    TokenData data = TokenData.split(counting(4000), 100, 10);
    TokenData again = TokenData.split(counting(4000), 100, 10);
    int[] tenth = again.windows(4, 5, 7, 10).tokens();
    for (int step = 0; step < 10; step++) {
      assertFalse(Arrays.equals(tenth, data.windows(4, 5, 7, step).tokens()));
    }
    assertArrayEquals(tenth, data.windows(4, 5, 7, 10).tokens());
    assertFalse(Arrays.equals(tenth, data.windows(4, 5, 8, 10).tokens()));
  }

  @Test
  void everyStartIsEquallyLikely() {
    TokenData data = TokenData.ranges(counting(40), 0, 20, 20, 40);
    int[] counts = new int[20];
    for (int step = 0; step < 2000; step++) {
      for (int token : data.windows(10, 1, 5, step).tokens()) {
        counts[token]++;
      }
    }
    double chiSquare = 0;
    for (int i = 0; i < 19; i++) {
      chiSquare += Math.pow(counts[i] - 20_000 / 19.0, 2) / (20_000 / 19.0);
    }
    assertEquals(0, counts[19], "a window of one token needs one more as its target");
    // 18 degrees of freedom: beyond 42.3 with probability 0.001; the seed is fixed.
    assertTrue(chiSquare < 42.3, "chi square " + chiSquare);
  }

  @Test
  void anEpochShowsEveryWindowOnce() {
    TokenData data = TokenData.ranges(counting(1200), 0, 1000, 1000, 1200);
    assertEquals(24, data.batchesPerEpoch(4, 9) - 1);
    Set<Integer> first = new HashSet<>();
    for (int step = 0; step < 25; step++) {
      TokenWindows windows = data.shuffled(4, 9, 3, step);
      for (int i = 0; i < 4; i++) {
        assertTrue(first.add(windows.tokens()[9 * i]));
        assertEquals(0, windows.tokens()[9 * i] % 10);
      }
    }
    assertEquals(100, first.size());
    assertFalse(
        Arrays.equals(data.shuffled(4, 9, 3, 0).tokens(), data.shuffled(4, 9, 3, 25).tokens()));
  }

  @Test
  void evaluationWindowsAreEquallySpaced() {
    TokenData data = TokenData.ranges(counting(1000), 0, 200, 200, 1000);
    assertEquals(80, data.evaluationWindows(9));
    TokenWindows windows = data.evaluation(7, 9);
    for (int i = 0; i < 7; i++) {
      int start = 200 + (int) Math.floor(i * 79 / 6.0) * 10;
      assertEquals(start, windows.tokens()[9 * i]);
      assertEquals(start + 9, windows.targets()[9 * i + 8]);
    }
    assertEquals(200, data.evaluation(1, 9).tokens()[0]);
  }

  @Test
  void masksAsPublished() {
    int n = 200_000;
    int[] tokens = IntStream.range(0, n).map(i -> i % 40).toArray();
    TokenWindows windows = new TokenWindows(tokens, tokens, n / 100, 100);
    WordMasking masking = new WordMasking(3, 50, 0.15, token -> token < 3);
    TokenWindows masked = masking.apply(windows, 1, 2);
    int chosen = 0;
    int hidden = 0;
    int kept = 0;
    for (int i = 0; i < n; i++) {
      if (masked.targets()[i] == -100) {
        assertEquals(tokens[i], masked.tokens()[i]);
        continue;
      }
      chosen++;
      assertEquals(tokens[i], masked.targets()[i]);
      assertTrue(tokens[i] > 3 && masked.tokens()[i] >= 3);
      hidden += masked.tokens()[i] == 3 ? 1 : 0;
      kept += masked.tokens()[i] == tokens[i] ? 1 : 0;
    }
    // 36 of 40 tokens may be chosen; four standard deviations are about 0.003 and 0.01.
    assertEquals(0.15, chosen / (0.9 * n), 0.004);
    assertEquals(0.8, (double) hidden / chosen, 0.012);
    assertEquals(0.1 + 0.1 / 46, (double) kept / chosen, 0.01);
    assertArrayEquals(masked.tokens(), masking.apply(windows, 1, 2).tokens());
    assertFalse(Arrays.equals(masked.tokens(), masking.apply(windows, 1, 3).tokens()));
  }

  @Test
  void everyWindowHasSomethingToPredict() {
    int[] tokens = {0, 0, 5, 0, 6, 0};
    WordMasking masking = new WordMasking(1, 10, 1e-9, token -> token == 0);
    TokenWindows masked = masking.apply(new TokenWindows(tokens, tokens, 2, 3), 1, 1);
    assertArrayEquals(new int[] {-100, -100, 5, -100, 6, -100}, masked.targets());
  }

  @Test
  void refusesOverlapsAndWindowsThatDoNotFit() {
    int[] tokens = counting(100);
    assertThrows(IllegalArgumentException.class, () -> TokenData.ranges(tokens, 0, 51, 50, 100));
    assertThrows(IllegalArgumentException.class, () -> TokenData.ranges(tokens, 0, 50, 50, 101));
    assertThrows(IllegalArgumentException.class, () -> TokenData.ranges(tokens, 9, 9, 50, 60));
    assertThrows(IllegalArgumentException.class, () -> TokenData.headAndTail(tokens, 1));
    assertThrows(IllegalArgumentException.class, () -> TokenData.split(tokens, 20, 10));
    TokenData data = TokenData.headAndTail(tokens, 0.9);
    assertEquals(90, data.trainingTokens());
    assertEquals(10, data.validationTokens());
    assertThrows(IllegalArgumentException.class, () -> data.windows(1, 90, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> data.windows(0, 5, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> data.evaluation(3, 4));
    assertThrows(IllegalArgumentException.class, () -> data.batchesPerEpoch(100, 5));
    assertThrows(
        IllegalArgumentException.class, () -> new WordMasking(10, 10, 0.15, token -> false));
    assertThrows(IllegalArgumentException.class, () -> new WordMasking(1, 10, 0, token -> false));
  }
}
