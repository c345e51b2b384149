package org.quadrille.growth;

import java.util.stream.IntStream;

/** Which old layer each new layer copies, layers numbered from 0. */
public final class LayerSources {
  private LayerSources() {}

  /** {@code l mod small}: the whole stack again (Gong et al., StackBERT, ICML 2019). */
  public static int[] stack(int small, int large) {
    require(small, large);
    return IntStream.range(0, large).map(l -> l % small).toArray();
  }

  /**
   * {@code floor(l small / large)}: neighbours are copies (Chang et al., 2017; Dong et al., 2020).
   */
  public static int[] interpolation(int small, int large) {
    require(small, large);
    return IntStream.range(0, large).map(l -> (int) ((long) l * small / large)).toArray();
  }

  /**
   * The old layers, then the top ones again and again (progressive stacking, Yang et al., 2020).
   *
   * @param top number of layers to repeat, from 1 to small
   */
  public static int[] topStack(int small, int large, int top) {
    require(small, large);
    if (top < 1 || top > small) {
      throw new IllegalArgumentException("top: given " + top + ", expected 1 to " + small);
    }
    return IntStream.range(0, large)
        .map(l -> l < small ? l : small - top + (l - small) % top)
        .toArray();
  }

  /**
   * Two copies of the stack with layers cut at the seam: 0 to small - removed - 1, then removed to
   * small - 1 (Kim et al., SOLAR 10.7B, 2023).
   *
   * @param removed layers cut on each side, from 0 to half of the layers
   */
  public static int[] upScaling(int small, int removed) {
    require(small, small);
    if (removed < 0 || 2 * removed > small) {
      throw new IllegalArgumentException(
          "removed: given " + removed + ", expected 0 to " + small / 2);
    }
    return IntStream.concat(IntStream.range(0, small - removed), IntStream.range(removed, small))
        .toArray();
  }

  /**
   * The old layers in order with new ones between them; a new layer names the old one before it
   * (after it, if it is the first).
   *
   * @param added numbers of the new layers in the large model, ascending
   */
  public static int[] inserted(int small, int... added) {
    require(small, small + added.length);
    int[] source = new int[small + added.length];
    int next = 0;
    int old = 0;
    for (int l = 0; l < source.length; l++) {
      if (next < added.length && added[next] == l) {
        source[l] = Math.max(old - 1, 0);
        next++;
      } else if (old < small) {
        source[l] = old++;
      }
    }
    if (next != added.length || old != small) {
      throw new IllegalArgumentException(
          "new layers "
              + java.util.Arrays.toString(added)
              + ": expected ascending numbers from 0 to "
              + (source.length - 1));
    }
    return source;
  }

  private static void require(int small, int large) {
    if (small < 1 || large < small) {
      throw new IllegalArgumentException(
          "layers: from " + small + " to " + large + " given, expected at least one and no fewer");
    }
  }
}
