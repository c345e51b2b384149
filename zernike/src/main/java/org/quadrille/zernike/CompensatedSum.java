package org.quadrille.zernike;

/** A sum whose rounding errors are summed too (A. Neumaier, 1974). Not thread safe. */
final class CompensatedSum {
  private double sum;
  private double correction;

  void add(double term) {
    double next = sum + term;
    correction += Math.abs(sum) >= Math.abs(term) ? (sum - next) + term : (term - next) + sum;
    sum = next;
  }

  /** The sum; infinite or NaN where a term was. */
  double value() {
    return Double.isFinite(sum) ? sum + correction : sum;
  }
}
