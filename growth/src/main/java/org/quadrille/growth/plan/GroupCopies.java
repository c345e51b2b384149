package org.quadrille.growth.plan;

import java.util.function.Function;
import org.quadrille.growth.Copies;
import org.quadrille.growth.GrowthOperator;
import org.quadrille.growth.GrowthOrder;
import org.quadrille.growth.GrowthPlan;
import org.quadrille.growth.GrowthTerm;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Selection;

/**
 * Net2Net for a model that is described by groups: elements of a group are copied, and a map whose
 * name ends in {@code .in}, that of what reads the group, shares the weight among the copies.
 */
final class GroupCopies {
  private static final String READER = ".in";

  private GroupCopies() {}

  static GrowthOperator random(
      PlannedModel model, GrowthPlan plan, DType dtype, long seed, int... source) {
    long[] next = {seed};
    return of(
        model,
        plan,
        dtype,
        group ->
            Copies.random(group.small() / group.block(), group.large() / group.block(), next[0]++),
        source);
  }

  static GrowthOperator circular(PlannedModel model, GrowthPlan plan, DType dtype, int... source) {
    return of(
        model,
        plan,
        dtype,
        group -> Copies.circular(group.small() / group.block(), group.large() / group.block()),
        source);
  }

  private static GrowthOperator of(
      PlannedModel model,
      GrowthPlan plan,
      DType dtype,
      Function<SizeGroup, Copies> chosen,
      int... source) {
    GrowthTerm term =
        GrowthTerm.of(GrowthOrder.WIDTH_FIRST)
            .withDepth(GrowthPlan.ALL, Selection.of(dtype, plan.smallLayers(), source));
    for (SizeGroup group : model.groups().values()) {
      Copies copies = chosen.apply(group);
      Copies elements = group.block() == 1 ? copies : copies.heads(group.block());
      term = term.withMap(group.name(), elements.map(dtype));
      String reader = group.name() + READER;
      if (plan.mapNames().contains(reader)) {
        term = term.withMap(reader, elements.splitMap(dtype));
      }
    }
    return GrowthOperator.of(plan, dtype, term);
  }
}
