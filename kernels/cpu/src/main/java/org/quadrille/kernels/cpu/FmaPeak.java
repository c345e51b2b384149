package org.quadrille.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Fused multiply-adds on registers only: what a core can do at best. */
final class FmaPeak {

  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOAT;

  /** Independent chains, enough for two units of four or five cycles of latency. */
  static final int CHAINS = 10;

  private FmaPeak() {}

  /** Flops of so many steps. */
  static double flops(int steps) {
    return 2.0 * CHAINS * SPECIES.length() * steps;
  }

  /** Runs the steps; the result depends on all of them. */
  static float run(int steps, float factor) {
    FloatVector x = FloatVector.broadcast(SPECIES, factor);
    FloatVector y = FloatVector.broadcast(SPECIES, 1 - factor);
    FloatVector c0 = x;
    FloatVector c1 = y;
    FloatVector c2 = x;
    FloatVector c3 = y;
    FloatVector c4 = x;
    FloatVector c5 = y;
    FloatVector c6 = x;
    FloatVector c7 = y;
    FloatVector c8 = x;
    FloatVector c9 = y;
    int left = steps;
    while (left != 0) {
      c0 = x.lanewise(VectorOperators.FMA, y, c0);
      c1 = x.lanewise(VectorOperators.FMA, y, c1);
      c2 = x.lanewise(VectorOperators.FMA, y, c2);
      c3 = x.lanewise(VectorOperators.FMA, y, c3);
      c4 = x.lanewise(VectorOperators.FMA, y, c4);
      c5 = x.lanewise(VectorOperators.FMA, y, c5);
      c6 = x.lanewise(VectorOperators.FMA, y, c6);
      c7 = x.lanewise(VectorOperators.FMA, y, c7);
      c8 = x.lanewise(VectorOperators.FMA, y, c8);
      c9 = x.lanewise(VectorOperators.FMA, y, c9);
      left--;
    }
    FloatVector sum = c0.add(c1).add(c2).add(c3).add(c4).add(c5).add(c6).add(c7).add(c8).add(c9);
    return sum.lane(0);
  }
}
