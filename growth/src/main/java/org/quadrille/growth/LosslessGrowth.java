package org.quadrille.growth;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.Tensor;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Head;

/**
 * Growth that keeps the function of the model, for widths that do not divide each other too (after
 * Y. Wang et al., LEMON, ICLR 2024).
 *
 * <p>Layer normalization, which comes first: the stream becomes {@code [x; ...; x; mean]} with k
 * whole copies of D1 in D2, and with {@code eta = sqrt(k D1 / D2)} the normalizations get scales
 * {@code eta gamma}, shifts {@code beta} (0 at the end) and {@code eta^2 epsilon}; what reads them
 * shares its weight among the copies. Root mean square normalization: {@code [x; 0]}, scales {@code
 * sqrt(D1 / D2) gamma}, {@code (D1 / D2) epsilon}. New layers add nothing to the stream: their
 * output maps are zero. Heads and hidden units are copied.
 *
 * <p>With normalization after the sums only whole factors of the width and no new layers are exact;
 * the result says so.
 */
public final class LosslessGrowth {
  private static final double DEVIATION = 0.02;

  private LosslessGrowth() {}

  /**
   * The operator for given copies of heads and hidden units.
   *
   * @param width copies; those of the residual stream are used only with normalization after the
   *     sums
   * @param added numbers of the new layers in the large model, ascending
   */
  public static FixedGrowth of(
      Architecture small, Architecture large, DType dtype, WidthCopies width, int... added) {
    if (small.layers() + added.length != large.layers()) {
      throw new IllegalArgumentException(
          "new layers "
              + Arrays.toString(added)
              + ": expected "
              + (large.layers() - small.layers())
              + " of them");
    }
    int[] source = LayerSources.inserted(small.layers(), added);
    GrowthTerm term = depth(GrowthTerm.of(GrowthOrder.WIDTH_FIRST), small, dtype, source, added);
    if (!small.normFirst()) {
      return afterSums(small, large, dtype, width, term, added.length > 0);
    }
    double part = ratio(small, large);
    Architecture adjusted = large.withEpsilon(part * small.epsilon());
    GrowthPlan plan = GrowthPlan.of(small, adjusted);
    GrowthTerm full =
        streamMaps(FixedOperators.neuronMaps(term, dtype, width), small, large, dtype, width);
    return new FixedGrowth(
        GrowthOperator.of(plan, dtype, full),
        adjusted,
        true,
        "statistics of the stream are kept up to a factor, epsilon follows it, new layers add 0");
  }

  /**
   * The same, with copies in turn, splits that differ by 30 %, new layers spread evenly, and random
   * numbers N(0, 0.02^2) where the function does not see them, so that nothing stays symmetric.
   */
  public static FixedGrowth broken(Architecture small, Architecture large, DType dtype, long seed) {
    FixedGrowth growth =
        of(
            small,
            large,
            dtype,
            WidthCopies.circular(small, large).uneven(0.3, seed),
            spread(small.layers(), large.layers()));
    int seen = seen(small, large);
    if (!small.normFirst() || seen == large.width()) {
      return growth;
    }
    Map<String, LinearOperator> parts = new HashMap<>();
    GrowthPlan plan = growth.operator().plan();
    for (TensorRule rule : plan.rules()) {
      boolean reads =
          rule.axes().size() == 2
              && (rule.axes().get(1).equals("residual.in") || rule.axes().get(1).equals("head.in"));
      for (int l = 0; reads && l < (rule.inLayers() ? large.layers() : 1); l++) {
        int[] shape = plan.largeShapes().get(rule.name(l));
        Tensor noise = Tensor.zeros(dtype, shape);
        Tensor random =
            GaussianMatrix.of(dtype, seed * 1_000_003 + parts.size(), shape[0], shape[1] - seen);
        noise.slice(1, seen, shape[1]).assign(Arithmetic.scale(DEVIATION, random));
        parts.put(rule.name(l), Dense.of(noise));
      }
    }
    return new FixedGrowth(
        growth.operator().plus(parts), growth.large(), growth.exact(), growth.reason());
  }

  /** Numbers of the new layers when each old layer is followed by as many as possible alike. */
  public static int[] spread(int small, int large) {
    int[] source = LayerSources.interpolation(small, large);
    int[] added = new int[large - small];
    int next = 0;
    for (int l = 1; l < large; l++) {
      if (source[l] == source[l - 1]) {
        added[next++] = l;
      }
    }
    return added;
  }

  private static FixedGrowth afterSums(
      Architecture small,
      Architecture large,
      DType dtype,
      WidthCopies width,
      GrowthTerm term,
      boolean deeper) {
    boolean uniform = width.residual().isUniform();
    return new FixedGrowth(
        GrowthOperator.of(
            GrowthPlan.of(small, large), dtype, FixedOperators.copyMaps(term, small, dtype, width)),
        large,
        uniform && !deeper,
        deeper
            ? "normalization after the sums: a layer that adds nothing still normalizes"
            : uniform
                ? "every element of the stream has the same number of copies"
                : "normalization after the sums: the width is no whole multiple");
  }

  /** Old layers stay; the output maps of new ones are zero. */
  static GrowthTerm depth(
      GrowthTerm term, Architecture small, DType dtype, int[] source, int... added) {
    Tensor scale = Tensor.zeros(dtype, source.length).fill(1);
    for (int l : added) {
      scale.set(0, l);
    }
    LinearOperator copies = AxisMap.selection(dtype, small.layers(), source);
    LinearOperator silent = AxisMap.scaledSelection(small.layers(), source, scale);
    // Weight and bias share a mixture.
    return term.withDepth(GrowthPlan.ALL, copies)
        .withDepth("attention.output.weight", silent)
        .withDepth("feedforward.down.weight", silent);
  }

  private static GrowthTerm streamMaps(
      GrowthTerm term, Architecture small, Architecture large, DType dtype, WidthCopies width) {
    int d1 = small.width();
    int d2 = large.width();
    int seen = seen(small, large);
    double eta = Math.sqrt(ratio(small, large));
    double[] split = shares(width.residual(), d1, d2, seen);
    double[] ones = new double[d2];
    Arrays.fill(ones, 0, seen, 1);
    // What normalization makes of the end is 0; its scale is free and 1 times eta times a copy.
    double[] all = new double[d2];
    Arrays.fill(all, 1);
    LinearOperator shared = selection(dtype, d1, split, 1);
    GrowthTerm result =
        term.withMap(
                "residual",
                small.meanCentered()
                    ? AxisMap.average(dtype, d2, d1)
                    : AxisMap.padding(dtype, d2, d1))
            .withMap("residual.in", shared)
            .withMap("norm.weight", selection(dtype, d1, all, eta))
            .withMap("norm.bias", selection(dtype, d1, ones, 1));
    if (FixedOperators.mayPool(small)) {
      // Mixtures would not pass through the pooler's tanh.
      result = result.withMap("pooler", selection(dtype, d1, all, 1)).withMap("pooler.in", shared);
    }
    if (small.head() == Head.TIED) {
      result =
          result
              .withMap("final.weight", selection(dtype, d1, split, eta))
              .withMap("final.bias", shared);
    }
    return result;
  }

  /** Elements of the stream that whole copies fill. */
  private static int seen(Architecture small, Architecture large) {
    return small.meanCentered() ? large.width() / small.width() * small.width() : small.width();
  }

  /** Part of the mean square of the stream that is left: eta squared. */
  private static double ratio(Architecture small, Architecture large) {
    return (double) seen(small, large) / large.width();
  }

  /** Shares of circular copies among the first {@code seen} elements, in the proportions given. */
  private static double[] shares(Copies given, int d1, int d2, int seen) {
    double[] weight = new double[seen];
    for (int j = 0; j < seen; j++) {
      weight[j] = given.split()[j];
    }
    int[] source = new int[seen];
    Arrays.setAll(source, j -> j % d1);
    double[] split = Copies.proportional(d1, source, weight).split();
    return Arrays.copyOf(split, d2);
  }

  private static LinearOperator selection(DType dtype, int d1, double[] scale, double factor) {
    int[] source = new int[scale.length];
    Arrays.setAll(source, j -> j % d1);
    double[] scaled = Arrays.stream(scale).map(s -> factor * s).toArray();
    return AxisMap.scaledSelection(d1, source, Tensor.of(scaled, scaled.length).to(dtype));
  }
}
