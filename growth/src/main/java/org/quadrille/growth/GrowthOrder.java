package org.quadrille.growth;

/** Whether weights are widened or mixed over layers first. */
public enum GrowthOrder {
  /** Widen every small layer, then mix: maps that differ by layer belong to the small layers. */
  WIDTH_FIRST,
  /** Mix the small layers, then widen: maps that differ by layer belong to the large layers. */
  DEPTH_FIRST,
  /**
   * Whichever takes fewer operations for a kind of tensor; the result is the same up to rounding.
   * Only for maps that all layers share.
   */
  CHEAPER
}
