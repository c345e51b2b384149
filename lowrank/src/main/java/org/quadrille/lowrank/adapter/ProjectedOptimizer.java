package org.quadrille.lowrank.adapter;

import java.util.LinkedHashMap;
import java.util.Map;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.RandomizedSvd;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.Optimizer;

/**
 * GaLore (Zhao et al. 2024, algorithm 2): dense weights are trained with an optimizer whose memory
 * lies in a subspace of rank r of their gradients: {@code R = P^T G}, the step of the optimizer on
 * R, and {@code W := W + alpha P step}; P are the leading left singular vectors of G, found anew
 * every T steps. Matrices with more rows than columns are projected from the right.
 *
 * <p>Memory of an inner Adam: {@code 2 r n} numbers for an m x n matrix instead of {@code 2 m n},
 * and {@code m r} for P. Weight decay of the inner optimizer has no effect on projected matrices.
 * Gradients given are not modified.
 */
public final class ProjectedOptimizer implements Optimizer {
  private static final String STEP = "projection.step";
  private static final String PROJECTION = "projection.of.";

  /** A randomized decomposition pays off where the rank is small against the matrix. */
  private static final int RANDOMIZED_FROM = 4;

  private final Optimizer inner;
  private final Settings settings;
  private final Map<String, Tensor> projections = new LinkedHashMap<>();
  private final Tensors moved = Tensors.empty();
  private final Tensors projected = Tensors.empty();
  private long step;

  /**
   * Numbers of the method.
   *
   * @param rank r; matrices whose smaller size is not larger are trained as they are
   * @param scale alpha, 0.25 in the paper
   * @param every T, steps between two subspaces, 200 in the paper
   * @param seed of the randomized decompositions
   */
  public record Settings(int rank, double scale, long every, long seed) {
    /** Checks the numbers. */
    public Settings {
      if (rank < 1 || every < 1 || !Double.isFinite(scale)) {
        throw new IllegalArgumentException(
            "projection: given rank "
                + rank
                + ", scale "
                + scale
                + ", every "
                + every
                + "; expected rank and interval of at least 1 and a finite scale");
      }
    }
  }

  /** An optimizer around a new one that works on each element by itself, such as Adam. */
  public ProjectedOptimizer(Optimizer inner, Settings settings) {
    this.inner = inner;
    this.settings = settings;
  }

  @Override
  public void step(Tensors parameters, Tensors gradients, double rateFactor) {
    boolean anew = step % settings.every() == 0;
    step++;
    for (String name : gradients.names()) {
      Tensor gradient = gradients.get(name);
      if (!isProjected(gradient)) {
        moved.put(name, parameters.get(name));
        projected.put(name, gradient);
        continue;
      }
      boolean wide = gradient.size(0) <= gradient.size(1);
      if (anew) {
        projections.put(name, leading(gradient, wide));
      }
      Tensor p = projections.get(name);
      int[] small =
          wide
              ? new int[] {settings.rank(), gradient.size(1)}
              : new int[] {gradient.size(0), settings.rank()};
      if (!projected.contains(name)) {
        projected.put(name, Tensor.zeros(gradient.dtype(), small));
        moved.put(name, Tensor.zeros(gradient.dtype(), small));
      }
      Tensor r = projected.get(name);
      MatrixProduct.multiply(1, wide ? p.transpose() : gradient, wide ? gradient : p, 0, r);
      // The optimizer moves a zero: what is there afterwards is its step.
      moved.get(name).fill(0);
    }
    inner.step(moved, projected, rateFactor);
    for (Map.Entry<String, Tensor> entry : projections.entrySet()) {
      Tensor weight = parameters.get(entry.getKey());
      Tensor p = entry.getValue();
      Tensor delta = moved.get(entry.getKey());
      boolean wide = weight.size(0) <= weight.size(1);
      MatrixProduct.multiply(
          settings.scale(), wide ? p : delta, wide ? delta : p.transpose(), 1, weight);
    }
  }

  private boolean isProjected(Tensor gradient) {
    return gradient.rank() == 2 && Math.min(gradient.size(0), gradient.size(1)) > settings.rank();
  }

  private Tensor leading(Tensor gradient, boolean wide) {
    int r = settings.rank();
    int small = Math.min(gradient.size(0), gradient.size(1));
    Svd svd =
        small > RANDOMIZED_FROM * r
            ? RandomizedSvd.decompose(
                gradient, RandomizedSvd.Options.rank(r).withSeed(settings.seed() + step))
            : Svd.exact(gradient).truncate(r);
    return (wide ? svd.u() : svd.v()).copy();
  }

  @Override
  public Tensors state() {
    Tensors state = Tensors.empty();
    inner.state().forEach(state::put);
    if (step > 0) {
      state.put(STEP, Tensor.of(new double[] {(double) step}, 1));
      projections.forEach((name, p) -> state.put(PROJECTION + name, p));
    }
    return state;
  }

  @Override
  public void load(Tensors state) {
    Tensors rest = Tensors.empty();
    state.forEach(
        (name, tensor) -> {
          if (name.startsWith(PROJECTION)) {
            projections.put(name.substring(PROJECTION.length()), tensor.copy());
          } else if (name.equals(STEP)) {
            step = (long) tensor.to(DType.F64).get(0);
          } else {
            rest.put(name, tensor);
          }
        });
    inner.load(rest);
  }
}
