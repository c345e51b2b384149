package org.quadrille.lowrank.adapter;

/** Which factors of an update {@code s B A} are learned. */
public enum TrainedParts {
  /** B and A. */
  BOTH,
  /** B alone: LoRA-FA (Zhang et al. 2023). */
  LEFT,
  /** A alone. */
  RIGHT;

  /** Whether B is learned. */
  boolean left() {
    return this != RIGHT;
  }

  /** Whether A is learned. */
  boolean right() {
    return this != LEFT;
  }
}
