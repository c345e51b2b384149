package org.quadrille.lowrank.spectrum;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.Tensor;

/**
 * Intruder dimensions: leading singular vectors of a finetuned matrix that resemble none of the
 * base (Shuttleworth et al., LoRA vs Full Fine-tuning: An Illusion of Equivalence, 2024).
 *
 * <p>The j-th left singular vector of the tuned matrix, j &lt; k, is an intruder if its largest
 * absolute cosine with any left singular vector of the base is below a threshold. Adapters leave
 * more of them than full finetuning, and scaling them down undoes some forgetting.
 *
 * {@snippet :
 * IntruderReport report = IntruderReport.of(base, tuned, 10, 0.5);
 * Tensor milder = report.mitigate(0.75); // tuned + (0.75 - 1) sum of sigma_j u_j v_j^T
 * }
 */
public final class IntruderReport {
  private final Tensor tuned;
  private final Svd leading;
  private final double[] cosines;
  private final double threshold;

  private IntruderReport(Tensor tuned, Svd leading, double[] cosines, double threshold) {
    this.tuned = tuned;
    this.leading = leading;
    this.cosines = cosines;
    this.threshold = threshold;
  }

  /**
   * Compares left singular vectors. Two singular value decompositions in double precision.
   *
   * @param base shape [m, n], not modified
   * @param tuned of the same shape and dtype, not modified
   * @param k vectors of the tuned matrix to look at, at least 1; cut to min(m, n). 10 is usual
   * @param threshold of the cosine, above 0 and at most 1. 0.5 is usual
   * @throws IllegalArgumentException if shapes differ, elements are not finite, or a number is
   *     outside its range
   */
  public static IntruderReport of(Tensor base, Tensor tuned, int k, double threshold) {
    check(base, tuned, k, threshold);
    return compare(Svd.exact(base.to(DType.F64)).u(), tuned, k, threshold);
  }

  /**
   * The same for right singular vectors, which live on the inputs.
   *
   * @throws IllegalArgumentException as {@link #of}
   */
  public static IntruderReport ofInputs(Tensor base, Tensor tuned, int k, double threshold) {
    return of(base.transpose(), tuned.transpose(), k, threshold);
  }

  private static void check(Tensor base, Tensor tuned, int k, double threshold) {
    if (base.rank() != 2
        || !Arrays.equals(base.shape(), tuned.shape())
        || base.dtype() != tuned.dtype()) {
      throw new IllegalArgumentException(
          "base " + base + " and tuned " + tuned + ": expected matrices of one shape and dtype");
    }
    if (k < 1) {
      throw new IllegalArgumentException("k: given " + k + ", expected at least 1 (10 is usual)");
    }
    if (!(threshold > 0 && threshold <= 1)) {
      throw new IllegalArgumentException(
          "threshold: given " + threshold + ", expected above 0 and at most 1 (0.5 is usual)");
    }
    Norms.requireFinite("base", base);
    Norms.requireFinite("tuned", tuned);
  }

  /** From the left singular vectors of the base. */
  private static IntruderReport compare(Tensor baseVectors, Tensor tuned, int k, double threshold) {
    Svd svd = Svd.exact(tuned.to(DType.F64));
    Svd leading = svd.truncate(Math.min(k, svd.rank()));
    Tensor products = MatrixProduct.multiply(leading.u().transpose(), baseVectors);
    double[] cosines = new double[leading.rank()];
    for (int j = 0; j < cosines.length; j++) {
      cosines[j] = Norms.max(products.row(j));
    }
    return new IntruderReport(tuned, leading, cosines, threshold);
  }

  /** Indices of the intruders among the leading singular vectors, ascending. */
  public int[] indices() {
    return IntStream.range(0, cosines.length).filter(j -> cosines[j] < threshold).toArray();
  }

  /** Number of intruders. */
  public int count() {
    return indices().length;
  }

  /** Largest absolute cosine of each leading vector with any vector of the base; a copy. */
  public double[] cosines() {
    return cosines.clone();
  }

  /** The leading singular values of the tuned matrix; a copy. */
  public double[] singularValues() {
    return leading.singularValues().toDoubles();
  }

  /**
   * The tuned matrix with its intruders scaled: {@code W + (lambda - 1) sum sigma_j u_j v_j^T} in
   * double precision, rounded to the dtype of the matrix.
   *
   * @param lambda finite; 1 changes nothing, 0 removes the intruders, 0.75 is usual
   * @throws IllegalArgumentException if lambda is not finite
   */
  public Tensor mitigate(double lambda) {
    if (!Double.isFinite(lambda)) {
      throw new IllegalArgumentException("lambda: given " + lambda + ", expected a finite number");
    }
    int[] found = indices();
    Tensor left = Tensor.zeros(DType.F64, found.length, tuned.size(0));
    Tensor right = Tensor.zeros(DType.F64, found.length, tuned.size(1));
    for (int i = 0; i < found.length; i++) {
      int j = found[i];
      left.row(i).assign(leading.u().transpose().row(j));
      Arithmetic.scale((lambda - 1) * leading.singularValues().get(j), left.row(i));
      right.row(i).assign(leading.v().transpose().row(j));
    }
    Tensor result = tuned.to(DType.F64).copy();
    MatrixProduct.multiply(1, left.transpose(), right, 1, result);
    return result.to(tuned.dtype());
  }
}
