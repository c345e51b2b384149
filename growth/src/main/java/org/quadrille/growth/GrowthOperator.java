package org.quadrille.growth;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.ParametricOperator;
import org.quadrille.linalg.Sum;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * A linear map from the weights of a small model to those of a large one,
 *
 * <pre>  Theta_l = sum over terms and small layers j of w_lj B W_j A^T, plus a free part,</pre>
 *
 * with maps B of the rows and A of the columns of each tensor and mixtures w of the layers (P. Wang
 * et al., ICLR 2023, equations 4 to 8; the Kronecker product A (x) B is never formed). One term is
 * LiGO; fixed maps give stacking, interpolation, Net2Net and others; two terms give the advanced
 * initialization of bert2BERT.
 *
 * {@snippet :
 * GrowthOperator operator = GrowthOperator.of(plan, DType.F32, term);
 * Tensors large = operator.apply(small);
 * }
 *
 * <p>Immutable in shape; the numbers in {@link #parameters()} are live.
 */
public final class GrowthOperator {
  private static final String COUPLED = "coupled.";
  private final GrowthPlan plan;
  private final DType dtype;
  private final List<GrowthTerm> terms;
  private final Map<String, LinearOperator> additive;
  private final List<CoupledTerm> coupled;
  private final Tensors parameters = Tensors.empty();
  private final IdentityHashMap<ParametricOperator, Map<String, String>> owned =
      new IdentityHashMap<>();

  private GrowthOperator(
      GrowthPlan plan,
      DType dtype,
      List<GrowthTerm> terms,
      Map<String, LinearOperator> additive,
      List<CoupledTerm> coupled) {
    this.plan = plan;
    this.dtype = dtype;
    this.terms = List.copyOf(terms);
    this.additive = additive;
    this.coupled = List.copyOf(coupled);
    for (int t = 0; t < terms.size(); t++) {
      String prefix = terms.size() == 1 ? "" : "terms." + t + ".";
      terms
          .get(t)
          .maps()
          .forEach(
              (name, maps) -> {
                for (int l = 0; l < maps.size(); l++) {
                  own(prefix + "maps." + name + (maps.size() == 1 ? "" : "." + l), maps.get(l));
                }
              });
      terms.get(t).depths().forEach((name, w) -> own(prefix + "depth." + name, w));
    }
    additive.forEach((name, part) -> own("additive." + name, part));
    for (int t = 0; t < coupled.size(); t++) {
      String prefix = COUPLED + t + ".";
      coupled.get(t).parameters().forEach((name, core) -> parameters.put(prefix + name, core));
    }
    OperatorBorder.check(this);
  }

  /**
   * A sum of terms.
   *
   * @param dtype of all maps and of the weights
   * @throws IllegalArgumentException naming the map or tensor whose size does not fit or that has
   *     no map though its axis grows
   */
  public static GrowthOperator of(GrowthPlan plan, DType dtype, GrowthTerm... terms) {
    return new GrowthOperator(plan, dtype, List.of(terms), Map.of(), List.of());
  }

  /**
   * The same plus a free part of some large tensors: a learned residual, of low rank or not, or
   * fresh random numbers. One for a tensor that has one already is added to it.
   *
   * @param parts by name of the large tensor, of its shape; a vector is a matrix of one column
   */
  public GrowthOperator plus(Map<String, ? extends LinearOperator> parts) {
    Map<String, LinearOperator> all = new LinkedHashMap<>(additive);
    parts.forEach((name, part) -> all.merge(name, part, Sum::of));
    return new GrowthOperator(plan, dtype, terms, all, coupled);
  }

  /**
   * The same plus a term that mixes kinds of matrices.
   *
   * @throws IllegalArgumentException if its precision or its sizes do not fit
   */
  public GrowthOperator plus(CoupledTerm term) {
    List<CoupledTerm> all = new ArrayList<>(coupled);
    all.add(term);
    return new GrowthOperator(plan, dtype, terms, additive, all);
  }

  /** The tensors before and after. */
  public GrowthPlan plan() {
    return plan;
  }

  /** Precision. */
  public DType dtype() {
    return dtype;
  }

  /** The terms. */
  public List<GrowthTerm> terms() {
    return terms;
  }

  /** The terms that mix kinds of matrices. */
  public List<CoupledTerm> coupled() {
    return coupled;
  }

  /** The free part by name of the large tensor. */
  public Map<String, LinearOperator> additive() {
    return Collections.unmodifiableMap(additive);
  }

  /**
   * The live numbers of all maps, mixtures and free parts: {@code maps.residual.new}, {@code
   * depth.attention.query.weight.weight} and so on, with {@code terms.0.} in front if there are
   * several terms, and the number of the layer where maps differ by layer.
   */
  public Tensors parameters() {
    return parameters;
  }

  /**
   * The large weights, new.
   *
   * @param small not modified
   */
  public Tensors apply(Tensors small) {
    return new Growth(this, small).grow(false);
  }

  /**
   * The transpose: {@code M^T y}, new, without the free part.
   *
   * @param large tensors of the names and shapes of the large model
   */
  public Tensors applyTransposed(Tensors large) {
    return Growth.adjoint(this, large);
  }

  /**
   * The large tensors of one kind, new: a checkpoint can so be grown one kind at a time.
   *
   * @param rule one of the plan, or one of a tensor beside it whose axes and mixture the plan knows
   * @param small the tensor of every small layer in order, or the one outside the layers; not
   *     modified
   * @return the tensor of every large layer, or one
   * @throws IllegalArgumentException naming the tensor that is not finite or does not fit
   */
  public List<Tensor> grow(TensorRule rule, List<Tensor> small) {
    return FamilyGrowth.grow(this, rule, small);
  }

  /**
   * Growth of low-rank adapters of the small matrices of one kind to those of the large ones,
   * exactly and without making them dense: {@code B (U V) A^T = (B U) (A V^T)^T}. Ranks of all
   * layers that are mixed add up.
   *
   * @param rule of a matrix of the plan
   * @param small the adapter of every small layer in order, or the one outside the layers
   * @return that of every large layer, or one; the free part is none of theirs
   * @throws IllegalArgumentException if they do not fit, or a coupled term covers the matrix
   */
  public List<LowRank> growAdapters(TensorRule rule, List<LowRank> small) {
    return AdapterGrowth.grow(this, rule, small);
  }

  /**
   * The large weights of a small model some of whose matrices are kept as operators, such as
   * quantized codes or sums with adapters. Each is made dense when its kind is grown.
   *
   * @param small all other weights
   * @param operators by name of the weight they stand for
   */
  public Tensors apply(Tensors small, Map<String, ? extends LinearOperator> operators) {
    Tensors all = Tensors.empty();
    for (Map.Entry<String, int[]> entry : plan.smallShapes().entrySet()) {
      String name = entry.getKey();
      LinearOperator operator = operators.get(name);
      if (operator == null) {
        all.put(name, small.get(name));
      } else {
        Tensor dense = operator.toDense();
        all.put(name, entry.getValue().length == 1 ? dense.reshape(dense.length()) : dense);
      }
    }
    return apply(all);
  }

  /**
   * Growth by an operator and then by this one, as one operator.
   *
   * @param first from smaller models to the small ones of this
   * @throws IllegalArgumentException if it does not end where this begins, or maps differ by the
   *     layers in the middle
   */
  public GrowthOperator after(GrowthOperator first) {
    return new ComposedGrowth(this, first).operator();
  }

  /**
   * The small weights whose growth comes closest to given large ones in least squares: the inverse
   * of growth where there is one, so that what was grown shrinks back.
   *
   * @param large weights of the large model, not modified
   * @throws IllegalArgumentException if the operator has several terms, or maps that differ by
   *     layer and mixtures that do not belong to them, or a map without full column rank
   */
  public Tensors shrink(Tensors large) {
    return new LeftInverse(this).shrink(large);
  }

  /** Buffers for repeated growth of one small model, with derivatives. */
  public Growth on(Tensors small) {
    return new Growth(this, small);
  }

  /** Whether a parameter of that name belongs to a mixture of layers. */
  static boolean isMixture(String name) {
    return kind(name).startsWith("depth.");
  }

  /** Whether a parameter of that name belongs to a free part. */
  static boolean isAdditive(String name) {
    return kind(name).startsWith("additive.");
  }

  private static String kind(String name) {
    return name.startsWith("terms.")
        ? name.substring(name.indexOf('.', "terms.".length()) + 1)
        : name;
  }

  /** The wanted gradients of a coupled term by name of its cores. */
  static Tensors coupledGradients(int term, Tensors gradients) {
    Tensors wanted = Tensors.empty();
    String prefix = COUPLED + term + ".";
    gradients.forEach(
        (name, gradient) -> {
          if (name.startsWith(prefix)) {
            wanted.put(name.substring(prefix.length()), gradient);
          }
        });
    return wanted;
  }

  Sinks sinks(Tensors gradients) {
    for (String name : gradients.names()) {
      if (!parameters.contains(name)
          || !java.util.Arrays.equals(parameters.get(name).shape(), gradients.get(name).shape())) {
        throw new IllegalArgumentException(
            "gradient \""
                + name
                + "\": given "
                + gradients.get(name)
                + ", expected a parameter of the operator in its shape; there are "
                + parameters);
      }
    }
    return new Sinks(owned, gradients);
  }

  private void own(String prefix, LinearOperator operator) {
    if (operator instanceof GroupedHeads grouped
        && grouped.keys() instanceof ParametricOperator p) {
      // The numbers are those of the map of the key heads, under its names.
      own(prefix, p);
      owned.put(grouped, owned.get(p));
      return;
    }
    if (operator instanceof ParametricOperator p && !owned.containsKey(p)) {
      Map<String, String> names = new LinkedHashMap<>();
      p.parameters()
          .forEach(
              (name, tensor) -> {
                names.put(name, prefix + "." + name);
                parameters.put(prefix + "." + name, tensor);
              });
      owned.put(p, names);
    }
  }

  /** A tensor as a matrix: a vector has one column. */
  static int[] matrixShape(int[] shape) {
    return shape.length == 1 ? new int[] {shape[0], 1} : shape;
  }

  static Tensor stack(DType dtype, int layers, int[] shape) {
    int[] matrix = matrixShape(shape);
    return Tensor.zeros(dtype, layers, matrix[0], matrix[1]);
  }
}
