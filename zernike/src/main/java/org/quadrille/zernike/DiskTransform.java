package org.quadrille.zernike;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntConsumer;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.kernels.cpu.device.DeviceMatrix;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.DeviceMappable;
import org.quadrille.linalg.Diagonal;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.OperatorChecks;
import org.quadrille.linalg.OperatorProgram;
import org.quadrille.linalg.Product;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Transposed;

/**
 * The map from Zernike coefficients of a degree L to values on the tensor grid of a {@link
 * DiskRule}: Fourier transforms over the angles, a matrix for each angular order over the radii.
 * {@link #analyze} goes back, exactly but for rounding.
 *
 * {@snippet :
 * DiskTransform transform = DiskTransform.ofDegree(40);
 * double[] samples = transform.rule().sample((x, y) -> Math.exp(x * y)); // 21 rings of 81
 * double[] coefficients = transform.analyze(samples); // of the modes in OSA order, 1 at the edge
 * }
 *
 * <p>Coefficients are those of the plain modes {@code R_d^|m| cos(m theta)}, {@code R_d^|m| sin(|m|
 * theta)} in OSA order {@code j = (d (d + 2) + m) / 2}; samples lie ring by ring from the centre,
 * the K of a ring together. As an operator the transform is the synthesis S, with the exact
 * transpose; {@link #analysis} is {@code D S^T W}, with the weights W of the rule and D the inverse
 * squared norms of the modes (Greengard and Serkh, "Zernike Polynomials: Evaluation, Quadrature,
 * and Interpolation", 2018, section 5).
 *
 * <p><b>Accuracy</b>: analysis of a synthesis returns the coefficients to some 2e-14 of their norm
 * at degree 64, 2e-13 at degree 512. <b>Cost</b>: some L^3 / 2 flops a function for the radii, 10
 * L^2 log2 L for the angles; functions in the columns of one tensor share the radial matrices.
 * <b>Bits</b>: the same for every number of threads and for every backend; those of several
 * functions together may differ from those of each alone. <b>Thread safety</b>: immutable, may be
 * applied by several threads.
 */
public final class DiskTransform implements DeviceMappable {
  /** Numbers between angular and radial transforms, at most, unless one function needs more. */
  private static final int MOST_PARTS = 1 << 23;

  /** Up to this degree radial matrices are kept, at most 4 MB: the third-level cache holds them. */
  private static final int LARGEST_KEPT = 160;

  /** Below this degree a transform stays on its thread. */
  private static final int PARALLEL_FROM = 48;

  private final int degree;
  private final DiskRule rule;
  private final double[] weights;
  private final double[] ones;
  private final RadialMatrix[] matrices;
  private final DiskGrid grid;
  private final ScratchPool<Scratch> scratch;

  /** The matrices of all orders, or null: they are then made anew each time. */
  private final double[][] kept;

  /** Memory of a radial task. */
  private record Scratch(double[] matrix, RadialMatrix.Scratch recurrence) {}

  private DiskTransform(int degree, DiskRule rule) {
    this.degree = degree;
    this.rule = rule;
    int rings = rule.radialNodes();
    this.grid = new DiskGrid(degree, rings, rule.angles());
    double[] t = rule.radial().nodes();
    double[] s = rule.radial().complements();
    if (rule.radial().variable() == RadialRule.Variable.RADIUS) {
      for (int i = 0; i < rings; i++) {
        // 1 - r^2 = (1 - r)(1 + r)
        s[i] *= 1 + t[i];
        t[i] *= t[i];
      }
    }
    RadialPowers powers = new RadialPowers(t, s, degree);
    matrices = new RadialMatrix[degree + 1];
    WorkerPool.shared()
        .forEach(
            degree + 1,
            order ->
                matrices[order] = new RadialMatrix(order, (degree - order) / 2 + 1, t, s, powers));
    weights = rule.radial().radialWeights();
    ones = new double[rings];
    for (int i = 0; i < rings; i++) {
      weights[i] *= 1.0 / rule.angles();
      ones[i] = 1;
    }
    int most = degree <= LARGEST_KEPT ? 0 : (degree / 2 + 1) * rings;
    scratch =
        new ScratchPool<>(() -> new Scratch(new double[most], new RadialMatrix.Scratch(rings)));
    kept = degree <= LARGEST_KEPT ? new double[degree + 1][] : null;
    if (kept != null) {
      RadialMatrix.Scratch recurrence = new RadialMatrix.Scratch(rings);
      for (RadialMatrix matrix : matrices) {
        double[] entries = new double[matrix.count() * matrix.columns()];
        matrix.fill(entries, recurrence);
        kept[matrix.order()] = entries;
      }
    }
  }

  /**
   * The transform on the smallest grid in the squared radius, {@code floor(L / 2) + 1} rings, and
   * at least 2L + 1 angles, a number with fast Fourier transforms.
   *
   * @param degree L, 0 to 8190
   */
  public static DiskTransform ofDegree(int degree) {
    checkDegree(degree);
    return new DiskTransform(
        degree,
        DiskRule.inSquaredRadius(degree / 2 + 1, AngularFourier.fastLength(2 * degree + 1)));
  }

  /**
   * The transform on the grid of a rule.
   *
   * @param degree L, 0 to 8190
   * @param rule at least 2L + 1 angles; rings: at least {@code floor(L / 2) + 1} in the squared
   *     radius, L + 1 in the radius; where its disk lies does not matter
   * @throws IllegalArgumentException if modes of that degree cannot be told apart on the grid
   */
  public static DiskTransform onGrid(int degree, DiskRule rule) {
    checkDegree(degree);
    boolean squared = rule.radial().variable() == RadialRule.Variable.SQUARED_RADIUS;
    int leastRings = squared ? degree / 2 + 1 : degree + 1;
    int leastAngles = 2 * degree + 1;
    if (rule.radialNodes() < leastRings || rule.angles() < leastAngles) {
      throw new IllegalArgumentException(
          rule
              + " for degree "
              + degree
              + ": expected at least "
              + leastRings
              + " rings and "
              + leastAngles
              + " angles; lower the degree, or call allowingAliasing if that is what you want");
    }
    return new DiskTransform(degree, rule);
  }

  /**
   * As {@link #onGrid} for any grid. Where it is too small, analysis mixes modes that look alike on
   * it.
   *
   * @param degree L, 0 to 8190
   * @param rule any
   */
  public static DiskTransform allowingAliasing(int degree, DiskRule rule) {
    checkDegree(degree);
    return new DiskTransform(degree, rule);
  }

  private static void checkDegree(int degree) {
    if (degree < 0 || degree > 8190) {
      throw new IllegalArgumentException("degree: given " + degree + ", expected 0 to 8190");
    }
  }

  /** L. */
  public int degree() {
    return degree;
  }

  /** The rule whose nodes are the grid. */
  public DiskRule rule() {
    return rule;
  }

  /** M K, the number of samples. */
  @Override
  public int rows() {
    return Math.toIntExact(rule.size());
  }

  /** {@code (L + 1)(L + 2) / 2}, the number of modes. */
  @Override
  public int cols() {
    return (degree + 1) * (degree + 2) / 2;
  }

  @Override
  public DType dtype() {
    return DType.F64;
  }

  /**
   * Values on the grid of the function with given coefficients.
   *
   * @param coefficients of plain modes in OSA order, {@link #cols} finite numbers, not modified
   * @return {@link #rows} values, ring by ring
   */
  public double[] synthesize(double[] coefficients) {
    check("coefficients", coefficients, cols());
    return apply(Tensor.of(coefficients, cols())).doubles();
  }

  /**
   * Coefficients of a function given by its values on the grid: the orthogonal projection in the
   * discrete inner product of the rule.
   *
   * @param samples {@link #rows} finite numbers, ring by ring, not modified
   * @return of plain modes in OSA order, {@link #cols} numbers
   */
  public double[] analyze(double[] samples) {
    check("samples", samples, rows());
    Tensor out = Tensor.zeros(DType.F64, cols());
    return analyze(Tensor.of(samples, rows()), out).doubles();
  }

  /**
   * Coefficients of several functions at once.
   *
   * @param samples shape [rows] or [rows, k], finite, not modified
   * @param out shape [cols] or [cols, k], overwritten; must not share elements with the samples
   * @return out
   */
  public Tensor analyze(Tensor samples, Tensor out) {
    OperatorChecks.check(this, samples, out, cols(), rows(), "analyze");
    OperatorChecks.checkSeparate(samples, out, "analyze");
    analyze(samples, out, weights, true);
    return out;
  }

  /** Values of a function at the grid, as {@link #analyze(double[])} takes them. */
  public double[] sample(DoubleBinaryOperator f) {
    return rule.sample(f);
  }

  private static void check(String name, double[] given, int expected) {
    if (given.length != expected) {
      throw new IllegalArgumentException(
          name + ": given " + given.length + " numbers, expected " + expected);
    }
    for (int i = 0; i < given.length; i++) {
      if (!Double.isFinite(given[i])) {
        throw new IllegalArgumentException(
            name + ": number " + i + " is " + given[i] + ", expected finite numbers");
      }
    }
  }

  @Override
  public Tensor apply(Tensor x, Tensor out) {
    OperatorChecks.check(this, x, out, rows(), cols(), "apply");
    OperatorChecks.checkSeparate(x, out, "apply");
    inBatches(x, (start, count) -> synthesize(x, out, start, count));
    return out;
  }

  @Override
  public Tensor applyTransposed(Tensor y, Tensor out) {
    OperatorChecks.check(this, y, out, cols(), rows(), "applyTransposed");
    OperatorChecks.checkSeparate(y, out, "applyTransposed");
    analyze(y, out, ones, false);
    return out;
  }

  private void analyze(Tensor samples, Tensor out, double[] factors, boolean normalize) {
    inBatches(samples, (start, count) -> analyze(samples, out, factors, normalize, start, count));
  }

  /** A pass over some columns of the operands. */
  private interface Batch {
    void run(int start, int count);
  }

  private void inBatches(Tensor x, Batch batch) {
    int functions = x.rank() == 1 ? 1 : x.size(1);
    long each = (degree + 1L) * 2 * rule.radialNodes();
    int together = (int) Math.max(1, MOST_PARTS / each);
    for (int start = 0; start < functions; start += together) {
      batch.run(start, Math.min(together, functions - start));
    }
  }

  private static int columnStride(Tensor x) {
    return x.rank() == 1 ? 1 : x.stride(1);
  }

  private double[] newParts(int functions) {
    return new double[Math.multiplyExact((degree + 1) * 2 * functions, rule.radialNodes())];
  }

  private void forEach(int tasks, IntConsumer task) {
    if (degree < PARALLEL_FROM) {
      for (int i = 0; i < tasks; i++) {
        task.accept(i);
      }
    } else {
      WorkerPool.shared().forEach(tasks, task);
    }
  }

  private void analyze(
      Tensor samples, Tensor out, double[] factors, boolean normalize, int start, int functions) {
    double[] parts = newParts(functions);
    int rings = rule.radialNodes();
    forEach(
        functions * grid.blocks(),
        task -> {
          int function = task / grid.blocks();
          grid.analyze(
              task % grid.blocks(),
              samples.doubles(),
              samples.offset() + (start + function) * columnStride(samples),
              samples.stride(0),
              factors,
              new DiskGrid.Part(parts, function, functions, rings));
        });
    forEach(
        degree + 1,
        order -> {
          double[] sums = radialAnalysis(matrices[order], parts, functions);
          CoefficientBlock block = new CoefficientBlock(degree, order, functions);
          if (normalize) {
            block.normalize(sums);
          }
          block.scatter(sums, out, start);
        });
  }

  private void synthesize(Tensor x, Tensor out, int start, int functions) {
    double[] parts = newParts(functions);
    int rings = rule.radialNodes();
    forEach(
        degree + 1,
        order -> {
          double[] coefficients = new CoefficientBlock(degree, order, functions).gather(x, start);
          radialSynthesis(matrices[order], coefficients, parts, functions);
        });
    forEach(
        functions * grid.blocks(),
        task -> {
          int function = task / grid.blocks();
          grid.synthesize(
              task % grid.blocks(),
              new DiskGrid.Part(parts, function, functions, rings),
              out.doubles(),
              out.offset() + (start + function) * columnStride(out),
              out.stride(0));
        });
  }

  /**
   * {@code C := R X^T}, R of shape [n, i] for one order, X its parts [2B, i]; C of shape [n, 2B].
   */
  private double[] radialAnalysis(RadialMatrix radial, double[] parts, int functions) {
    int rings = rule.radialNodes();
    int columns = radial.columns();
    int width = 2 * functions;
    int at = radial.order() * width * rings + radial.first();
    double[] sums = new double[radial.count() * width];
    Scratch memory = scratch.borrow();
    double[] r = entries(radial, memory);
    Kernels kernels = KernelProvider.active();
    if (functions == 1) {
      for (int part = 0; part < 2; part++) {
        kernels.gemv(
            radial.count(),
            columns,
            1,
            r,
            0,
            columns,
            1,
            parts,
            at + part * rings,
            1,
            0,
            sums,
            part,
            2);
      }
    } else {
      kernels.gemm(
          radial.count(),
          width,
          columns,
          1,
          r,
          0,
          columns,
          1,
          parts,
          at,
          1,
          rings,
          0,
          sums,
          0,
          width,
          1);
    }
    scratch.giveBack(memory);
    return sums;
  }

  private double[] entries(RadialMatrix radial, Scratch memory) {
    if (kept != null) {
      return kept[radial.order()];
    }
    radial.fill(memory.matrix, memory.recurrence);
    return memory.matrix;
  }

  /** {@code X := C^T R}, shapes as in {@link #radialAnalysis}. */
  private void radialSynthesis(
      RadialMatrix radial, double[] coefficients, double[] parts, int functions) {
    int rings = rule.radialNodes();
    int columns = radial.columns();
    int width = 2 * functions;
    int at = radial.order() * width * rings + radial.first();
    Scratch memory = scratch.borrow();
    double[] r = entries(radial, memory);
    Kernels kernels = KernelProvider.active();
    if (functions == 1) {
      for (int part = 0; part < 2; part++) {
        kernels.gemv(
            columns,
            radial.count(),
            1,
            r,
            0,
            1,
            columns,
            coefficients,
            part,
            2,
            0,
            parts,
            at + part * rings,
            1);
      }
    } else {
      kernels.gemm(
          width,
          columns,
          radial.count(),
          1,
          coefficients,
          0,
          1,
          width,
          r,
          0,
          columns,
          1,
          0,
          parts,
          at,
          rings,
          1);
    }
    scratch.giveBack(memory);
  }

  /**
   * Radial matrices and Fourier sums as products.
   *
   * @throws UnsupportedOperationException above degree 640, whose radial matrices take a gigabyte
   */
  @Override
  public void emit(
      OperatorProgram program,
      boolean transposed,
      double alpha,
      DeviceMatrix x,
      double beta,
      DeviceMatrix out) {
    new DiskProgram(degree, rule.radialNodes(), rule.angles(), matrices, this::entriesOf)
        .emit(program, transposed, alpha, x, beta, out);
  }

  private double[] entriesOf(RadialMatrix radial) {
    Scratch memory = scratch.borrow();
    int length = radial.count() * radial.columns();
    double[] copy = Arrays.copyOf(entries(radial, memory), length);
    scratch.giveBack(memory);
    return copy;
  }

  /**
   * The operator of {@link #analyze(double[])}, {@code D S^T W}: a left inverse of this one unless
   * there is aliasing.
   */
  public LinearOperator analysis() {
    Tensor w = Tensor.zeros(DType.F64, rows());
    for (int i = 0; i < rows(); i++) {
      w.doubles()[i] = weights[i / rule.angles()];
    }
    Tensor d = Tensor.zeros(DType.F64, cols());
    for (int order = 0; order <= degree; order++) {
      CoefficientBlock block = new CoefficientBlock(degree, order, 1);
      double[] norms = new double[2 * matrices[order].count()];
      Arrays.fill(norms, 1);
      block.normalize(norms);
      block.scatter(norms, d, 0);
    }
    return Product.of(Diagonal.of(d), Transposed.of(this), Diagonal.of(w));
  }

  @Override
  public Tensor toDense() {
    Tensor identity = Tensor.zeros(DType.F64, cols(), cols());
    for (int j = 0; j < cols(); j++) {
      identity.set(1, j, j);
    }
    return apply(identity);
  }

  /** Nodes and weights of the rule. */
  @Override
  public long parameterCount() {
    return 2L * rule.radialNodes();
  }

  @Override
  public long storageBits() {
    return parameterCount() * dtype().bits();
  }

  @Override
  public long flops(long k) {
    long radial = 0;
    long entries = 0;
    for (RadialMatrix matrix : matrices) {
      entries += (long) matrix.count() * matrix.columns();
    }
    // two parts a function, and the entries themselves, five operations each
    radial += entries * (4 * k + 5);
    double angular = 2.5 * rule.size() * (Math.log(rule.angles()) / Math.log(2) + 1);
    return radial + Math.round(angular) * k;
  }

  @Override
  public String toString() {
    return "DiskTransform[degree " + degree + " on " + rule + "]";
  }
}
