package org.quadrille.lowrank.spectrum;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.Tensor;

/**
 * How much two subspaces have in common, each given by an orthonormal basis in columns, such as
 * singular vectors.
 *
 * {@snippet :
 * Tensor first = Svd.exact(a).v();
 * Tensor second = Svd.exact(b).v();
 * double same = SubspaceSimilarity.of(first.slice(1, 0, 8), second.slice(1, 0, 8));
 * }
 */
public final class SubspaceSimilarity {
  private SubspaceSimilarity() {}

  /**
   * {@code |U^T V|_F^2 / min(i, j)} for i and j columns: 1 if the smaller space lies in the larger,
   * 0 if they are orthogonal (Hu et al., LoRA, 2021, section 7.2). The mean of the squared cosines
   * of the principal angles.
   *
   * @param u shape [n, i], orthonormal columns
   * @param v shape [n, j], orthonormal columns
   * @throws IllegalArgumentException if a basis is empty, not orthonormal, or shapes do not fit
   */
  public static double of(Tensor u, Tensor v) {
    Tensor product = product(u, v);
    double norm = Norms.frobenius(product);
    return norm * norm / Math.min(u.size(1), v.size(1));
  }

  /**
   * The similarity of the first i columns of one basis and the first j of another, for all i and j:
   * the picture of Hu et al., figure 3. O(n i j).
   *
   * @param u shape [n, a], orthonormal columns
   * @param v shape [n, b], orthonormal columns
   * @return shape [a, b] of doubles; entry (i - 1, j - 1) belongs to i and j columns
   * @throws IllegalArgumentException as {@link #of}
   */
  public static Tensor table(Tensor u, Tensor v) {
    Tensor cosines = product(u, v);
    int a = u.size(1);
    int b = v.size(1);
    Tensor table = Tensor.zeros(DType.F64, a, b);
    double[] above = new double[b];
    for (int i = 0; i < a; i++) {
      double row = 0;
      for (int j = 0; j < b; j++) {
        double cosine = cosines.get(i, j);
        row += cosine * cosine;
        above[j] += row;
        table.set(above[j] / Math.min(i + 1, j + 1), i, j);
      }
    }
    return table;
  }

  /**
   * The principal angles between two subspaces in radians, ascending, from 0 to pi/2, one for each
   * column of the smaller basis.
   *
   * <p>Large ones from their cosines, the singular values of {@code U^T V}, small ones from their
   * sines, those of {@code V - U U^T V}, so that both are accurate (Bjorck and Golub, Numerical
   * methods for computing angles between linear subspaces, Math. Comp. 27, 1973).
   *
   * @param u shape [n, i], orthonormal columns
   * @param v shape [n, j], orthonormal columns
   * @throws IllegalArgumentException as {@link #of}
   */
  public static double[] principalAngles(Tensor u, Tensor v) {
    if (u.rank() == 2 && v.rank() == 2 && u.size(1) < v.size(1)) {
      return principalAngles(v, u);
    }
    Tensor product = product(u, v);
    double[] cosines = Svd.values(product).toDoubles();
    Tensor rest = v.to(DType.F64).copy();
    MatrixProduct.multiply(-1, u.to(DType.F64), product, 1, rest);
    double[] sines = Svd.values(rest).toDoubles();
    double[] angles = new double[cosines.length];
    for (int i = 0; i < angles.length; i++) {
      double cosine = Math.min(1, cosines[i]);
      double sine = Math.min(1, sines[sines.length - 1 - i]);
      angles[i] = cosine * cosine < 0.5 ? StrictMath.acos(cosine) : StrictMath.asin(sine);
    }
    return angles;
  }

  private static Tensor product(Tensor u, Tensor v) {
    checkBasis("u", u);
    checkBasis("v", v);
    if (u.size(0) != v.size(0)) {
      throw new IllegalArgumentException(
          "bases " + u + " and " + v + ": expected vectors of equal length");
    }
    return MatrixProduct.multiply(u.to(DType.F64).transpose(), v.to(DType.F64));
  }

  private static void checkBasis(String name, Tensor basis) {
    if (basis.rank() != 2 || basis.size(1) == 0 || basis.size(1) > basis.size(0)) {
      throw new IllegalArgumentException(
          name + ": given " + basis + ", expected shape [n, k] with 1 <= k <= n");
    }
    Tensor wide = basis.to(DType.F64);
    Tensor gram = MatrixProduct.multiply(wide.transpose(), wide);
    for (int i = 0; i < gram.size(0); i++) {
      gram.set(gram.get(i, i) - 1, i, i);
    }
    double allowed = basis.dtype() == DType.F32 ? 1e-4 : 1e-8;
    double departure = Norms.max(gram);
    if (!(departure <= allowed)) {
      throw new IllegalArgumentException(
          name
              + ": columns are off from orthonormal by "
              + departure
              + ", expected at most "
              + allowed
              + "; pass the Q of Qr.decompose");
    }
  }
}
