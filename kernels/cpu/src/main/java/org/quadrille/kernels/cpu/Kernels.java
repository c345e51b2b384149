package org.quadrille.kernels.cpu;

/**
 * The hot loops of the library over primitive arrays, in single and double precision.
 *
 * <p>Every operand is an array, the offset of its first element and strides, so views and
 * transposes need no copies: element {@code (i, j)} of a matrix {@code a} is {@code a[aOffset + i *
 * aRowStride + j * aColStride]}, element {@code i} of a vector is {@code x[xOffset + i * xStride]}.
 * Strides may be any positive number; an operand that is only read may also have stride 0. The four
 * transpose cases of a product are the four ways to swap the two strides of its factors.
 *
 * <p><b>Bits</b>: each operation has one definition of the order of its floating-point operations;
 * all implementations, thread counts and vector widths give the same bits. <b>Checks</b>: none
 * beyond the array bounds; callers check shapes. <b>Aliasing</b>: an output must not overlap an
 * input unless a method says so. <b>Thread safety</b>: implementations are stateless.
 */
public interface Kernels {

  /** Name for reports: {@code "scalar"} or {@code "simd"}. */
  String name();

  /** Number of {@code float} lanes of one hardware operation; 1 for scalar code. */
  int lanesFloat();

  /** Number of {@code double} lanes of one hardware operation; 1 for scalar code. */
  int lanesDouble();

  /**
   * {@code C := alpha * A * B + beta * C} with A of shape m x k, B of shape k x n, C of shape m x
   * n. Where {@code beta} is 0, C is only written, so its old contents (NaN included) do not
   * matter. Runs on {@link WorkerPool#shared()}. 2mnk flops.
   */
  void gemm(
      int m,
      int n,
      int k,
      float alpha,
      float[] a,
      int aOffset,
      int aRowStride,
      int aColStride,
      float[] b,
      int bOffset,
      int bRowStride,
      int bColStride,
      float beta,
      float[] c,
      int cOffset,
      int cRowStride,
      int cColStride);

  /** Double-precision twin of the float gemm. */
  void gemm(
      int m,
      int n,
      int k,
      double alpha,
      double[] a,
      int aOffset,
      int aRowStride,
      int aColStride,
      double[] b,
      int bOffset,
      int bRowStride,
      int bColStride,
      double beta,
      double[] c,
      int cOffset,
      int cRowStride,
      int cColStride);

  /**
   * {@code C_i := alpha * A_i * B_i + beta * C_i} for {@code count} products of equal shape, with
   * the bits of as many calls of gemm. Operand number i begins {@code i} batch strides after the
   * first; the batch stride of A or B may be 0: one matrix for all. Threads share out the products
   * where there are enough of them. 2mnk flops each.
   */
  default void gemmBatch(
      int count,
      int m,
      int n,
      int k,
      float alpha,
      float[] a,
      int aOffset,
      int aBatchStride,
      int aRowStride,
      int aColStride,
      float[] b,
      int bOffset,
      int bBatchStride,
      int bRowStride,
      int bColStride,
      float beta,
      float[] c,
      int cOffset,
      int cBatchStride,
      int cRowStride,
      int cColStride) {
    ProductBatch.forEach(
        count,
        (double) m * n * k,
        i ->
            gemm(
                m,
                n,
                k,
                alpha,
                a,
                aOffset + i * aBatchStride,
                aRowStride,
                aColStride,
                b,
                bOffset + i * bBatchStride,
                bRowStride,
                bColStride,
                beta,
                c,
                cOffset + i * cBatchStride,
                cRowStride,
                cColStride));
  }

  /** Double-precision twin of the float gemmBatch. */
  default void gemmBatch(
      int count,
      int m,
      int n,
      int k,
      double alpha,
      double[] a,
      int aOffset,
      int aBatchStride,
      int aRowStride,
      int aColStride,
      double[] b,
      int bOffset,
      int bBatchStride,
      int bRowStride,
      int bColStride,
      double beta,
      double[] c,
      int cOffset,
      int cBatchStride,
      int cRowStride,
      int cColStride) {
    ProductBatch.forEach(
        count,
        (double) m * n * k,
        i ->
            gemm(
                m,
                n,
                k,
                alpha,
                a,
                aOffset + i * aBatchStride,
                aRowStride,
                aColStride,
                b,
                bOffset + i * bBatchStride,
                bRowStride,
                bColStride,
                beta,
                c,
                cOffset + i * cBatchStride,
                cRowStride,
                cColStride));
  }

  /**
   * {@code y := alpha * A * x + beta * y} with A of shape m x n; {@code beta} 0 only writes y. 2mn
   * flops.
   */
  void gemv(
      int m,
      int n,
      float alpha,
      float[] a,
      int aOffset,
      int aRowStride,
      int aColStride,
      float[] x,
      int xOffset,
      int xStride,
      float beta,
      float[] y,
      int yOffset,
      int yStride);

  /** Double-precision twin of the float gemv. */
  void gemv(
      int m,
      int n,
      double alpha,
      double[] a,
      int aOffset,
      int aRowStride,
      int aColStride,
      double[] x,
      int xOffset,
      int xStride,
      double beta,
      double[] y,
      int yOffset,
      int yStride);

  /**
   * {@code y := alpha * A * x + beta * y} with A symmetric of shape n x n, of which only the
   * triangle named is read; {@code beta} 0 only writes y. 2n^2 flops, and n^2 / 2 elements read.
   *
   * @param upper whether the elements (i, j) with j >= i are given, else those with j <= i; the
   *     lower triangle of a column-major matrix is the upper one of a row-major matrix
   * @param aRowStride distance of rows; neighbours in a row are adjacent
   */
  void symv(
      boolean upper,
      int n,
      float alpha,
      float[] a,
      int aOffset,
      int aRowStride,
      float[] x,
      int xOffset,
      int xStride,
      float beta,
      float[] y,
      int yOffset,
      int yStride);

  /** Double-precision twin of the float symv. */
  void symv(
      boolean upper,
      int n,
      double alpha,
      double[] a,
      int aOffset,
      int aRowStride,
      double[] x,
      int xOffset,
      int xStride,
      double beta,
      double[] y,
      int yOffset,
      int yStride);

  /** Sum of {@code x[i] * y[i]}; 0 for n = 0. x and y may be the same. */
  float dot(int n, float[] x, int xOffset, int xStride, float[] y, int yOffset, int yStride);

  /** Double-precision twin of the float dot. */
  double dot(int n, double[] x, int xOffset, int xStride, double[] y, int yOffset, int yStride);

  /** {@code y[i] := alpha * x[i] + y[i]}, one fused multiply-add each. */
  void axpy(
      int n, float alpha, float[] x, int xOffset, int xStride, float[] y, int yOffset, int yStride);

  /** Double-precision twin of the float axpy. */
  void axpy(
      int n,
      double alpha,
      double[] x,
      int xOffset,
      int xStride,
      double[] y,
      int yOffset,
      int yStride);

  /** {@code x[i] := alpha * x[i]}. */
  void scale(int n, float alpha, float[] x, int xOffset, int xStride);

  /** Double-precision twin of the float scale. */
  void scale(int n, double alpha, double[] x, int xOffset, int xStride);

  /** Sum of {@code |x[i]|}, accumulated in double. */
  double norm1(int n, float[] x, int xOffset, int xStride);

  /** Double-precision twin of the float norm1. */
  double norm1(int n, double[] x, int xOffset, int xStride);

  /** Square root of the sum of squares, accumulated in double, so no float overflows it. */
  double norm2(int n, float[] x, int xOffset, int xStride);

  /** Euclidean norm that neither overflows nor underflows (rescaled where the plain sum would). */
  double norm2(int n, double[] x, int xOffset, int xStride);

  /** Largest {@code |x[i]|}; 0 for n = 0; NaN if any element is NaN. */
  float normInf(int n, float[] x, int xOffset, int xStride);

  /** Double-precision twin of the float normInf. */
  double normInf(int n, double[] x, int xOffset, int xStride);

  /**
   * {@code B := A^T}: A of shape rows x cols with row stride {@code aRowStride}, B of shape cols x
   * rows, both with unit column stride.
   */
  void transpose(
      int rows,
      int cols,
      float[] a,
      int aOffset,
      int aRowStride,
      float[] b,
      int bOffset,
      int bRowStride);

  /** Double-precision twin of the float transpose. */
  void transpose(
      int rows,
      int cols,
      double[] a,
      int aOffset,
      int aRowStride,
      double[] b,
      int bOffset,
      int bRowStride);

  /**
   * {@code X := L^-1 X} by forward substitution: L lower triangular of shape n x n, X of shape n x
   * k; each {@code x_i := (x_i - (sum over j < i of l_ij x_j)) / l_ii}, the sum one chain of fused
   * multiply-adds from 0. For small n (it is the innermost block of a triangular solve): L is
   * copied. The row and column strides of L and the row stride of X may also be negative, so an
   * upper triangle is solved from its last row. n^2 k flops.
   *
   * @param unitDiagonal whether the diagonal of L is 1 and not read
   */
  default void solveLower(
      int n,
      int k,
      float[] l,
      int lOffset,
      int lRowStride,
      int lColStride,
      boolean unitDiagonal,
      float[] x,
      int xOffset,
      int xRowStride,
      int xColStride) {
    ScalarTriangleFloat.solve(
        n, k, l, lOffset, lRowStride, lColStride, unitDiagonal, x, xOffset, xRowStride, xColStride);
  }

  /** Double-precision twin of the float solveLower. */
  default void solveLower(
      int n,
      int k,
      double[] l,
      int lOffset,
      int lRowStride,
      int lColStride,
      boolean unitDiagonal,
      double[] x,
      int xOffset,
      int xRowStride,
      int xColStride) {
    ScalarTriangleDouble.solve(
        n, k, l, lOffset, lRowStride, lColStride, unitDiagonal, x, xOffset, xRowStride, xColStride);
  }

  /**
   * One update of n weights by Adam in one pass: {@code g := gradient + gradientDecay * theta; mean
   * := beta1 * mean + (1 - beta1) * g; square := beta2 * square + (1 - beta2) * g^2; theta := decay
   * * theta - rate * mean / (sqrt(square) * rootScale + epsilon)}.
   *
   * @param theta modified, like mean and square; the arrays must not overlap
   * @param gradient not modified
   */
  default void adam(
      int n,
      AdamStep step,
      float[] theta,
      int thetaOffset,
      float[] gradient,
      int gradientOffset,
      float[] mean,
      int meanOffset,
      float[] square,
      int squareOffset) {
    UpdateLoopsFloat.SCALAR.adam(
        n,
        step,
        theta,
        thetaOffset,
        gradient,
        gradientOffset,
        mean,
        meanOffset,
        square,
        squareOffset);
  }

  /**
   * One update of n weights by Lion (Chen et al. 2023): {@code theta := decay * theta - rate *
   * sign(beta1 * mean + (1 - beta1) * gradient); mean := beta2 * mean + (1 - beta2) * gradient}.
   * The sign of NaN counts as 0.
   *
   * @param theta modified, like mean
   * @param gradient not modified
   */
  default void lion(
      int n,
      double decay,
      double rate,
      double beta1,
      double beta2,
      float[] theta,
      int thetaOffset,
      float[] gradient,
      int gradientOffset,
      float[] mean,
      int meanOffset) {
    UpdateLoopsFloat.SCALAR.lion(
        n,
        decay,
        rate,
        beta1,
        beta2,
        theta,
        thetaOffset,
        gradient,
        gradientOffset,
        mean,
        meanOffset);
  }

  /**
   * One update of n weights with momentum: {@code mean := momentum * mean + gradient +
   * gradientDecay * theta; theta := decay * theta - rate * mean}.
   *
   * @param theta modified, like mean
   * @param gradient not modified
   */
  default void momentum(
      int n,
      double decay,
      double gradientDecay,
      double rate,
      double momentum,
      float[] theta,
      int thetaOffset,
      float[] gradient,
      int gradientOffset,
      float[] mean,
      int meanOffset) {
    UpdateLoopsFloat.SCALAR.momentum(
        n,
        decay,
        gradientDecay,
        rate,
        momentum,
        theta,
        thetaOffset,
        gradient,
        gradientOffset,
        mean,
        meanOffset);
  }

  /** {@code theta := decay * theta - rate * (gradient + gradientDecay * theta)} of n weights. */
  default void descend(
      int n,
      double decay,
      double gradientDecay,
      double rate,
      float[] theta,
      int thetaOffset,
      float[] gradient,
      int gradientOffset) {
    UpdateLoopsFloat.SCALAR.descend(
        n, decay, gradientDecay, rate, theta, thetaOffset, gradient, gradientOffset);
  }

  /** {@code y := y + part * (x - y)} of n elements; exactly y where x equals y. */
  default void approach(int n, double part, float[] x, int xOffset, float[] y, int yOffset) {
    UpdateLoopsFloat.SCALAR.approach(n, part, x, xOffset, y, yOffset);
  }

  /** Double-precision twin of the float method. */
  default void adam(
      int n,
      AdamStep step,
      double[] theta,
      int thetaOffset,
      double[] gradient,
      int gradientOffset,
      double[] mean,
      int meanOffset,
      double[] square,
      int squareOffset) {
    UpdateLoopsDouble.SCALAR.adam(
        n,
        step,
        theta,
        thetaOffset,
        gradient,
        gradientOffset,
        mean,
        meanOffset,
        square,
        squareOffset);
  }

  /** Double-precision twin of the float method. */
  default void lion(
      int n,
      double decay,
      double rate,
      double beta1,
      double beta2,
      double[] theta,
      int thetaOffset,
      double[] gradient,
      int gradientOffset,
      double[] mean,
      int meanOffset) {
    UpdateLoopsDouble.SCALAR.lion(
        n,
        decay,
        rate,
        beta1,
        beta2,
        theta,
        thetaOffset,
        gradient,
        gradientOffset,
        mean,
        meanOffset);
  }

  /** Double-precision twin of the float method. */
  default void momentum(
      int n,
      double decay,
      double gradientDecay,
      double rate,
      double momentum,
      double[] theta,
      int thetaOffset,
      double[] gradient,
      int gradientOffset,
      double[] mean,
      int meanOffset) {
    UpdateLoopsDouble.SCALAR.momentum(
        n,
        decay,
        gradientDecay,
        rate,
        momentum,
        theta,
        thetaOffset,
        gradient,
        gradientOffset,
        mean,
        meanOffset);
  }

  /** Double-precision twin of the float method. */
  default void descend(
      int n,
      double decay,
      double gradientDecay,
      double rate,
      double[] theta,
      int thetaOffset,
      double[] gradient,
      int gradientOffset) {
    UpdateLoopsDouble.SCALAR.descend(
        n, decay, gradientDecay, rate, theta, thetaOffset, gradient, gradientOffset);
  }

  /** Double-precision twin of the float method. */
  default void approach(int n, double part, double[] x, int xOffset, double[] y, int yOffset) {
    UpdateLoopsDouble.SCALAR.approach(n, part, x, xOffset, y, yOffset);
  }

  /**
   * Largest magnitude of each block of {@code blockSize} consecutive elements; the last block may
   * be short. Infinite if a block holds an infinity, NaN if it holds a NaN.
   *
   * @param n elements in all
   * @param maxima written: one number per block
   */
  default void blockMaxima(
      int n, int blockSize, float[] a, int aOffset, float[] maxima, int maximaOffset) {
    ScalarBlocks.maxima(n, blockSize, a, aOffset, maxima, maximaOffset);
  }

  /**
   * Codes of n numbers in blocks with a scale each: the number of boundaries strictly below {@code
   * a[i] / scale}, a true division. In a block whose scale is 0 every number is coded like 0.
   *
   * @param a finite numbers
   * @param scales one finite number, 0 or more, per block
   * @param boundaries 2^k - 1 ascending numbers, k = 1 to 8; pad with infinity
   * @param codes written: one unsigned byte per element
   */
  default void quantizeBlocks(
      int n,
      int blockSize,
      float[] a,
      int aOffset,
      float[] scales,
      int scalesOffset,
      float[] boundaries,
      byte[] codes,
      int codesOffset) {
    ScalarBlocks.quantize(
        n, blockSize, a, aOffset, scales, scalesOffset, boundaries, codes, codesOffset);
  }

  /**
   * {@code out[i] := levels[code] * scale} of n codes in blocks with a scale each.
   *
   * @param codes unsigned bytes, each below the number of levels
   * @param levels 2^k numbers, k = 1 to 8
   */
  default void dequantizeBlocks(
      int n,
      int blockSize,
      byte[] codes,
      int codesOffset,
      float[] scales,
      int scalesOffset,
      float[] levels,
      float[] out,
      int outOffset) {
    ScalarBlocks.dequantize(
        n, blockSize, codes, codesOffset, scales, scalesOffset, levels, out, outOffset);
  }

  /**
   * {@link #quantizeBlocks} and {@link #dequantizeBlocks} in one pass without the codes.
   *
   * @param out written; may be {@code a} itself with the same offset
   * @return sum of {@code (a[i] - out[i])^2}, differences and sum in double
   */
  default double roundBlocks(
      int n,
      int blockSize,
      float[] a,
      int aOffset,
      float[] scales,
      int scalesOffset,
      float[] boundaries,
      float[] levels,
      float[] out,
      int outOffset) {
    return ScalarBlocks.round(
        n, blockSize, a, aOffset, scales, scalesOffset, boundaries, levels, out, outOffset);
  }

  /**
   * What {@link #roundBlocks} returns, without the rounded weights and several times faster, but
   * for rounding: weights within an ulp of a boundary may count with the other of two levels that
   * are equally near, and differences are taken in single precision. The sum is in double.
   *
   * @param boundaries one less than levels
   * @param levels 4, 8 or 16 of them
   * @return sum of {@code (a[i] - level[i])^2}
   */
  default double blockErrors(
      int n,
      int blockSize,
      float[] a,
      int aOffset,
      float[] scales,
      int scalesOffset,
      float[] boundaries,
      float[] levels) {
    return BlockErrors.sum(n, blockSize, a, aOffset, scales, scalesOffset, boundaries, levels);
  }

  /**
   * Weights {@code col <= j < col + count} of one row of packed codes, in single precision, to
   * {@code out} from {@code at} on.
   *
   * @param count at least 1
   */
  default void decodePacked(PackedMatrix a, int row, int col, int count, float[] out, int at) {
    ScalarPacked.decode(a, row, col, count, out, at);
  }

  /**
   * {@code y := A x} of packed codes, which are decoded in registers: the bits of the dense {@link
   * #gemv(int, int, float, float[], int, int, int, float[], int, int, float, float[], int, int)}
   * with the decoded weights. Runs on {@link WorkerPool#shared()}, split over rows.
   */
  default void gemvPacked(
      PackedMatrix a, float[] x, int xOffset, int xStride, float[] y, int yOffset, int yStride) {
    ScalarPacked.gemv(this, a, x, xOffset, xStride, y, yOffset, yStride);
  }

  /** {@code y := A^T x} of packed codes, split over columns; bits as of the dense product. */
  default void gemvPackedTransposed(
      PackedMatrix a, float[] x, int xOffset, int xStride, float[] y, int yOffset, int yStride) {
    gemmPackedTransposed(1, a, x, xOffset, xStride, 1, y, yOffset, yStride, 1);
  }

  /**
   * {@code C := A B} of packed codes, B with n columns: weights are decoded while they are packed
   * for the dense product, whose bits it has.
   */
  default void gemmPacked(
      int n,
      PackedMatrix a,
      float[] b,
      int bOffset,
      int bRowStride,
      int bColStride,
      float[] c,
      int cOffset,
      int cRowStride,
      int cColStride) {
    ScalarPacked.gemm(
        this, n, a, b, bOffset, bRowStride, bColStride, c, cOffset, cRowStride, cColStride);
  }

  /** {@code C := A^T B} of packed codes, B with n columns; bits as of the dense product. */
  default void gemmPackedTransposed(
      int n,
      PackedMatrix a,
      float[] b,
      int bOffset,
      int bRowStride,
      int bColStride,
      float[] c,
      int cOffset,
      int cRowStride,
      int cColStride) {
    ScalarPacked.gemmTransposed(
        this, n, a, b, bOffset, bRowStride, bColStride, c, cOffset, cRowStride, cColStride);
  }

  /**
   * {@code y[i] := function(x[i])} for neighbouring elements. The error of each function in units
   * in the last place is in {@link ElementFunction}.
   *
   * @param x may be y itself with the same offset
   */
  default void apply(
      ElementFunction function, int n, float[] x, int xOffset, float[] y, int yOffset) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = ScalarFunctionsFloat.apply(function, x[xOffset + i]);
    }
  }

  /**
   * Softmax of every row: {@code exp(x - max) / sum of exp(x - max)}, terms below the smallest
   * normal number being 0. Elements may be -infinity (masked); a row of nothing else becomes zeros.
   * A row with NaN or +infinity becomes NaN.
   *
   * @param x may be y itself with the same offset and row stride
   */
  default void softmax(
      int rows,
      int cols,
      float[] x,
      int xOffset,
      int xRowStride,
      float[] y,
      int yOffset,
      int yRowStride) {
    RowsFloat.softmax(
        RowLoopsFloat.SCALAR,
        false,
        rows,
        cols,
        new MatrixFloat(x, xOffset, xRowStride, 1),
        new MatrixFloat(y, yOffset, yRowStride, 1));
  }

  /**
   * Logarithm of the softmax of every row: {@code x - max - ln(sum of exp(x - max))}; -infinity for
   * masked elements.
   *
   * @param x may be y itself with the same offset and row stride
   */
  default void logSoftmax(
      int rows,
      int cols,
      float[] x,
      int xOffset,
      int xRowStride,
      float[] y,
      int yOffset,
      int yRowStride) {
    RowsFloat.softmax(
        RowLoopsFloat.SCALAR,
        true,
        rows,
        cols,
        new MatrixFloat(x, xOffset, xRowStride, 1),
        new MatrixFloat(y, yOffset, yRowStride, 1));
  }

  /**
   * Gradient of softmax: {@code dx := y * (dy - sum of y * dy)} for every row, y being its result.
   *
   * @param dx written; may be dy itself
   */
  default void softmaxGradient(
      int rows,
      int cols,
      float[] y,
      int yOffset,
      int yRowStride,
      float[] dy,
      int dyOffset,
      int dyRowStride,
      float[] dx,
      int dxOffset,
      int dxRowStride) {
    RowsFloat.softmaxGradient(
        RowLoopsFloat.SCALAR,
        rows,
        cols,
        new MatrixFloat(y, yOffset, yRowStride, 1),
        new MatrixFloat(dy, dyOffset, dyRowStride, 1),
        new MatrixFloat(dx, dxOffset, dxRowStride, 1));
  }

  /**
   * Normalization of every row: {@code y := (x - mean) / sqrt(variance + epsilon) * gamma + beta}
   * with the mean of the row if it is centered (layer normalization), else 0 (root mean square
   * normalization). The variance is the mean of the squares of what is left, in a second pass.
   *
   * @param x may be y itself with the same offset and row stride
   * @param means written: one number per row
   * @param inverses written: {@code 1 / sqrt(variance + epsilon)} of each row
   */
  default void normalizeRows(
      boolean centered,
      int rows,
      int cols,
      float[] x,
      int xOffset,
      int xRowStride,
      float[] gamma,
      int gammaOffset,
      float[] beta,
      int betaOffset,
      float epsilon,
      float[] y,
      int yOffset,
      int yRowStride,
      float[] means,
      float[] inverses) {
    RowsFloat.normalize(
        RowLoopsFloat.SCALAR,
        centered,
        rows,
        cols,
        new MatrixFloat(x, xOffset, xRowStride, 1),
        gamma,
        gammaOffset,
        beta,
        betaOffset,
        epsilon,
        new MatrixFloat(y, yOffset, yRowStride, 1),
        means,
        inverses);
  }

  /**
   * Gradients of {@link #normalizeRows} with its means and inverses. The sums over rows run in
   * blocks of a fixed number of rows.
   *
   * @param dx written; may be dy itself with the same offset and row stride
   * @param dgamma written: {@code sum over rows of dy * (x - mean) * inverse}
   * @param dbeta written: sum over rows of dy
   */
  default void normalizeRowsGradient(
      boolean centered,
      int rows,
      int cols,
      float[] x,
      int xOffset,
      int xRowStride,
      float[] gamma,
      int gammaOffset,
      float[] means,
      float[] inverses,
      float[] dy,
      int dyOffset,
      int dyRowStride,
      float[] dx,
      int dxOffset,
      int dxRowStride,
      float[] dgamma,
      int dgammaOffset,
      float[] dbeta,
      int dbetaOffset) {
    MatrixFloat from = new MatrixFloat(x, xOffset, xRowStride, 1);
    MatrixFloat gradient = new MatrixFloat(dy, dyOffset, dyRowStride, 1);
    RowsFloat.normalizeParameterGradients(
        RowLoopsFloat.SCALAR,
        rows,
        cols,
        from,
        means,
        inverses,
        gradient,
        dgamma,
        dgammaOffset,
        dbeta,
        dbetaOffset);
    RowsFloat.normalizeGradient(
        RowLoopsFloat.SCALAR,
        centered,
        rows,
        cols,
        from,
        gamma,
        gammaOffset,
        means,
        inverses,
        gradient,
        new MatrixFloat(dx, dxOffset, dxRowStride, 1));
  }

  /** Double-precision twin of the float method. */
  default void apply(
      ElementFunction function, int n, double[] x, int xOffset, double[] y, int yOffset) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = ScalarFunctionsDouble.apply(function, x[xOffset + i]);
    }
  }

  /** Double-precision twin of the float method. */
  default void softmax(
      int rows,
      int cols,
      double[] x,
      int xOffset,
      int xRowStride,
      double[] y,
      int yOffset,
      int yRowStride) {
    RowsDouble.softmax(
        RowLoopsDouble.SCALAR,
        false,
        rows,
        cols,
        new MatrixDouble(x, xOffset, xRowStride, 1),
        new MatrixDouble(y, yOffset, yRowStride, 1));
  }

  /** Double-precision twin of the float method. */
  default void logSoftmax(
      int rows,
      int cols,
      double[] x,
      int xOffset,
      int xRowStride,
      double[] y,
      int yOffset,
      int yRowStride) {
    RowsDouble.softmax(
        RowLoopsDouble.SCALAR,
        true,
        rows,
        cols,
        new MatrixDouble(x, xOffset, xRowStride, 1),
        new MatrixDouble(y, yOffset, yRowStride, 1));
  }

  /** Double-precision twin of the float method. */
  default void softmaxGradient(
      int rows,
      int cols,
      double[] y,
      int yOffset,
      int yRowStride,
      double[] dy,
      int dyOffset,
      int dyRowStride,
      double[] dx,
      int dxOffset,
      int dxRowStride) {
    RowsDouble.softmaxGradient(
        RowLoopsDouble.SCALAR,
        rows,
        cols,
        new MatrixDouble(y, yOffset, yRowStride, 1),
        new MatrixDouble(dy, dyOffset, dyRowStride, 1),
        new MatrixDouble(dx, dxOffset, dxRowStride, 1));
  }

  /** Double-precision twin of the float method. */
  default void normalizeRows(
      boolean centered,
      int rows,
      int cols,
      double[] x,
      int xOffset,
      int xRowStride,
      double[] gamma,
      int gammaOffset,
      double[] beta,
      int betaOffset,
      double epsilon,
      double[] y,
      int yOffset,
      int yRowStride,
      double[] means,
      double[] inverses) {
    RowsDouble.normalize(
        RowLoopsDouble.SCALAR,
        centered,
        rows,
        cols,
        new MatrixDouble(x, xOffset, xRowStride, 1),
        gamma,
        gammaOffset,
        beta,
        betaOffset,
        epsilon,
        new MatrixDouble(y, yOffset, yRowStride, 1),
        means,
        inverses);
  }

  /** Double-precision twin of the float method. */
  default void normalizeRowsGradient(
      boolean centered,
      int rows,
      int cols,
      double[] x,
      int xOffset,
      int xRowStride,
      double[] gamma,
      int gammaOffset,
      double[] means,
      double[] inverses,
      double[] dy,
      int dyOffset,
      int dyRowStride,
      double[] dx,
      int dxOffset,
      int dxRowStride,
      double[] dgamma,
      int dgammaOffset,
      double[] dbeta,
      int dbetaOffset) {
    MatrixDouble from = new MatrixDouble(x, xOffset, xRowStride, 1);
    MatrixDouble gradient = new MatrixDouble(dy, dyOffset, dyRowStride, 1);
    RowsDouble.normalizeParameterGradients(
        RowLoopsDouble.SCALAR,
        rows,
        cols,
        from,
        means,
        inverses,
        gradient,
        dgamma,
        dgammaOffset,
        dbeta,
        dbetaOffset);
    RowsDouble.normalizeGradient(
        RowLoopsDouble.SCALAR,
        centered,
        rows,
        cols,
        from,
        gamma,
        gammaOffset,
        means,
        inverses,
        gradient,
        new MatrixDouble(dx, dxOffset, dxRowStride, 1));
  }

  /** {@code z[i] := x[i] * y[i]}; z may be x or y with the same offset. */
  default void multiply(
      int n, float[] x, int xOffset, float[] y, int yOffset, float[] z, int zOffset) {
    RowLoopsFloat.SCALAR.multiply(n, x, xOffset, y, yOffset, z, zOffset);
  }

  /** Double-precision twin of the float method. */
  default void multiply(
      int n, double[] x, int xOffset, double[] y, int yOffset, double[] z, int zOffset) {
    RowLoopsDouble.SCALAR.multiply(n, x, xOffset, y, yOffset, z, zOffset);
  }

  /**
   * Sums of the Zernike modes of the disk up to a degree: {@code out[i] := sum over j of c[j]
   * Z_j(point i)}, where {@code Z_j}, j = (d (d + 2) + m) / 2, is {@code R_d^|m|(r) cos(m theta)}
   * for m from 0 on and {@code R_d^|m|(r) sin(|m| theta)} below, R being 1 at the edge. (degree +
   * 1)^2 fused multiply-adds a point, on the calling thread.
   *
   * @param coefficients (degree + 1)(degree + 2) / 2 of them, from the offset on
   * @param radius radii of the points; where NaN, so is the sum
   * @param radiusLow what the radii lack of their exact values
   * @param cosine cosines of the angles of the points
   * @param sine sines of the angles
   * @param offset of the first point, in each of the four arrays
   */
  default void zernikeSum(
      int degree,
      float[] coefficients,
      int coefficientOffset,
      int count,
      float[] radius,
      float[] radiusLow,
      float[] cosine,
      float[] sine,
      int offset,
      float[] out,
      int outOffset) {
    DiskLoopsFloat.SCALAR.sum(
        degree,
        coefficients,
        coefficientOffset,
        count,
        radius,
        radiusLow,
        cosine,
        sine,
        offset,
        out,
        outOffset);
  }

  /** Double-precision twin of the float method. */
  default void zernikeSum(
      int degree,
      double[] coefficients,
      int coefficientOffset,
      int count,
      double[] radius,
      double[] radiusLow,
      double[] cosine,
      double[] sine,
      int offset,
      double[] out,
      int outOffset) {
    DiskLoopsDouble.SCALAR.sum(
        degree,
        coefficients,
        coefficientOffset,
        count,
        radius,
        radiusLow,
        cosine,
        sine,
        offset,
        out,
        outOffset);
  }

  /**
   * All Zernike modes of the disk up to a degree, numbered as in {@link #zernikeSum}: mode j at
   * point i is {@code out[outOffset + j * outModeStride + i]}. The points are those of zernikeSum.
   */
  default void zernikeModes(
      int degree,
      int count,
      float[] radius,
      float[] radiusLow,
      float[] cosine,
      float[] sine,
      int offset,
      float[] out,
      int outOffset,
      int outModeStride) {
    DiskLoopsFloat.SCALAR.modes(
        degree, count, radius, radiusLow, cosine, sine, offset, out, outOffset, outModeStride);
  }

  /** Double-precision twin of the float method. */
  default void zernikeModes(
      int degree,
      int count,
      double[] radius,
      double[] radiusLow,
      double[] cosine,
      double[] sine,
      int offset,
      double[] out,
      int outOffset,
      int outModeStride) {
    DiskLoopsDouble.SCALAR.modes(
        degree, count, radius, radiusLow, cosine, sine, offset, out, outOffset, outModeStride);
  }

  /**
   * Attention {@code softmax(scale Q K^T) V} of every sequence and head without storing the
   * probabilities of more than a block of queries. Split over sequences and heads.
   *
   * @param keyMask for each key of each sequence whether it may be seen, or null for all; a query
   *     that sees none gets zeros
   * @param dropout which probabilities are kept, by the index {@code ((sequence heads + head)
   *     queries + query) keys + key}; null for all
   * @param out written; must share nothing with q, k, v
   */
  default void attention(
      AttentionShape shape,
      float scale,
      float[] q,
      int qOffset,
      int qRowStride,
      float[] k,
      int kOffset,
      int kRowStride,
      float[] v,
      int vOffset,
      int vRowStride,
      boolean[] keyMask,
      DropoutMask dropout,
      float[] out,
      int outOffset,
      int outRowStride) {
    new AttentionFloat(
            this,
            shape,
            scale,
            new MatrixFloat(q, qOffset, qRowStride, 1),
            new MatrixFloat(k, kOffset, kRowStride, 1),
            new MatrixFloat(v, vOffset, vRowStride, 1),
            keyMask,
            dropout)
        .forward(new MatrixFloat(out, outOffset, outRowStride, 1));
  }

  /**
   * Gradient of {@link #attention} with the same arguments, which recomputes the probabilities.
   * Split over sequences and key heads.
   *
   * @param dout gradient of the result
   * @param dq written: gradient of q; dk and dv likewise
   */
  default void attentionGradient(
      AttentionShape shape,
      float scale,
      float[] q,
      int qOffset,
      int qRowStride,
      float[] k,
      int kOffset,
      int kRowStride,
      float[] v,
      int vOffset,
      int vRowStride,
      boolean[] keyMask,
      DropoutMask dropout,
      float[] dout,
      int doutOffset,
      int doutRowStride,
      float[] dq,
      int dqOffset,
      int dqRowStride,
      float[] dk,
      int dkOffset,
      int dkRowStride,
      float[] dv,
      int dvOffset,
      int dvRowStride) {
    new AttentionFloat(
            this,
            shape,
            scale,
            new MatrixFloat(q, qOffset, qRowStride, 1),
            new MatrixFloat(k, kOffset, kRowStride, 1),
            new MatrixFloat(v, vOffset, vRowStride, 1),
            keyMask,
            dropout)
        .backward(
            new MatrixFloat(dout, doutOffset, doutRowStride, 1),
            new MatrixFloat(dq, dqOffset, dqRowStride, 1),
            new MatrixFloat(dk, dkOffset, dkRowStride, 1),
            new MatrixFloat(dv, dvOffset, dvRowStride, 1));
  }

  /** Double-precision twin of the float method. */
  default void attention(
      AttentionShape shape,
      double scale,
      double[] q,
      int qOffset,
      int qRowStride,
      double[] k,
      int kOffset,
      int kRowStride,
      double[] v,
      int vOffset,
      int vRowStride,
      boolean[] keyMask,
      DropoutMask dropout,
      double[] out,
      int outOffset,
      int outRowStride) {
    new AttentionDouble(
            this,
            shape,
            scale,
            new MatrixDouble(q, qOffset, qRowStride, 1),
            new MatrixDouble(k, kOffset, kRowStride, 1),
            new MatrixDouble(v, vOffset, vRowStride, 1),
            keyMask,
            dropout)
        .forward(new MatrixDouble(out, outOffset, outRowStride, 1));
  }

  /** Double-precision twin of the float method. */
  default void attentionGradient(
      AttentionShape shape,
      double scale,
      double[] q,
      int qOffset,
      int qRowStride,
      double[] k,
      int kOffset,
      int kRowStride,
      double[] v,
      int vOffset,
      int vRowStride,
      boolean[] keyMask,
      DropoutMask dropout,
      double[] dout,
      int doutOffset,
      int doutRowStride,
      double[] dq,
      int dqOffset,
      int dqRowStride,
      double[] dk,
      int dkOffset,
      int dkRowStride,
      double[] dv,
      int dvOffset,
      int dvRowStride) {
    new AttentionDouble(
            this,
            shape,
            scale,
            new MatrixDouble(q, qOffset, qRowStride, 1),
            new MatrixDouble(k, kOffset, kRowStride, 1),
            new MatrixDouble(v, vOffset, vRowStride, 1),
            keyMask,
            dropout)
        .backward(
            new MatrixDouble(dout, doutOffset, doutRowStride, 1),
            new MatrixDouble(dq, dqOffset, dqRowStride, 1),
            new MatrixDouble(dk, dkOffset, dkRowStride, 1),
            new MatrixDouble(dv, dvOffset, dvRowStride, 1));
  }
}
