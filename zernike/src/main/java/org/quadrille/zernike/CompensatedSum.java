package org.quadrille.zernike;

/** A sum whose rounding errors are summed too (A. Neumaier, 1974). Not thread safe. */
public final class CompensatedSum {
  private double sum;
  private double correction;

  /** A sum of nothing. */
  public CompensatedSum() {}

  /** Adds a term. */
  public void add(double term) {
    double next = sum + term;
    correction += Math.abs(sum) >= Math.abs(term) ? (sum - next) + term : (term - next) + sum;
    sum = next;
  }

  /** The sum; infinite or NaN where a term was. */
  public double value() {
    return Double.isFinite(sum) ? sum + correction : sum;
  }
}
