package org.quadrille.growth;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.Tensor;
import org.quadrille.transformer.Architecture;

/** Growth by zeros; see {@link FixedOperators#zeroPadding}. */
final class ZeroGrowth {
  private static final double DEVIATION = 0.02;

  private ZeroGrowth() {}

  static FixedGrowth of(
      GrowthTerm padding,
      Architecture small,
      Architecture large,
      DType dtype,
      long seed,
      int... added) {
    if (small.layers() + added.length != large.layers()) {
      throw new IllegalArgumentException(
          "new layers "
              + Arrays.toString(added)
              + ": expected "
              + (large.layers() - small.layers())
              + " of them");
    }
    int[] source = LayerSources.inserted(small.layers(), added);
    GrowthTerm term = LosslessGrowth.depth(padding, small, dtype, source, added);
    boolean wider = large.width() > small.width();
    boolean scaled = wider && !small.meanCentered();
    double part = (double) small.width() / large.width();
    Architecture adjusted = scaled ? large.withEpsilon(part * small.epsilon()) : large;
    if (scaled) {
      term = term.withMap("norm.weight", scaledPadding(dtype, small, large, Math.sqrt(part)));
    }
    boolean groups = small.heads() / small.keyHeads() == large.heads() / large.keyHeads();
    boolean stream = !wider || scaled;
    boolean layers = added.length == 0 || small.normFirst();
    GrowthPlan plan = GrowthPlan.of(small, adjusted);
    return new FixedGrowth(
        GrowthOperator.of(plan, dtype, term).plus(fresh(plan, dtype, seed)),
        adjusted,
        groups && stream && layers,
        !layers
            ? "normalization after the sums: a layer that adds nothing still normalizes"
            : !stream
                ? "zeros change mean and variance of the stream"
                : !groups
                    ? "query heads change their group"
                    : "nothing that is old reads anything new");
  }

  private static LinearOperator scaledPadding(
      DType dtype, Architecture small, Architecture large, double factor) {
    int[] source = new int[large.width()];
    Tensor scale = Tensor.zeros(dtype, large.width());
    for (int j = 0; j < source.length; j++) {
      source[j] = j % small.width();
      scale.set(factor, j);
    }
    return AxisMap.scaledSelection(small.width(), source, scale);
  }

  /** Random rows for new heads and hidden units. */
  private static Map<String, LinearOperator> fresh(GrowthPlan plan, DType dtype, long seed) {
    Map<String, LinearOperator> parts = new LinkedHashMap<>();
    for (TensorRule rule : plan.rules()) {
      if (rule.inLayers() && rule.axes().size() == 2 && rule.axes().get(1).equals("residual.in")) {
        int from = plan.smallShapes().get(rule.name(0))[0];
        int[] shape = plan.largeShapes().get(rule.name(0));
        for (int l = 0; l < plan.largeLayers() && shape[0] > from; l++) {
          Tensor part = Tensor.zeros(dtype, shape);
          Tensor random =
              GaussianMatrix.of(dtype, seed * 1_000_003 + parts.size(), shape[0] - from, shape[1]);
          part.slice(0, from, shape[0]).assign(Arithmetic.scale(DEVIATION, random));
          parts.put(rule.name(l), Dense.of(part));
        }
      }
    }
    return parts;
  }
}
