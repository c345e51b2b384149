package org.quadrille.growth;

import org.quadrille.transformer.Architecture;

/**
 * What is copied when a transformer gets wider: elements of the residual stream, whole heads, and
 * hidden units of the feedforward layers. With grouped queries, a new key head brings its group of
 * query heads.
 *
 * @param residual copies of the elements of the residual stream
 * @param query copies of the elements of the query heads, whole heads
 * @param key copies of the elements of the key and value heads, whole heads
 * @param hidden copies of the hidden units
 */
public record WidthCopies(Copies residual, Copies query, Copies key, Copies hidden) {

  /** Copies in turn: 0, 1, ..., 0, 1, ... */
  public static WidthCopies circular(Architecture small, Architecture large) {
    return of(
        small,
        large,
        Copies.circular(small.width(), large.width()),
        Copies.circular(small.keyHeads(), large.keyHeads()),
        Copies.circular(small.hidden(), large.hidden()));
  }

  /** Everything old first, then random copies (Net2Net). */
  public static WidthCopies random(Architecture small, Architecture large, long seed) {
    return of(
        small,
        large,
        Copies.random(small.width(), large.width(), seed),
        Copies.random(small.keyHeads(), large.keyHeads(), seed + 1),
        Copies.random(small.hidden(), large.hidden(), seed + 2));
  }

  /**
   * The same copies with unequal splits, so that copies learn different things.
   *
   * @param spread from 0 to less than 1, see {@link Copies#uneven}
   */
  public WidthCopies uneven(double spread, long seed) {
    return new WidthCopies(
        residual.uneven(spread, seed),
        query.uneven(spread, seed + 1),
        key,
        hidden.uneven(spread, seed + 2));
  }

  private static WidthCopies of(
      Architecture small, Architecture large, Copies residual, Copies keyHeads, Copies hidden) {
    ArchitectureRules.requireSameKind(small, large);
    int from = small.heads() / small.keyHeads();
    int to = large.heads() / large.keyHeads();
    if (to < from) {
      throw new IllegalArgumentException(
          "groups of "
              + from
              + " query heads become groups of "
              + to
              + "; some would be lost; keep heads / keyHeads or raise it");
    }
    int[] heads = new int[large.heads()];
    for (int h = 0; h < heads.length; h++) {
      heads[h] = keyHeads.source()[h / to] * from + h % to % from;
    }
    int headSize = small.headSize();
    return new WidthCopies(
        residual,
        Copies.of(small.heads(), heads).heads(headSize),
        keyHeads.heads(headSize),
        hidden);
  }
}
