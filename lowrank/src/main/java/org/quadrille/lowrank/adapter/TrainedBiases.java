package org.quadrille.lowrank.adapter;

/** Which biases are learned along with the adapters. */
public enum TrainedBiases {
  /** None. */
  NONE,
  /** Those of the maps that have an adapter. */
  ADAPTED,
  /** All of the model. */
  ALL
}
