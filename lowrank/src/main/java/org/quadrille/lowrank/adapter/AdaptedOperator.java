package org.quadrille.lowrank.adapter;

import org.quadrille.kernels.cpu.DropoutMask;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.OperatorChecks;
import org.quadrille.linalg.ParametricOperator;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * A frozen map with a trained update beside it, {@code V = W + s L A} with {@code L = diag(b) B
 * diag(d)}, and with norms of rows of their own {@code diag(m / c) V}, where c are the row norms of
 * V. Its parameters are what is learned: {@code left} (B), {@code right} (A), {@code inner} (d),
 * {@code outer} (b) and {@code magnitude} (m), as far as the form has them.
 *
 * <p>The gradient of the frozen map is never computed. Cost for k columns: that of W plus {@code 2
 * r (m + n) k} flops, three times that in training; with magnitudes {@code 2 m n r} more for the
 * row norms, and in training one more product with W for the gradient of m. Concurrent application
 * is safe while no training step is under way.
 */
public final class AdaptedOperator implements ParametricOperator {
  static final String LEFT = "left";
  static final String RIGHT = "right";
  static final String INNER = "inner";
  static final String OUTER = "outer";
  static final String MAGNITUDE = "magnitude";

  private final AdapterParts parts;
  private final Workspaces workspaces = new Workspaces();
  private LinearOperator base;
  private double[] baseSquares;
  private DropoutMask mask;

  AdaptedOperator(LinearOperator base, AdapterParts parts) {
    this.parts = parts;
    rebase(base);
  }

  /** Puts the adapter beside another map. */
  void rebase(LinearOperator newBase) {
    base = newBase;
    baseSquares =
        parts.magnitude() == null ? null : RowNorms.squares(newBase.toDense().to(DType.F64));
  }

  /** What the adapter drops of its input from now on; null for nothing. */
  void dropping(DropoutMask newMask) {
    mask = newMask;
  }

  /** The frozen map. */
  public LinearOperator base() {
    return base;
  }

  /** The factors and vectors of the update, shared. */
  public AdapterParts parts() {
    return parts;
  }

  /** The update {@code s L A} alone, without magnitudes; its left factor is a copy. */
  public LowRank update() {
    return LowRank.of(parts.effectiveLeft(), parts.right(), parts.scale());
  }

  @Override
  public int rows() {
    return base.rows();
  }

  @Override
  public int cols() {
    return base.cols();
  }

  @Override
  public DType dtype() {
    return base.dtype();
  }

  @Override
  public Tensor apply(Tensor x, Tensor out) {
    return apply(1, x, 0, out);
  }

  @Override
  public Tensor apply(double alpha, Tensor x, double beta, Tensor out) {
    OperatorChecks.check(this, x, out, rows(), cols(), "apply");
    Tensor columns = columns(x);
    Tensor result = columns(out);
    Workspaces.Set space = workspaces.take();
    if (parts.magnitude() == null) {
      plain(alpha, columns, beta, result, space);
    } else {
      Tensor v = space.batch("v", dtype(), rows(), columns.size(1));
      plain(1, columns, 0, v, space);
      FeatureLoops.scale(alpha, gains(space), v, beta, result);
    }
    workspaces.giveBack(space);
    return out;
  }

  /** {@code out := alpha V x + beta out}. */
  private void plain(double alpha, Tensor x, double beta, Tensor out, Workspaces.Set space) {
    base.apply(alpha, x, beta, out);
    if (parts.rank() == 0) {
      return;
    }
    Tensor u = space.batch("u", dtype(), parts.rank(), x.size(1));
    MatrixProduct.multiply(1, parts.right(), dropped(x, space), 0, u);
    MatrixProduct.multiply(alpha * parts.scale(), left(space), u, 1, out);
  }

  @Override
  public Tensor applyTransposed(Tensor y, Tensor out) {
    return applyTransposed(1, y, 0, out);
  }

  @Override
  public Tensor applyTransposed(double alpha, Tensor y, double beta, Tensor out) {
    OperatorChecks.check(this, y, out, cols(), rows(), "applyTransposed");
    Workspaces.Set space = workspaces.take();
    Tensor g = scaled(columns(y), space);
    Tensor result = columns(out);
    base.applyTransposed(alpha, g, beta, result);
    if (parts.rank() > 0) {
      Tensor back = space.batch("u", dtype(), parts.rank(), g.size(1));
      MatrixProduct.multiply(1, left(space).transpose(), g, 0, back);
      double scale = alpha * parts.scale();
      if (mask == null) {
        MatrixProduct.multiply(scale, parts.right().transpose(), back, 1, result);
      } else {
        Tensor whole = space.batch("x", dtype(), cols(), g.size(1));
        MatrixProduct.multiply(scale, parts.right().transpose(), back, 0, whole);
        FeatureLoops.drop(mask, whole, 1, result);
      }
    }
    workspaces.giveBack(space);
    return out;
  }

  @Override
  public Tensors parameters() {
    return parts.trained();
  }

  @Override
  public void accumulateGradients(Tensor x, Tensor gradY, Tensors gradients) {
    OperatorChecks.check(this, x, gradY, rows(), cols(), "accumulateGradients");
    Workspaces.Set space = workspaces.take();
    Tensor columns = columns(x);
    Tensor g = columns(gradY);
    double[] pull = parts.magnitude() == null ? null : magnitudes(columns, g, gradients, space);
    factors(dropped(columns, space), scaled(g, space), pull, gradients, space);
    workspaces.giveBack(space);
  }

  /**
   * Adds the gradient of the magnitudes, {@code dm_i = <dW'_i, v_i> / c_i}.
   *
   * @return q with {@code dV = diag(m / c) dW' - diag(q) V}, or null if norms are constants
   */
  private double[] magnitudes(Tensor x, Tensor g, Tensors gradients, Workspaces.Set space) {
    Tensor v = space.batch("v", dtype(), rows(), x.size(1));
    plain(1, x, 0, v, space);
    double[] along = space.array("along", rows());
    FeatureLoops.dots(g, v, along);
    double[] c = norms(space);
    Tensor target = gradients.get(MAGNITUDE);
    for (int i = 0; i < rows(); i++) {
      target.set(target.get(i) + along[i] / c[i], i);
    }
    if (!parts.fullNorms()) {
      return null;
    }
    for (int i = 0; i < rows(); i++) {
      along[i] *= parts.magnitude().get(i) / (c[i] * c[i] * c[i]);
    }
    return along;
  }

  /** Adds the gradients of factors and vectors; x is already dropped, g scaled. */
  private void factors(Tensor x, Tensor g, double[] pull, Tensors gradients, Workspaces.Set space) {
    if (parts.rank() == 0) {
      return;
    }
    Tensor left = left(space);
    int r = parts.rank();
    int k = x.size(1);
    if (parts.needsLeft()) {
      Tensor u = space.batch("u", dtype(), r, k);
      MatrixProduct.multiply(1, parts.right(), x, 0, u);
      // dL = s g (A x)^T
      if (parts.isPlain() && pull == null) {
        MatrixProduct.multiply(parts.scale(), g, u.transpose(), 1, gradients.get(LEFT));
      } else {
        Tensor dleft = space.matrix("dleft", dtype(), rows(), r);
        MatrixProduct.multiply(parts.scale(), g, u.transpose(), 0, dleft);
        if (pull != null) {
          subtractNormFromLeft(pull, left, dleft, space);
        }
        parts.addGradients(dleft, gradients);
      }
    }
    if (parts.needsRight()) {
      // dA = s (L^T g) x^T
      Tensor back = space.batch("u", dtype(), r, k);
      MatrixProduct.multiply(1, left.transpose(), g, 0, back);
      Tensor target = gradients.get(RIGHT);
      MatrixProduct.multiply(parts.scale(), back, x.transpose(), 1, target);
      if (pull != null) {
        // dA := dA - s (diag(q) L)^T (W + s L A)
        Tensor pulled = pulled(pull, left, space);
        Tensor w = space.matrix("pulledBase", dtype(), cols(), r);
        base.applyTransposed(1, pulled, 0, w);
        Arithmetic.axpy(-parts.scale(), w.transpose(), target);
        Tensor core = space.matrix("core", dtype(), r, r);
        MatrixProduct.multiply(1, pulled.transpose(), left, 0, core);
        MatrixProduct.multiply(-parts.scale() * parts.scale(), core, parts.right(), 1, target);
      }
    }
  }

  /** {@code dL := dL - s diag(q) (W + s L A) A^T}. */
  private void subtractNormFromLeft(double[] q, Tensor left, Tensor dleft, Workspaces.Set space) {
    Tensor products = products(space);
    Tensor gram = gram(space);
    Tensor va = space.matrix("va", dtype(), rows(), parts.rank());
    va.assign(products);
    MatrixProduct.multiply(parts.scale(), left, gram, 1, va);
    FeatureLoops.scale(1, q, va, 0, va);
    Arithmetic.axpy(-parts.scale(), va, dleft);
  }

  private Tensor pulled(double[] q, Tensor left, Workspaces.Set space) {
    Tensor pulled = space.matrix("pulled", dtype(), rows(), parts.rank());
    FeatureLoops.scale(1, q, left, 0, pulled);
    return pulled;
  }

  /** {@code W A^T}. */
  private Tensor products(Workspaces.Set space) {
    Tensor products = space.matrix("products", dtype(), rows(), parts.rank());
    return base.apply(1, parts.right().transpose(), 0, products);
  }

  private Tensor gram(Workspaces.Set space) {
    Tensor gram = space.matrix("gram", dtype(), parts.rank(), parts.rank());
    return MatrixProduct.multiply(1, parts.right(), parts.right().transpose(), 0, gram);
  }

  private double[] norms(Workspaces.Set space) {
    double[] c = space.array("norms", rows());
    RowNorms.compute(
        base,
        baseSquares,
        left(space),
        parts.right(),
        parts.scale(),
        products(space),
        space.matrix("gram", dtype(), parts.rank(), parts.rank()),
        c);
    return c;
  }

  /** {@code m / c}. */
  private double[] gains(Workspaces.Set space) {
    double[] c = norms(space);
    for (int i = 0; i < c.length; i++) {
      c[i] = parts.magnitude().get(i) / c[i];
    }
    return c;
  }

  /** {@code diag(m / c) y}, or y itself without magnitudes. */
  private Tensor scaled(Tensor y, Workspaces.Set space) {
    if (parts.magnitude() == null) {
      return y;
    }
    Tensor scaled = space.batch("scaled", dtype(), rows(), y.size(1));
    FeatureLoops.scale(1, gains(space), y, 0, scaled);
    return scaled;
  }

  private Tensor dropped(Tensor x, Workspaces.Set space) {
    if (mask == null) {
      return x;
    }
    Tensor dropped = space.batch("dropped", dtype(), cols(), x.size(1));
    FeatureLoops.drop(mask, x, dropped);
    return dropped;
  }

  private Tensor left(Workspaces.Set space) {
    return parts.isPlain()
        ? parts.left()
        : parts.effectiveLeft(space.matrix("left", dtype(), rows(), parts.rank()));
  }

  private static Tensor columns(Tensor x) {
    return x.rank() == 1 ? x.reshape(x.size(0), 1) : x;
  }

  /**
   * The map as one matrix: summed in double and rounded once.
   *
   * @throws ArithmeticException if an element is not finite
   */
  @Override
  public Tensor toDense() {
    Tensor merged = base.toDense().to(DType.F64);
    Tensor left = parts.effectiveLeft().to(DType.F64);
    MatrixProduct.multiply(parts.scale(), left, parts.right().to(DType.F64), 1, merged);
    if (parts.magnitude() != null) {
      double[] squares = RowNorms.squares(merged);
      for (int i = 0; i < rows(); i++) {
        Arithmetic.scale(parts.magnitude().get(i) / Math.sqrt(squares[i]), merged.row(i));
      }
    }
    try {
      return Norms.requireFinite("merged weight", merged.to(dtype()));
    } catch (IllegalArgumentException e) {
      throw (ArithmeticException) new ArithmeticException(e.getMessage()).initCause(e);
    }
  }

  @Override
  public long parameterCount() {
    return base.parameterCount() + parts.count();
  }

  @Override
  public long storageBits() {
    return base.storageBits() + parts.count() * dtype().bits();
  }

  @Override
  public long flops(long k) {
    long r = parts.rank();
    long own = 2 * r * ((long) rows() + cols()) * k;
    long norms = parts.magnitude() == null ? 0 : base.flops(r) + rows() * (2 * r * r + k);
    return base.flops(k) + own + norms;
  }

  @Override
  public String toString() {
    return "AdaptedOperator(" + base + ", " + parts + ")";
  }
}
