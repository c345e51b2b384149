package org.quadrille.growth;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.Tensor;

/**
 * How a learned growth operator starts: maps {@code [I; S]} and mixtures of layers with drawn
 * numbers, or any fixed operator made learnable.
 *
 * {@snippet :
 * GrowthOperator operator = LearnedStart.PUBLISHED.operator(plan, DType.F32, 1);
 * GrowthOperator other = LearnedStart.from(FixedOperators.copies(small, large, DType.F32, width, source).operator());
 * }
 *
 * @param depth start of the mixtures
 * @param width start of the maps
 * @param order width first or depth first
 * @param perLayer whether every layer (small ones if width comes first, else large ones) has its
 *     own maps of queries, keys, values and hidden units
 * @param tied whether what reads an axis uses the map of what writes it; untied maps start equal
 * @param separateBias whether biases and shifts have mixtures of their own
 */
public record LearnedStart(
    DepthStart depth,
    WidthStart width,
    GrowthOrder order,
    boolean perLayer,
    boolean tied,
    boolean separateBias) {

  private static final String VALUE = "value";
  private static final String VALUE_IN = "value.in";

  /**
   * Checks the choices.
   *
   * @throws IllegalArgumentException if maps differ by layer and the order is left open
   */
  public LearnedStart {
    if (perLayer && order == GrowthOrder.CHEAPER) {
      throw new IllegalArgumentException(
          "order CHEAPER with maps by layer: say WIDTH_FIRST for maps of the small layers,"
              + " DEPTH_FIRST for maps of the large ones");
    }
  }

  /** Stacking with noise, new elements near the mean, tied, shared by all layers. */
  public static final LearnedStart PUBLISHED =
      new LearnedStart(
          DepthStart.STACK_NOISY, WidthStart.RANDOM, GrowthOrder.WIDTH_FIRST, false, true, true);

  /** The same with own maps or one for all layers. */
  public LearnedStart withPerLayer(GrowthOrder newOrder, boolean newPerLayer) {
    return new LearnedStart(depth, width, newOrder, newPerLayer, tied, separateBias);
  }

  /** The same with tied or untied maps. */
  public LearnedStart withTied(boolean newTied) {
    return new LearnedStart(depth, width, order, perLayer, newTied, separateBias);
  }

  /** The same with other starts. */
  public LearnedStart withStarts(DepthStart newDepth, WidthStart newWidth) {
    return new LearnedStart(newDepth, newWidth, order, perLayer, tied, separateBias);
  }

  /**
   * A new operator.
   *
   * @param seed of all draws; the same seed gives the same bits
   */
  public GrowthOperator operator(GrowthPlan plan, DType dtype, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    GrowthTerm term = GrowthTerm.of(order);
    List<String> names = new ArrayList<>(plan.mapNames());
    for (String name : names) {
      if (plan.parent(name) == null && !isGrouped(name, plan)) {
        term = term.withMaps(name, maps(name, plan, dtype, random));
      }
    }
    if (isGrouped(VALUE_IN, plan)) {
      term = term.withMaps(VALUE_IN, grouped(term.maps().get(VALUE), plan));
    }
    for (String name : names) {
      boolean reader = name.endsWith(".in");
      if (!tied && reader && (plan.parent(name) != null || isGrouped(name, plan))) {
        term = term.withMaps(name, copies(term.resolve(name, plan)));
      }
    }
    for (String name : plan.depthNames()) {
      if (separateBias || !name.endsWith(".bias")) {
        term =
            term.withDepth(
                name,
                Dense.of(depth.mixture(dtype, plan.smallLayers(), plan.largeLayers(), random)));
      }
    }
    return GrowthOperator.of(plan, dtype, term);
  }

  /**
   * A new operator whose matrices come from one term that couples kinds and layers (after Mango,
   * see {@link CoupledTerm}), all else from maps as in {@link #operator}. Without noise in the ring
   * it starts as the same linear map as one with the same map on all axes.
   *
   * @param rank of the ring, at least 1
   */
  public GrowthOperator coupled(GrowthPlan plan, DType dtype, int rank, long seed) {
    SplittableRandom random = new SplittableRandom(seed + 1);
    CoupledTerm coupled = CoupledTerm.start(plan, dtype, rank, depth, width, random);
    GrowthTerm rest = operator(plan, dtype, seed).terms().getFirst();
    return GrowthOperator.of(plan, dtype, rest.only(rule -> !coupled.covers(rule))).plus(coupled);
  }

  /**
   * A fixed operator with every number learnable: each map becomes a full matrix, each kind of
   * tensor gets a mixture of its own, each free part a copy. It starts as the same linear map, and
   * shares no number with it.
   */
  public static GrowthOperator from(GrowthOperator fixed) {
    GrowthPlan plan = fixed.plan();
    GrowthTerm[] terms = new GrowthTerm[fixed.terms().size()];
    for (int t = 0; t < terms.length; t++) {
      GrowthTerm given = fixed.terms().get(t);
      GrowthTerm term = GrowthTerm.of(given.order()).only(given::appliesTo);
      for (String name : given.maps().keySet()) {
        term = term.withMaps(name, copies(given.maps().get(name)));
      }
      for (String name : plan.depthNames()) {
        LinearOperator mixture = given.resolveDepth(name);
        if (mixture != null) {
          term = term.withDepth(name, Dense.of(mixture.toDense()));
        }
      }
      terms[t] = term;
    }
    Map<String, LinearOperator> parts = new LinkedHashMap<>();
    fixed.additive().forEach((name, part) -> parts.put(name, Dense.of(part.toDense())));
    GrowthOperator learned = GrowthOperator.of(plan, fixed.dtype(), terms).plus(parts);
    for (CoupledTerm coupled : fixed.coupled()) {
      learned = learned.plus(coupled.independentCopy());
    }
    return learned;
  }

  /**
   * Whether what reads the values has query heads in groups, so that the map of the values serves
   * it group by group. Groups that get larger have no such map.
   */
  private static boolean isGrouped(String name, GrowthPlan plan) {
    if (!name.equals(VALUE_IN) || plan.parent(name) != null || plan.headSize() == 0) {
      return false;
    }
    int[] heads = plan.sizes(VALUE_IN);
    int[] values = plan.sizes(VALUE);
    return heads[0] / values[0] == heads[1] / values[1] && heads[1] % values[1] == 0;
  }

  private static List<LinearOperator> grouped(List<LinearOperator> values, GrowthPlan plan) {
    int groupSize = plan.sizes(VALUE_IN)[0] / plan.sizes(VALUE)[0];
    return values.stream()
        .map(map -> AxisMap.groupedHeads(map, groupSize, plan.headSize()))
        .toList();
  }

  private List<LinearOperator> maps(
      String name, GrowthPlan plan, DType dtype, SplittableRandom random) {
    boolean inLayersOnly =
        plan.rules().stream()
            .filter(rule -> rule.axes().contains(name))
            .allMatch(TensorRule::inLayers);
    int layers = order == GrowthOrder.DEPTH_FIRST ? plan.largeLayers() : plan.smallLayers();
    int count = perLayer && inLayersOnly ? layers : 1;
    int[] sizes = plan.sizes(name);
    List<LinearOperator> maps = new ArrayList<>();
    for (int l = 0; l < count; l++) {
      Tensor added = width.added(dtype, sizes[0], sizes[1], random);
      maps.add(AxisMap.identityOver(added));
    }
    return maps;
  }

  private static List<LinearOperator> copies(List<LinearOperator> maps) {
    List<LinearOperator> copies = new ArrayList<>();
    for (LinearOperator map : maps) {
      copies.add(
          map instanceof IdentityOver over ? over.independentCopy() : Dense.of(map.toDense()));
    }
    return copies;
  }
}
