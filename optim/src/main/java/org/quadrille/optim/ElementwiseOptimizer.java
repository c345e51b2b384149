package org.quadrille.optim;

import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * What optimizers share that update every element by itself: groups, decay, memory and the parallel
 * loop over blocks.
 */
abstract class ElementwiseOptimizer implements Optimizer {

  private static final String START = "start";

  private final ParameterGroups groups;
  final Memory memory = new Memory();
  private ParameterBlocks blocks;
  private ParameterGroups.Group[] groupOf;
  private Tensor[] starts;

  ElementwiseOptimizer(ParameterGroups groups) {
    this.groups = groups;
  }

  /** Creates what the optimizer remembers of each tensor, before the first step. */
  abstract void begin(ParameterBlocks blocks);

  /**
   * Updates part of one tensor.
   *
   * @param rate learning rate of this step
   * @param decay factor of the weights before the step
   * @param gradientDecay multiple of the weights that is added to the gradient
   */
  abstract void update(
      Kernels kernels,
      ParameterBlocks blocks,
      int tensor,
      int from,
      int n,
      double rate,
      double decay,
      double gradientDecay);

  /** Refuses a group that the method has no meaning for, before the first step. */
  void check(ParameterGroups.Group group) {}

  /** Told the number of each step, from 1 on, before its updates. */
  void beginStep(long step) {}

  @Override
  public final void step(Tensors parameters, Tensors gradients, double rateFactor) {
    ParameterGroups.requireNonNegative("rateFactor", rateFactor);
    boolean first = blocks == null;
    ParameterBlocks bound = first ? new ParameterBlocks(gradients) : blocks;
    bound.bind(parameters, gradients);
    if (first) {
      prepare(bound);
    }
    beginStep(memory.next());
    Kernels kernels = KernelProvider.active();
    bound.forEach((tensor, from, n) -> update(kernels, tensor, from, n, rateFactor));
  }

  private void prepare(ParameterBlocks bound) {
    int count = bound.names().size();
    ParameterGroups.Group[] found = new ParameterGroups.Group[count];
    Tensor[] decaying = new Tensor[count];
    for (int i = 0; i < count; i++) {
      found[i] = groups.of(bound.names().get(i));
      check(found[i]);
      boolean towardsStart = found[i].rule() == DecayRule.TOWARDS_START && found[i].decay() > 0;
      decaying[i] = towardsStart ? bound.parameter(i) : null;
    }
    Tensor[] copies = memory.kind(START, bound.names(), decaying);
    for (int i = 0; i < count; i++) {
      if (copies[i] != null && !memory.isResumed()) {
        copies[i].assign(bound.parameter(i));
      }
    }
    begin(bound);
    groupOf = found;
    starts = copies;
    blocks = bound;
  }

  private void update(Kernels kernels, int tensor, int from, int n, double factor) {
    ParameterGroups.Group group = groupOf[tensor];
    double rate = group.rate() * factor;
    double decay = 1;
    double gradientDecay = 0;
    switch (group.rule()) {
      case PYTORCH -> decay = 1 - rate * group.decay();
      case STEPWISE -> decay = 1 - factor * group.decay();
      case GRADIENT -> gradientDecay = group.decay();
      case TOWARDS_START -> approachStart(kernels, tensor, from, n, rate * group.decay());
    }
    update(kernels, blocks, tensor, from, n, rate, decay, gradientDecay);
  }

  private void approachStart(Kernels kernels, int tensor, int from, int n, double part) {
    Tensor start = starts[tensor];
    if (start == null) {
      return;
    }
    Tensor theta = blocks.parameter(tensor);
    int at = theta.offset() + from;
    if (theta.dtype() == DType.F32) {
      kernels.approach(n, part, start.floats(), from, theta.floats(), at);
    } else {
      kernels.approach(n, part, start.doubles(), from, theta.doubles(), at);
    }
  }

  @Override
  public final Tensors state() {
    return memory.state();
  }

  @Override
  public final void load(Tensors state) {
    memory.load(state);
  }

  static Tensor[] parameters(ParameterBlocks blocks) {
    Tensor[] all = new Tensor[blocks.names().size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = blocks.parameter(i);
    }
    return all;
  }
}
