package org.quadrille.federated.message;

import org.quadrille.federated.simulation.Purpose;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.federated.simulation.RandomStream;

/**
 * Sums that reveal no summand: numbers become whole numbers modulo 2^64, every pair of clients adds
 * and subtracts the same random mask, and in the sum over all clients the masks cancel (Bonawitz et
 * al. 2017, without key agreement and without recovery of drop-outs: all clients must answer).
 *
 * <pre>
 * encode   round(clip(x, -limit, limit) * scale)          error of the sum: at most m / (2 scale)
 * mask     + mask(j, k) for j &lt; k,  - mask(k, j) for j &gt; k
 * </pre>
 *
 * @param clients m, at least 1
 * @param limit largest magnitude of a number, above 0; larger ones are clipped
 * @param scale steps for a unit, above 0
 */
public record AdditiveMasking(int clients, double limit, double scale) {

  /** Checks that no sum can leave 63 bits: {@code m * limit * scale < 2^63}. */
  public AdditiveMasking {
    if (clients < 1 || !(limit > 0) || !(scale > 0)) {
      throw new IllegalArgumentException(
          "clients "
              + clients
              + ", limit "
              + limit
              + ", scale "
              + scale
              + " given, expected numbers above 0");
    }
    if (!(clients * (limit * scale + 1) < 0x1p63)) {
      throw new IllegalArgumentException(
          "clients * limit * scale = "
              + clients * limit * scale
              + " given, expected below 2^63; choose a smaller scale or limit");
    }
  }

  /**
   * Numbers as whole numbers; those beyond the limit are clipped.
   *
   * @param values finite, not modified
   */
  public long[] encode(double[] values) {
    long[] code = new long[values.length];
    for (int i = 0; i < code.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "value " + values[i] + " given at " + i + ", expected finite numbers");
      }
      code[i] = Math.round(Math.clamp(values[i], -limit, limit) * scale);
    }
    return code;
  }

  /** The numbers that a sum of codes stands for. */
  public double[] decode(long[] sum) {
    double[] values = new double[sum.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = sum[i] / scale;
    }
    return values;
  }

  /**
   * A code under the masks of a client; looks random without those of all others.
   *
   * @param code not modified
   * @param place of the client among those of the round, 0 to m - 1
   * @param round the masks are for
   * @param seed shared by the pairs of clients and unknown to the server
   */
  public long[] mask(long[] code, int place, long round, long seed) {
    if (place < 0 || place >= clients) {
      throw new IllegalArgumentException(
          "place: " + place + " given, expected 0 to " + (clients - 1));
    }
    long[] masked = code.clone();
    for (int other = 0; other < clients; other++) {
      if (other != place) {
        RandomStream stream =
            RandomKey.of(seed)
                .child(Purpose.MASK.code(), round, Math.min(place, other), Math.max(place, other))
                .stream();
        long sign = place < other ? 1 : -1;
        for (int i = 0; i < masked.length; i++) {
          masked[i] += sign * stream.next();
        }
      }
    }
    return masked;
  }

  /** Adds a masked code to a sum, modulo 2^64. Modified: {@code sum}. */
  public void add(long[] sum, long[] masked) {
    if (sum.length != masked.length) {
      throw new IllegalArgumentException(
          "sum of " + sum.length + " and code of " + masked.length + " numbers do not fit");
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] += masked[i];
    }
  }
}
