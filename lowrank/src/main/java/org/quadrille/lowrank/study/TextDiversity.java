package org.quadrille.lowrank.study;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** How different the samples of a model are from each other. */
public final class TextDiversity {
  private TextDiversity() {}

  /** Number of different texts. */
  public static int unique(List<String> texts) {
    return new HashSet<>(texts).size();
  }

  /** Number of different texts in lower case with blanks collapsed and none at the ends. */
  public static int uniqueNormalized(List<String> texts) {
    Set<String> unique = new HashSet<>();
    for (String text : texts) {
      unique.add(text.toLowerCase(Locale.ROOT).strip().replaceAll("\\s+", " "));
    }
    return unique.size();
  }

  /**
   * Share of different character sequences of length n among all of them (Li et al. 2016).
   *
   * @param n at least 1
   * @return 0 if no text is that long
   */
  public static double distinct(List<String> texts, int n) {
    if (n < 1) {
      throw new IllegalArgumentException("distinct-n: given n = " + n + ", expected 1 or more");
    }
    Set<String> different = new HashSet<>();
    long total = 0;
    for (String text : texts) {
      for (int i = 0; i + n <= text.length(); i++) {
        different.add(text.substring(i, i + n));
        total++;
      }
    }
    return total == 0 ? 0 : (double) different.size() / total;
  }

  /**
   * Mean over all pairs of the edit distance (Levenshtein 1966) divided by the longer length; 0 for
   * equal texts, 1 for texts without a character in common place. Cost: O(pairs times length^2).
   *
   * @param texts at least two
   */
  public static double meanEditDistance(List<String> texts) {
    if (texts.size() < 2) {
      throw new IllegalArgumentException(
          "edit distance: given " + texts.size() + " texts, expected at least two");
    }
    double sum = 0;
    long pairs = 0;
    for (int i = 0; i < texts.size(); i++) {
      for (int j = 0; j < i; j++) {
        int longer = Math.max(texts.get(i).length(), texts.get(j).length());
        sum += longer == 0 ? 0 : editDistance(texts.get(i), texts.get(j)) / (double) longer;
        pairs++;
      }
    }
    return sum / pairs;
  }

  private static int editDistance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }

  /**
   * Entropy of a distribution over the next token, in nats.
   *
   * @param probabilities not negative, sum 1 up to rounding
   */
  public static double entropy(double[] probabilities) {
    double sum = 0;
    double entropy = 0;
    for (double p : probabilities) {
      if (!(p >= 0)) {
        throw new IllegalArgumentException("entropy: given " + p + ", expected 0 or more");
      }
      sum += p;
      entropy -= p == 0 ? 0 : p * StrictMath.log(p);
    }
    if (Math.abs(sum - 1) > 1e-6) {
      throw new IllegalArgumentException("entropy: probabilities sum to " + sum + ", expected 1");
    }
    return entropy;
  }
}
