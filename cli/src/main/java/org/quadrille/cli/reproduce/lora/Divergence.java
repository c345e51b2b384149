package org.quadrille.cli.reproduce.lora;

import org.quadrille.linalg.Tensor;

/** Kullback-Leibler divergence between predictions: what was forgotten, without labels. */
final class Divergence {
  private Divergence() {}

  /**
   * Mean over rows of {@code KL(p || q) = sum_i p_i (log p_i - log q_i)} in nats.
   *
   * @param p logits, shape [rows, tokens]
   * @param q logits of the same shape
   */
  static double mean(Tensor p, Tensor q) {
    int n = p.size(1);
    double sum = 0;
    for (int row = 0; row < p.size(0); row++) {
      double ofP = logSum(p, row);
      double ofQ = logSum(q, row);
      for (int i = 0; i < n; i++) {
        double logP = p.get(row, i) - ofP;
        sum += StrictMath.exp(logP) * (logP - (q.get(row, i) - ofQ));
      }
    }
    return sum / p.size(0);
  }

  /** {@code log sum_i exp(x_i)}. */
  private static double logSum(Tensor x, int row) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < x.size(1); i++) {
      largest = Math.max(largest, x.get(row, i));
    }
    double sum = 0;
    for (int i = 0; i < x.size(1); i++) {
      sum += StrictMath.exp(x.get(row, i) - largest);
    }
    return largest + StrictMath.log(sum);
  }
}
