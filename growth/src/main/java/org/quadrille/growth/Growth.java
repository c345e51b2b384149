package org.quadrille.growth;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * A {@link GrowthOperator} at work on one small model: the large weights, and the way back from
 * their gradients to those of the operator and of the small weights. Buffers are kept from call to
 * call. Not thread safe.
 *
 * {@snippet :
 * Growth growth = operator.on(small);
 * Tensors large = growth.grow();
 * model.objective(batch).lossAndGradient(large, growth.largeGradients());
 * growth.backward(growth.largeGradients(), operatorGradients, Tensors.empty());
 * }
 */
public final class Growth {
  private final GrowthOperator operator;
  private final Tensors small;
  private final Tensors large;
  private Tensors gradients;
  private final List<Family> families = new ArrayList<>();
  private final List<CoupledUse> coupled;

  /** One kind of tensor: the stacks over its layers and the terms that make it. */
  private static final class Family {
    final TensorRule rule;
    final Tensor small;
    final Tensor large;
    final List<TermUse> uses;
    Tensor gradient;
    Tensor smallGradient;

    Family(TensorRule rule, Tensor small, Tensor large, List<TermUse> uses) {
      this.rule = rule;
      this.small = small;
      this.large = large;
      this.uses = uses;
    }

    /** A place for the gradient of the small tensors, zero. */
    Tensor clearedSmallGradient() {
      if (smallGradient == null) {
        smallGradient = Tensor.zeros(small.dtype(), small.shape());
      }
      return smallGradient.fill(0);
    }
  }

  Growth(GrowthOperator operator, Tensors small) {
    GrowthPlan plan = operator.plan();
    plan.requireSmall(small);
    this.operator = operator;
    this.small = small;
    Tensors grown = Tensors.empty();
    for (TensorRule rule : plan.rules()) {
      int from = rule.inLayers() ? plan.smallLayers() : 1;
      int to = rule.inLayers() ? plan.largeLayers() : 1;
      if (from == 0) {
        throw new IllegalArgumentException(
            "the small model has no layers; there is nothing to grow layers from");
      }
      int[] shape = plan.largeShapes().get(rule.name(0));
      Tensor stack = GrowthOperator.stack(operator.dtype(), to, shape);
      for (int l = 0; l < to; l++) {
        grown.put(rule.name(l), stack.row(l).reshape(shape));
      }
      int[] smallShape = plan.smallShapes().get(rule.name(0));
      families.add(
          new Family(
              rule,
              GrowthOperator.stack(operator.dtype(), from, smallShape),
              stack,
              uses(operator, rule)));
    }
    this.large = inOrder(plan, grown);
    this.coupled = CoupledUse.of(operator.coupled());
    readSmall();
  }

  /** The large weights as they are for the present numbers of the operator; live, overwritten. */
  public Tensors grow() {
    return grow(true);
  }

  Tensors grow(boolean keep) {
    for (Family family : families) {
      double beta = 0;
      for (TermUse use : family.uses) {
        use.forward(family.small, beta, family.large, keep);
        beta = 1;
      }
      if (beta == 0) {
        family.large.fill(0);
      }
    }
    for (CoupledUse use : coupled) {
      use.forward(stacks(family -> family.small), stacks(family -> family.large));
    }
    operator
        .additive()
        .forEach((name, part) -> Arithmetic.axpy(1, entries(part), matrix(large.get(name))));
    return large;
  }

  /** The live large weights, as of the last {@link #grow()}. */
  public Tensors large() {
    return large;
  }

  /** A place for the gradients of the large weights that {@link #backward} reads without a copy. */
  public Tensors largeGradients() {
    if (gradients == null) {
      // Not before they are wanted: growing alone takes half of the memory.
      Tensors back = Tensors.empty();
      for (Family family : families) {
        family.gradient = Tensor.zeros(operator.dtype(), family.large.shape());
        for (int l = 0; l < family.large.size(0); l++) {
          String name = family.rule.name(l);
          back.put(name, family.gradient.row(l).reshape(large.get(name).shape()));
        }
      }
      gradients = inOrder(operator.plan(), back);
    }
    return gradients;
  }

  /** Takes changed small weights; they must be the tensors given at the start. */
  public void readSmall() {
    for (Family family : families) {
      for (int l = 0; l < family.small.size(0); l++) {
        family.small.row(l).assign(matrix(small.get(family.rule.name(l))));
      }
    }
  }

  /**
   * From the gradient of a loss with respect to the large weights to that with respect to the
   * operator and the small weights, at the numbers of the last {@link #grow()}. Every use of a
   * shared map adds its contribution.
   *
   * @param largeGradients for every large tensor, not modified
   * @param operatorGradients overwritten; for each wanted parameter a tensor of its name and shape
   * @param smallGradients overwritten; for each wanted small tensor one of its name and shape
   */
  public void backward(Tensors largeGradients, Tensors operatorGradients, Tensors smallGradients) {
    Sinks sinks = operator.sinks(operatorGradients);
    operatorGradients.forEach((name, gradient) -> gradient.fill(0));
    Tensors own = largeGradients();
    for (String name : own.names()) {
      if (largeGradients.get(name) != own.get(name)) {
        own.get(name).assign(largeGradients.get(name));
      }
    }
    for (Family family : families) {
      boolean wanted = isWanted(family, smallGradients);
      Tensor back = wanted ? family.clearedSmallGradient() : null;
      for (TermUse use : family.uses) {
        use.backward(family.small, family.gradient, sinks, back);
      }
    }
    coupledBackward(operatorGradients, smallGradients);
    for (Family family : families) {
      boolean wanted = isWanted(family, smallGradients);
      Tensor back = wanted ? family.smallGradient : null;
      for (int l = 0; wanted && l < back.size(0); l++) {
        if (smallGradients.contains(family.rule.name(l))) {
          matrix(smallGradients.get(family.rule.name(l))).assign(back.row(l));
        }
      }
    }
    operator
        .additive()
        .forEach(
            (name, part) -> {
              if (sinks.wants(part)) {
                // The part stands alone: y = R x with x = I.
                sinks.accumulate(
                    part,
                    StructuredMap.identity(operator.dtype(), part.cols()),
                    matrix(own.get(name)));
              }
            });
  }

  private static boolean isWanted(Family family, Tensors smallGradients) {
    for (int l = 0; l < family.small.size(0); l++) {
      if (smallGradients.contains(family.rule.name(l))) {
        return true;
      }
    }
    return false;
  }

  private void coupledBackward(Tensors operatorGradients, Tensors smallGradients) {
    for (int t = 0; t < coupled.size(); t++) {
      Tensors cores = GrowthOperator.coupledGradients(t, operatorGradients);
      Map<String, Tensor> back =
          stacks(family -> isWanted(family, smallGradients) ? family.smallGradient : null);
      if (cores.size() > 0 || !back.isEmpty()) {
        coupled.get(t).backward(stacks(family -> family.gradient), cores, back);
      }
    }
  }

  /** Stacks of all kinds by name of their rules, without those that are null. */
  private Map<String, Tensor> stacks(Function<Family, Tensor> which) {
    Map<String, Tensor> stacks = new HashMap<>();
    for (Family family : families) {
      Tensor stack = which.apply(family);
      if (stack != null) {
        stacks.put(family.rule.name(), stack);
      }
    }
    return stacks;
  }

  static Tensors adjoint(GrowthOperator operator, Tensors large) {
    GrowthPlan plan = operator.plan();
    Tensors result = Tensors.empty();
    Map<String, Tensor> gradients = new HashMap<>();
    Map<String, Tensor> backs = new HashMap<>();
    for (TensorRule rule : plan.rules()) {
      int from = rule.inLayers() ? plan.smallLayers() : 1;
      int to = rule.inLayers() ? plan.largeLayers() : 1;
      Tensor given =
          GrowthOperator.stack(operator.dtype(), to, plan.largeShapes().get(rule.name(0)));
      for (int l = 0; l < to; l++) {
        given.row(l).assign(matrix(large.get(rule.name(l))));
      }
      int[] shape = plan.smallShapes().get(rule.name(0));
      Tensor back = GrowthOperator.stack(operator.dtype(), from, shape);
      for (TermUse use : uses(operator, rule)) {
        use.adjoint(given, back);
      }
      gradients.put(rule.name(), given);
      backs.put(rule.name(), back);
      for (int l = 0; l < from; l++) {
        result.put(rule.name(l), back.row(l).reshape(shape));
      }
    }
    for (CoupledUse use : CoupledUse.of(operator.coupled())) {
      use.backward(gradients, Tensors.empty(), backs);
    }
    Tensors ordered = Tensors.empty();
    plan.smallShapes().keySet().forEach(name -> ordered.put(name, result.get(name)));
    return ordered;
  }

  private static List<TermUse> uses(GrowthOperator operator, TensorRule rule) {
    GrowthPlan plan = operator.plan();
    int[] from = GrowthOperator.matrixShape(plan.smallShapes().get(rule.name(0)));
    int[] to = GrowthOperator.matrixShape(plan.largeShapes().get(rule.name(0)));
    List<TermUse> uses = new ArrayList<>();
    for (GrowthTerm term : operator.terms()) {
      if (term.appliesTo(rule)) {
        uses.add(
            new TermUse(
                OperatorBorder.maps(plan, term, rule, 0),
                OperatorBorder.maps(plan, term, rule, 1),
                OperatorBorder.depth(plan, term, rule),
                term.order(),
                from,
                to));
      }
    }
    return uses;
  }

  private static Tensor entries(LinearOperator part) {
    return part instanceof Dense dense ? dense.weight() : part.toDense();
  }

  private static Tensor matrix(Tensor x) {
    return StructuredMap.matrix(x);
  }

  private static Tensors inOrder(GrowthPlan plan, Tensors given) {
    Map<String, Tensor> byName = new LinkedHashMap<>();
    given.forEach(byName::put);
    Tensors ordered = Tensors.empty();
    plan.largeShapes().keySet().forEach(name -> ordered.put(name, byName.get(name)));
    return ordered;
  }
}
