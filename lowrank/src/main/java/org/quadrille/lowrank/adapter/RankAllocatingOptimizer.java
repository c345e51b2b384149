package org.quadrille.lowrank.adapter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.Optimizer;

/**
 * AdaLoRA (Zhang et al. 2023, algorithm 1): adapters {@code P diag(e) Q} share a budget of ranks;
 * after a step the values e of the least important triplets become 0, and may grow again as long as
 * the choice is not final.
 *
 * <p>Importance of a number w with gradient g: {@code I = |w g|}, smoothed to {@code I'} and, with
 * its change {@code |I - I'|} smoothed, to {@code I' U'}; of a triplet: that of its value plus the
 * means over its column of P and its row of Q (equations 8 to 11).
 */
public final class RankAllocatingOptimizer implements Optimizer {
  private static final String STEP = "allocation.step";
  private static final String IMPORTANCE = "allocation.importance.";
  private static final String UNCERTAINTY = "allocation.uncertainty.";
  private static final String KEPT = "allocation.kept.";

  private final Optimizer inner;
  private final Adapters adapters;
  private final RankBudget budget;
  private final Map<String, Tensor> importance = new LinkedHashMap<>();
  private final Map<String, Tensor> uncertainty = new LinkedHashMap<>();
  private final Map<String, Tensor> kept = new LinkedHashMap<>();
  private final int all;
  private Tensors penalized;
  private long step;

  /** One triplet and what it is worth. */
  private record Triplet(String map, int index, double score) {}

  /**
   * An optimizer for adapters of form {@link AdapterForm#TRIPLETS}.
   *
   * @param inner takes the steps
   */
  public RankAllocatingOptimizer(Optimizer inner, Adapters adapters, RankBudget budget) {
    if (adapters.config().form() != AdapterForm.TRIPLETS) {
      throw new IllegalArgumentException(
          "adapters of form " + adapters.config().form() + ", expected TRIPLETS");
    }
    this.inner = inner;
    this.adapters = adapters;
    this.budget = budget;
    int ranks = 0;
    for (Map.Entry<String, AdaptedOperator> entry : adapters.operators().entrySet()) {
      AdapterParts parts = entry.getValue().parts();
      ranks += parts.rank();
      kept.put(entry.getKey(), Tensor.zeros(DType.F64, parts.rank()).fill(1));
      parts
          .trained()
          .forEach(
              (part, tensor) -> {
                String name = entry.getKey() + "." + part;
                importance.put(name, Tensor.zeros(DType.F64, tensor.shape()));
                uncertainty.put(name, Tensor.zeros(DType.F64, tensor.shape()));
              });
    }
    all = ranks;
  }

  /** Ranks that are left at each map. */
  public Map<String, Integer> ranks() {
    Map<String, Integer> ranks = new LinkedHashMap<>();
    kept.forEach((map, mask) -> ranks.put(map, (int) Arithmetic.dot(mask, mask)));
    return ranks;
  }

  @Override
  public void step(Tensors parameters, Tensors gradients, double rateFactor) {
    if (penalized == null) {
      penalized = gradients.zerosLike();
    }
    gradients.forEach((name, gradient) -> penalized.get(name).assign(gradient));
    addPenalty();
    inner.step(parameters, penalized, rateFactor);
    step++;
    boolean open = step <= budget.steps() - budget.settled();
    if (open) {
      importance.keySet().forEach(name -> smooth(name, parameters.get(name)));
    }
    if (budget.decides(step) && open) {
      choose();
    }
    boolean deciding = budget.decides(step);
    if (deciding) {
      kept.forEach(this::mask);
    }
  }

  /** Adds the gradient {@code 4 w P (P^T P - I)} of the penalty, and its like for Q. */
  private void addPenalty() {
    if (budget.orthogonality() == 0) {
      return;
    }
    adapters
        .operators()
        .forEach(
            (map, operator) -> {
              AdapterParts parts = operator.parts();
              Tensor left = penalized.get(map + "." + AdaptedOperator.LEFT);
              Tensor right = penalized.get(map + "." + AdaptedOperator.RIGHT);
              double weight = 4 * budget.orthogonality();
              Tensor ofLeft = departure(parts.left().transpose());
              MatrixProduct.multiply(weight, parts.left(), ofLeft, 1, left);
              Tensor ofRight = departure(parts.right());
              MatrixProduct.multiply(weight, ofRight, parts.right(), 1, right);
            });
  }

  /** {@code X X^T - I}. */
  private static Tensor departure(Tensor x) {
    Tensor gram = MatrixProduct.multiply(x, x.transpose());
    for (int i = 0; i < gram.size(0); i++) {
      gram.set(gram.get(i, i) - 1, i, i);
    }
    return gram;
  }

  private void smooth(String name, Tensor parameter) {
    double[] w = parameter.toDoubles();
    double[] g = penalized.get(name).toDoubles();
    double[] mean = importance.get(name).doubles();
    double[] spread = uncertainty.get(name).doubles();
    double b1 = budget.sensitivityDecay();
    double b2 = budget.uncertaintyDecay();
    for (int i = 0; i < w.length; i++) {
      double now = Math.abs(w[i] * g[i]);
      mean[i] = b1 * mean[i] + (1 - b1) * now;
      spread[i] = b2 * spread[i] + (1 - b2) * Math.abs(now - mean[i]);
    }
  }

  /** Keeps the most important triplets; of equal ones those of earlier maps. */
  private void choose() {
    List<Triplet> triplets = new ArrayList<>();
    kept.forEach(
        (map, mask) -> {
          double[] scores = scores(map);
          for (int i = 0; i < scores.length; i++) {
            triplets.add(new Triplet(map, i, scores[i]));
          }
        });
    triplets.sort(Comparator.comparingDouble(Triplet::score).reversed());
    kept.values().forEach(mask -> mask.fill(0));
    int keep = budget.at(step, all);
    triplets.stream().limit(keep).forEach(t -> kept.get(t.map()).set(1, t.index()));
  }

  /** Importance of each triplet of a map. */
  private double[] scores(String map) {
    Tensor values = product(map + "." + AdaptedOperator.INNER);
    double[] scores = values.toDoubles();
    addMeans(product(map + "." + AdaptedOperator.LEFT).transpose(), scores);
    addMeans(product(map + "." + AdaptedOperator.RIGHT), scores);
    return scores;
  }

  private Tensor product(String name) {
    double[] a = importance.get(name).doubles();
    double[] b = uncertainty.get(name).doubles();
    double[] product = new double[a.length];
    Arrays.setAll(product, i -> a[i] * b[i]);
    return Tensor.of(product, importance.get(name).shape());
  }

  private static void addMeans(Tensor rows, double[] scores) {
    for (int i = 0; i < scores.length; i++) {
      double sum = 0;
      for (int j = 0; j < rows.size(1); j++) {
        sum += rows.get(i, j);
      }
      scores[i] += sum / rows.size(1);
    }
  }

  private void mask(String map, Tensor mask) {
    Tensor values = adapters.operators().get(map).parts().inner();
    for (int i = 0; i < mask.length(); i++) {
      if (mask.get(i) == 0) {
        values.set(0, i);
      }
    }
  }

  @Override
  public Tensors state() {
    Tensors state = Tensors.empty();
    inner.state().forEach(state::put);
    if (step > 0) {
      state.put(STEP, Tensor.of(new double[] {(double) step}, 1));
      importance.forEach((name, tensor) -> state.put(IMPORTANCE + name, tensor));
      uncertainty.forEach((name, tensor) -> state.put(UNCERTAINTY + name, tensor));
      kept.forEach((name, tensor) -> state.put(KEPT + name, tensor));
    }
    return state;
  }

  @Override
  public void load(Tensors state) {
    Tensors rest = Tensors.empty();
    state.forEach(
        (name, tensor) -> {
          if (!name.startsWith("allocation.")) {
            rest.put(name, tensor);
          }
        });
    inner.load(rest);
    if (state.size() > 0) {
      step = (long) state.get(STEP).get(0);
      importance.forEach((name, tensor) -> tensor.assign(state.get(IMPORTANCE + name)));
      uncertainty.forEach((name, tensor) -> tensor.assign(state.get(UNCERTAINTY + name)));
      kept.forEach((name, tensor) -> tensor.assign(state.get(KEPT + name)));
    }
  }
}
