package org.quadrille.growth;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.Objective;
import org.quadrille.optim.StepObjective;

/**
 * A mask over what is new in a grown model, opened little by little while it is trained (Y. Yao et
 * al., Masked structural growth, ICLR 2024): outputs of new heads, of new hidden units and of new
 * layers are multiplied by a number that rises from 0 to 1. At 0 nothing of the new is seen,
 * whatever its weights; at 1 the mask is gone.
 *
 * <p>The mask is on the columns that read the new elements (and on the whole output of a new
 * layer), which is the same as a mask on the elements. A new width of the residual stream is not
 * masked: it changes what normalizations see; grow it by {@link LosslessGrowth} or not at all.
 *
 * {@snippet :
 * GrowthMask mask = GrowthMask.of(plan, 1, 3); // layers 1 and 3 are new
 * StepObjective training = mask.opening(data, 1000); // open after 1000 steps
 * }
 */
public final class GrowthMask {
  private final Map<String, Integer> firstMasked = new LinkedHashMap<>();
  private Tensors masked;

  private GrowthMask() {}

  /**
   * The mask of a plan.
   *
   * @param plan old heads and hidden units are taken to come first
   * @param added numbers of the new layers in the large model (where normalization comes after the
   *     sums, a silent layer still normalizes)
   * @throws IllegalArgumentException if a number is no layer
   */
  public static GrowthMask of(GrowthPlan plan, int... added) {
    GrowthMask mask = new GrowthMask();
    boolean[] isNew = new boolean[plan.largeLayers()];
    for (int l : added) {
      if (l < 0 || l >= isNew.length) {
        throw new IllegalArgumentException(
            "new layer "
                + l
                + " in "
                + Arrays.toString(added)
                + ": expected 0 to "
                + (isNew.length - 1));
      }
      isNew[l] = true;
    }
    for (TensorRule rule : plan.rules()) {
      boolean readsNeurons =
          rule.axes().size() == 2
              && (rule.axes().get(1).equals("value.in") || rule.axes().get(1).equals("hidden.in"));
      boolean writes = rule.inLayers() && rule.axes().getFirst().equals("residual");
      for (int l = 0; l < (rule.inLayers() ? plan.largeLayers() : 1); l++) {
        if (rule.inLayers() && isNew[l] && writes) {
          mask.firstMasked.put(rule.name(l), 0);
        } else if (readsNeurons) {
          int old = plan.smallShapes().get(rule.name(0))[1];
          if (old < plan.largeShapes().get(rule.name(l))[1]) {
            mask.firstMasked.put(rule.name(l), old);
          }
        }
      }
    }
    return mask;
  }

  /**
   * The weights that a model without masks needs to compute what the masked one does: the given
   * tensors, masked ones as copies.
   *
   * @param opening from 0 (closed) to 1
   */
  public Tensors apply(Tensors large, double opening) {
    requireOpening(opening);
    Tensors result = Tensors.empty();
    large.forEach(
        (name, tensor) -> result.put(name, firstMasked.containsKey(name) ? tensor.copy() : tensor));
    firstMasked.forEach((name, first) -> scale(part(result.get(name), first), opening));
    return result;
  }

  /**
   * The loss of the masked model as a function of its weights. Keeps copies of the masked tensors;
   * not thread safe.
   */
  public Objective masked(Objective large, double opening) {
    requireOpening(opening);
    return new Objective() {
      @Override
      public double loss(Tensors parameters) {
        return large.loss(seen(parameters, opening));
      }

      @Override
      public double lossAndGradient(Tensors parameters, Tensors gradients) {
        double loss = large.lossAndGradient(seen(parameters, opening), gradients);
        // d(c w) = c dw
        firstMasked.forEach(
            (name, first) -> {
              if (gradients.contains(name)) {
                scale(part(gradients.get(name), first), opening);
              }
            });
        return loss;
      }
    };
  }

  /**
   * Training data under a mask that opens linearly.
   *
   * @param steps after which it is open; step s has {@code min(1, (s + 1) / steps)}
   */
  public StepObjective opening(StepObjective data, int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("steps: given " + steps + ", expected at least 1");
    }
    return step -> {
      double opening = Math.min(1, (step + 1.0) / steps);
      return opening < 1 ? masked(data.at(step), opening) : data.at(step);
    };
  }

  private Tensors seen(Tensors parameters, double opening) {
    if (masked == null) {
      masked = Tensors.empty();
      firstMasked.keySet().forEach(name -> masked.put(name, parameters.get(name).copy()));
    }
    Tensors seen = Tensors.empty();
    parameters.forEach(
        (name, tensor) ->
            seen.put(name, masked.contains(name) ? masked.get(name).assign(tensor) : tensor));
    firstMasked.forEach((name, first) -> scale(part(seen.get(name), first), opening));
    return seen;
  }

  /** The masked columns; a vector is masked as a whole. */
  private static Tensor part(Tensor tensor, int first) {
    return tensor.rank() == 1 ? tensor : tensor.slice(1, first, tensor.size(1));
  }

  private static void scale(Tensor part, double opening) {
    Arithmetic.scale(opening, part);
  }

  private static void requireOpening(double opening) {
    if (!(opening >= 0 && opening <= 1)) {
      throw new IllegalArgumentException("opening: given " + opening + ", expected 0 to 1");
    }
  }
}
