package org.quadrille.kernels.cpu;

/**
 * Sizes of an attention over several sequences and heads.
 *
 * <p>Queries are rows {@code sequence * queries + i}, keys and values rows {@code sequence * keys +
 * j} of matrices whose columns are the heads one after the other. With fewer key heads than query
 * heads, neighbouring query heads share one (grouped queries; Ainslie et al. 2023).
 *
 * @param sequences number of sequences that do not see each other
 * @param heads query heads
 * @param keyHeads key and value heads, a divisor of heads
 * @param queries queries of a sequence
 * @param keys keys of a sequence
 * @param headSize columns of a head
 * @param causal whether query i sees keys 0 to {@code firstPosition + i} only
 * @param firstPosition position of query 0 among the keys: 0, or the number of earlier tokens
 */
public record AttentionShape(
    int sequences,
    int heads,
    int keyHeads,
    int queries,
    int keys,
    int headSize,
    boolean causal,
    int firstPosition) {

  /** Checks the sizes. */
  public AttentionShape {
    if (sequences < 0 || queries < 0 || keys < 0 || firstPosition < 0) {
      throw new IllegalArgumentException(
          "attention over "
              + sequences
              + " sequences of "
              + queries
              + " queries from position "
              + firstPosition
              + " and "
              + keys
              + " keys, expected no negative number");
    }
    if (heads < 1 || keyHeads < 1 || heads % keyHeads != 0 || headSize < 1) {
      throw new IllegalArgumentException(
          "attention with "
              + heads
              + " query heads and "
              + keyHeads
              + " key heads of size "
              + headSize
              + ", expected positive numbers and the key heads to divide the query heads");
    }
    if (causal && keys < firstPosition + queries) {
      throw new IllegalArgumentException(
          "causal attention of "
              + queries
              + " queries from position "
              + firstPosition
              + " over "
              + keys
              + " keys, expected at least "
              + (firstPosition + queries)
              + " keys");
    }
  }

  /** How many keys the queries before {@code end} see together. */
  int visibleKeys(int end) {
    return causal ? Math.min(keys, firstPosition + end) : keys;
  }
}
