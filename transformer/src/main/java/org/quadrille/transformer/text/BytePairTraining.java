package org.quadrille.transformer.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Finds the most frequent pairs of neighbours, keeping their counts up to date: a merge touches
 * only the words that hold its pair.
 */
final class BytePairTraining {

  /** A pair with a count it once had; out of date if the table now says otherwise. */
  private record Candidate(long pair, long count) implements Comparable<Candidate> {
    @Override
    public int compareTo(Candidate other) {
      return count != other.count
          ? Long.compare(other.count, count)
          : Long.compare(pair, other.pair);
    }
  }

  private final List<int[]> words = new ArrayList<>();
  private final List<Integer> lengths = new ArrayList<>();
  private final List<Long> counts = new ArrayList<>();
  private final Map<Long, Long> pairCounts = new HashMap<>();
  private final Map<Long, Set<Integer>> wordsOf = new HashMap<>();
  private final PriorityQueue<Candidate> queue = new PriorityQueue<>();

  BytePairTraining(String text) {
    Map<String, Long> pieces = new LinkedHashMap<>();
    for (String piece : Pieces.of(text)) {
      pieces.merge(piece, 1L, Long::sum);
    }
    pieces.forEach(
        (piece, count) -> {
          int[] word = ByteTokenizer.INSTANCE.encode(piece);
          words.add(word);
          lengths.add(word.length);
          counts.add(count);
        });
    Set<Long> changed = new HashSet<>();
    for (int w = 0; w < words.size(); w++) {
      add(w, 1, changed);
    }
    requeue(changed);
  }

  /** The first pairs to merge; fewer if no pair is left that occurs twice. */
  List<int[]> merges(int wanted) {
    List<int[]> merges = new ArrayList<>();
    while (merges.size() < wanted && !queue.isEmpty()) {
      Candidate best = queue.poll();
      if (pairCounts.getOrDefault(best.pair(), 0L) != best.count()) {
        continue;
      }
      if (best.count() < 2) {
        break;
      }
      int left = (int) (best.pair() >>> 32);
      int right = (int) best.pair();
      join(left, right, 256 + merges.size());
      merges.add(new int[] {left, right});
    }
    return merges;
  }

  private void join(int left, int right, int joined) {
    Set<Long> changed = new HashSet<>();
    for (int w : List.copyOf(wordsOf.get(BytePairEncoding.pair(left, right)))) {
      add(w, -1, changed);
      lengths.set(w, BytePairEncoding.replace(words.get(w), lengths.get(w), left, right, joined));
      add(w, 1, changed);
    }
    requeue(changed);
  }

  /** Adds the pairs of a word to the table, or takes them out. */
  private void add(int w, int sign, Set<Long> changed) {
    int[] word = words.get(w);
    for (int i = 0; i + 1 < lengths.get(w); i++) {
      long pair = BytePairEncoding.pair(word[i], word[i + 1]);
      pairCounts.merge(pair, sign * counts.get(w), Long::sum);
      Set<Integer> holders = wordsOf.computeIfAbsent(pair, key -> new HashSet<>());
      if (sign > 0) {
        holders.add(w);
      } else {
        holders.remove(w);
      }
      changed.add(pair);
    }
  }

  private void requeue(Set<Long> changed) {
    for (long pair : changed) {
      long count = pairCounts.get(pair);
      if (count > 0) {
        queue.add(new Candidate(pair, count));
      } else {
        pairCounts.remove(pair);
        wordsOf.remove(pair);
      }
    }
  }
}
