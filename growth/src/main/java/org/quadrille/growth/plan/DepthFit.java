package org.quadrille.growth.plan;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quadrille.growth.GrowthOperator;
import org.quadrille.growth.GrowthOrder;
import org.quadrille.growth.GrowthPlan;
import org.quadrille.growth.GrowthTerm;
import org.quadrille.growth.TensorRule;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.SymmetricEigen;
import org.quadrille.linalg.Tensor;

/**
 * The mixtures of layers that bring the layers of one model nearest to those of another of the same
 * width: for each kind of tensor
 *
 * <pre>  min over w of  sum over l  |T_l - sum over j  w_lj S_j|_F^2,</pre>
 *
 * solved through the Gram matrix of the source layers in double precision; of several solutions the
 * one of least norm. A depth operator of LiGO (P. Wang et al., ICLR 2023, equation 8) with a known
 * goal.
 *
 * {@snippet :
 * DepthFit fit = DepthFit.of(small, large);
 * int[] nearest = fit.kinds().getFirst().largest(); // source layer of the largest weight, each row
 * }
 *
 * @param kinds one for each kind of tensor in the layers
 */
public record DepthFit(List<Kind> kinds) {
  /**
   * Share of the largest eigenvalue of a Gram matrix below which one is taken for 0: sums of
   * millions of products round to some 1e-13.
   */
  private static final double DEPENDENT = 1e-12;

  /**
   * The fit of one kind of tensor.
   *
   * @param name of the mixture, such as {@code attention.query.weight}
   * @param matrix whether the tensors are matrices
   * @param mixture w, shape [target layers, source layers]
   * @param residual {@code |T_l - fit| / |T_l|} of each target layer; 0 if T_l is zero
   * @param cosine of each pair of layers, shape as the mixture; 0 where one is zero
   */
  public record Kind(
      String name, boolean matrix, Tensor mixture, double[] residual, Tensor cosine) {

    /** The source layer of the largest absolute weight of each row; the first among equals. */
    public int[] largest() {
      int[] largest = new int[mixture.size(0)];
      for (int l = 0; l < largest.length; l++) {
        for (int j = 1; j < mixture.size(1); j++) {
          if (Math.abs(mixture.get(l, j)) > Math.abs(mixture.get(l, largest[l]))) {
            largest[l] = j;
          }
        }
      }
      return largest;
    }
  }

  /** Copies the list. */
  public DepthFit {
    kinds = List.copyOf(kinds);
  }

  /**
   * Fits every kind of tensor that both models have in their layers, one after the other.
   *
   * @throws IllegalArgumentException if they have none in common, or a shape differs
   */
  public static DepthFit of(PlannedModel source, PlannedModel target) throws IOException {
    List<Kind> kinds = new ArrayList<>();
    for (TensorRule rule : common(source, target)) {
      kinds.add(
          fit(
              rule.depth(),
              stack(source, rule, source.layers()),
              stack(target, rule, target.layers()),
              rule.axes().size() == 2));
    }
    return new DepthFit(kinds);
  }

  /** The rules of tensors in layers that both models have. */
  static List<TensorRule> common(PlannedModel source, PlannedModel target) {
    List<String> names = target.rules().stream().map(TensorRule::name).toList();
    List<TensorRule> common =
        source.rules().stream()
            .filter(rule -> rule.inLayers() && names.contains(rule.name()))
            .toList();
    if (common.isEmpty()) {
      throw new IllegalArgumentException(
          "models of the plans "
              + source.plan().name()
              + " and "
              + target.plan().name()
              + " have no kind of tensor in common");
    }
    return common;
  }

  /** Layers as rows, in double precision. */
  private static Tensor stack(PlannedModel model, TensorRule rule, int layers) throws IOException {
    Tensor rows = null;
    for (int l = 0; l < layers; l++) {
      Tensor layer = model.read(rule.name(l), DType.F64);
      if (!layer.isFinite()) {
        throw new IllegalArgumentException(
            "tensor \"" + rule.name(l) + "\" has a NaN or infinite element");
      }
      rows = rows == null ? Tensor.zeros(DType.F64, layers, layer.length()) : rows;
      rows.row(l).assign(layer.reshape(layer.length()));
    }
    return rows;
  }

  /**
   * The fit of layers that are given as rows.
   *
   * @param source shape [source layers, elements], F64
   * @param target shape [target layers, elements], F64
   */
  static Kind fit(String name, Tensor source, Tensor target, boolean matrix) {
    if (source.size(1) != target.size(1)) {
      throw new IllegalArgumentException(
          "\""
              + name
              + "\": layers of "
              + source.size(1)
              + " and of "
              + target.size(1)
              + " elements; a mixture of layers needs models of equal widths");
    }
    Tensor gram = MatrixProduct.multiply(source, source.transpose());
    Tensor mixed = MatrixProduct.multiply(target, source.transpose());
    Tensor mixture = MatrixProduct.multiply(mixed, pseudoInverse(gram));
    Tensor rest = Arithmetic.subtract(target, MatrixProduct.multiply(mixture, source));
    double[] residual = new double[target.size(0)];
    Tensor cosine = Tensor.zeros(DType.F64, target.size(0), source.size(0));
    for (int l = 0; l < residual.length; l++) {
      double norm = norm(target.row(l));
      residual[l] = norm == 0 ? 0 : norm(rest.row(l)) / norm;
      for (int j = 0; j < source.size(0); j++) {
        double product = norm * Math.sqrt(gram.get(j, j));
        cosine.set(product == 0 ? 0 : mixed.get(l, j) / product, l, j);
      }
    }
    return new Kind(name, matrix, mixture, residual, cosine);
  }

  /**
   * {@code V diag(1 / lambda) V^T} over the eigenvalues that are not rounding: layers that are
   * linearly dependent, such as biases of 0, get the mixture of least norm.
   */
  private static Tensor pseudoInverse(Tensor gram) {
    SymmetricEigen eigen = SymmetricEigen.decompose(gram);
    int n = gram.size(0);
    double largest = Math.max(eigen.values().get(0), eigen.values().get(n - 1));
    Tensor scaled = eigen.vectors().copy();
    for (int k = 0; k < n; k++) {
      double value = eigen.values().get(k);
      double inverse = value > DEPENDENT * largest ? 1 / value : 0;
      for (int i = 0; i < n; i++) {
        scaled.set(inverse * scaled.get(i, k), i, k);
      }
    }
    return MatrixProduct.multiply(scaled, eigen.vectors().transpose());
  }

  private static double norm(Tensor x) {
    return Math.sqrt(Arithmetic.dot(x, x));
  }

  /**
   * The fit as a growth operator of a plan: one mixture for each kind, no maps.
   *
   * @param plan between models of one width, whose mixtures are among the kinds
   */
  public GrowthOperator operator(GrowthPlan plan, DType dtype) {
    Map<String, Tensor> known = new LinkedHashMap<>();
    kinds.forEach(kind -> known.put(kind.name(), kind.mixture()));
    GrowthTerm term = GrowthTerm.of(GrowthOrder.WIDTH_FIRST);
    for (String name : plan.depthNames()) {
      if (!known.containsKey(name)) {
        throw new IllegalArgumentException("mixture \"" + name + "\" was not fitted");
      }
      term = term.withDepth(name, Dense.of(known.get(name).to(dtype).copy()));
    }
    return GrowthOperator.of(plan, dtype, term);
  }
}
