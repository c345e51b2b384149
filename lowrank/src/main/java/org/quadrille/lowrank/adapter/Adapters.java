package org.quadrille.lowrank.adapter;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quadrille.kernels.cpu.DropoutMask;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Sum;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.Objective;
import org.quadrille.optim.StepObjective;

/**
 * The adapters of a model, one beside each chosen weight, by the name of the map ({@code
 * layers.0.attention.query} for the weight {@code layers.0.attention.query.weight}).
 *
 * <p>The weights themselves are shared and never changed: dropping the adapters gives the model
 * back bit for bit.
 */
public final class Adapters {
  private static final String WEIGHT = ".weight";

  private final AdapterConfig config;
  private final Map<String, AdaptedOperator> operators;

  private Adapters(AdapterConfig config, Map<String, AdaptedOperator> operators) {
    this.config = config;
    this.operators = Collections.unmodifiableMap(operators);
  }

  /**
   * Adapters beside dense weights.
   *
   * @param weights of a model; matrices called {@code NAME.weight} whose NAME the targets match are
   *     adapted
   * @throws IllegalArgumentException if no weight matches, or a start does not fit one
   */
  public static Adapters attach(Tensors weights, AdapterConfig config) {
    Map<String, LinearOperator> bases = new LinkedHashMap<>();
    for (String name : weights.names()) {
      if (name.endsWith(WEIGHT) && weights.get(name).rank() == 2) {
        String map = name.substring(0, name.length() - WEIGHT.length());
        if (config.targets().matches(map)) {
          bases.put(map, Dense.of(weights.get(name)));
        }
      }
    }
    if (bases.isEmpty()) {
      throw new IllegalArgumentException(
          "adapters: targets \""
              + config.targets()
              + "\" match none of the matrices in "
              + weights
              + "; name maps without .weight");
    }
    return attach(bases, config);
  }

  /**
   * Adapters beside any frozen maps, such as quantized ones; all of them are adapted.
   *
   * @param bases by name
   */
  public static Adapters attach(Map<String, ? extends LinearOperator> bases, AdapterConfig config) {
    if (bases.isEmpty()) {
      throw new IllegalArgumentException("adapters: given no maps, expected at least one");
    }
    Map<String, AdaptedOperator> operators = new LinkedHashMap<>();
    SharedVectors shared =
        config.form() == AdapterForm.VECTORS ? SharedVectors.of(bases, config) : null;
    for (Map.Entry<String, ? extends LinearOperator> entry : bases.entrySet()) {
      String name = entry.getKey();
      LinearOperator base = entry.getValue();
      operators.put(
          name,
          shared != null
              ? shared.beside(name, base)
              : beside(name, base, config, seed(config.seed(), operators.size())));
    }
    return new Adapters(config, operators);
  }

  private static long seed(long seed, int index) {
    return seed * 1_000_003 + index;
  }

  private static AdaptedOperator beside(
      String name, LinearOperator base, AdapterConfig config, long seed) {
    int rank = config.rankOf(name);
    double scale = config.scaleOf(name);
    Tensor weight = base instanceof Dense dense ? dense.weight() : base.toDense();
    Factors factors = config.start().at(new AdapterStart.Place(name, weight, rank, scale, seed));
    boolean triplets = config.form() == AdapterForm.TRIPLETS;
    requireStart(name, factors, config, triplets);
    LinearOperator corrected = factors.corrected() ? corrected(base, weight, factors, scale) : base;
    Tensor inner = triplets ? Tensor.zeros(base.dtype(), rank) : null;
    AdapterParts parts =
        new AdapterParts(
            factors.left(),
            factors.right(),
            inner,
            null,
            magnitude(name, weight, config),
            scale,
            config.trained().left(),
            config.trained().right(),
            config.magnitude() == Magnitude.FULL);
    return new AdaptedOperator(corrected, parts);
  }

  /** With A = B = 0, or with the zero factor frozen beside nothing else, nothing ever moves. */
  private static void requireStart(
      String name, Factors factors, AdapterConfig config, boolean triplets) {
    if (factors.left().length() == 0 || factors.right().length() == 0) {
      return;
    }
    boolean leftZero = Norms.max(factors.left()) == 0;
    boolean rightZero = Norms.max(factors.right()) == 0;
    boolean stuck =
        (leftZero && rightZero)
            || (leftZero && !config.trained().left())
            || (rightZero && !config.trained().right())
            || (triplets && (leftZero || rightZero));
    if (stuck) {
      throw new IllegalArgumentException(
          "\""
              + name
              + "\": the start leaves the adapter at zero for ever (left is "
              + (leftZero ? "zero" : "not zero")
              + ", right is "
              + (rightZero ? "zero" : "not zero")
              + ", trained: "
              + config.trained()
              + ", form "
              + config.form()
              + "); choose another start, such as gaussian on both sides for triplets");
    }
  }

  /** {@code W - s B A}: a new matrix for a dense weight, else a sum. */
  private static LinearOperator corrected(
      LinearOperator base, Tensor weight, Factors factors, double scale) {
    if (base instanceof Dense) {
      Tensor exact = weight.to(DType.F64);
      exact = exact == weight ? weight.copy() : exact;
      MatrixProduct.multiply(
          -scale, factors.left().to(DType.F64), factors.right().to(DType.F64), 1, exact);
      return Dense.of(exact.to(weight.dtype()));
    }
    return Sum.of(base, LowRank.of(factors.left().copy(), factors.right().copy(), -scale));
  }

  private static Tensor magnitude(String name, Tensor weight, AdapterConfig config) {
    if (config.magnitude() == Magnitude.NONE) {
      return null;
    }
    double[] squares = RowNorms.squares(weight);
    for (int i = 0; i < squares.length; i++) {
      if (!(squares[i] > 0)) {
        throw new IllegalArgumentException(
            "\"" + name + "\": row " + i + " is zero, magnitudes need rows with a direction");
      }
      squares[i] = Math.sqrt(squares[i]);
    }
    return Tensor.of(squares, squares.length).to(weight.dtype());
  }

  /** Puts one operator into a model: the model with it. */
  @FunctionalInterface
  public interface Placement<M> {
    /** The model with an operator in place of the weight of that name. */
    M with(M model, String name, LinearOperator operator);
  }

  /**
   * The model with all adapters in it.
   *
   * @param placement such as {@code Transformer::withOperator}
   */
  public <M> M into(M model, Placement<M> placement) {
    M adapted = model;
    for (Map.Entry<String, AdaptedOperator> entry : operators.entrySet()) {
      adapted = placement.with(adapted, entry.getKey(), entry.getValue());
    }
    return adapted;
  }

  /** What they look like. */
  public AdapterConfig config() {
    return config;
  }

  /** The adapted maps by name, in order. */
  public Map<String, AdaptedOperator> operators() {
    return operators;
  }

  /** All learned numbers of the adapters, under the names that they have in a model; shared. */
  public Tensors parameters() {
    Tensors all = Tensors.empty();
    operators.forEach(
        (name, operator) ->
            operator.parameters().forEach((part, tensor) -> all.put(name + "." + part, tensor)));
    return all;
  }

  /**
   * Whether a parameter of the model is learned: those of the adapters, and the biases that the
   * configuration names.
   */
  public boolean trains(String parameter) {
    int dot = parameter.lastIndexOf('.');
    String map = dot < 0 ? "" : parameter.substring(0, dot);
    String part = parameter.substring(dot + 1);
    AdaptedOperator operator = operators.get(map);
    if (operator != null && operator.parameters().contains(part)) {
      return true;
    }
    return part.equals("bias")
        && switch (config.biases()) {
          case NONE -> false;
          case ADAPTED -> operator != null;
          case ALL -> true;
        };
  }

  /**
   * The adapted weights as dense ones, {@code NAME.weight}: see {@link AdaptedOperator#toDense}.
   */
  public Tensors merged() {
    Tensors merged = Tensors.empty();
    operators.forEach((name, operator) -> merged.put(name + WEIGHT, operator.toDense()));
    return merged;
  }

  /** {@code weights} with the adapted ones merged; the others are shared. */
  public Tensors mergedInto(Tensors weights) {
    Tensors merged = merged();
    Tensors all = Tensors.empty();
    weights.forEach(
        (name, tensor) -> all.put(name, merged.contains(name) ? merged.get(name) : tensor));
    return all;
  }

  /**
   * ReLoRA's step (Lialin et al. 2023): the update becomes part of the frozen weight, which is a
   * new tensor, and the factors start anew with B = 0. The map stays the same up to rounding.
   *
   * @param round number of the restart, for the seed
   * @throws IllegalArgumentException if the adapters are not plain factors beside dense weights
   */
  public void restart(int round) {
    List<String> names = new ArrayList<>(operators.keySet());
    for (int i = 0; i < names.size(); i++) {
      AdaptedOperator operator = operators.get(names.get(i));
      AdapterParts parts = operator.parts();
      if (!(operator.base() instanceof Dense) || !parts.isPlain() || parts.magnitude() != null) {
        throw new IllegalArgumentException(
            "\""
                + names.get(i)
                + "\": restarts need plain factors beside a dense weight, given "
                + operator);
      }
      operator.rebase(Dense.of(operator.toDense()));
      long seed = seed(config.seed() + 7919L * round, i);
      Tensor weight = parts.right();
      double bound = 1 / Math.sqrt(weight.size(1));
      parts
          .right()
          .assign(RandomStart.uniform(weight.dtype(), seed, bound, weight.size(0), weight.size(1)));
      parts.left().fill(0);
    }
  }

  /**
   * The same data with dropout on what goes into adapters, in gradients only. Masks are functions
   * of seed and step.
   */
  public StepObjective dropping(StepObjective data, long seed) {
    if (config.dropout() == 0) {
      return data;
    }
    return step -> {
      Objective objective = data.at(step);
      DropoutMask ofStep = new DropoutMask(config.dropout(), seed).at(step);
      return new Objective() {
        @Override
        public double loss(Tensors parameters) {
          return objective.loss(parameters);
        }

        @Override
        public double lossAndGradient(Tensors parameters, Tensors gradients) {
          int place = 0;
          for (AdaptedOperator operator : operators.values()) {
            operator.dropping(ofStep.at(place++));
          }
          try {
            return objective.lossAndGradient(parameters, gradients);
          } finally {
            operators.values().forEach(operator -> operator.dropping(null));
          }
        }
      };
    };
  }

  @Override
  public String toString() {
    return "Adapters(" + operators.size() + " maps, rank " + config.rank() + ")";
  }
}
