package org.quadrille.kernels.cpu;

/**
 * The same loops in SIMD, for contiguous operands; others run in plain Java.
 *
 * <p>Loaded by {@link KernelProvider} by name, after its checks: this class and those it uses need
 * the incubator module.
 */
class VectorKernels implements Kernels {

  /** Fixes the vector width, so that a width that cannot work is found before the first loop. */
  VectorKernels() {
    if (VectorWidth.BITS < 128) {
      throw new IllegalStateException(
          "vectors have only " + VectorWidth.BITS + " bits, at least 128 are needed");
    }
  }

  @Override
  public String name() {
    return "simd";
  }

  @Override
  public int lanesFloat() {
    return VectorWidth.FLOAT.length();
  }

  @Override
  public int lanesDouble() {
    return VectorWidth.DOUBLE.length();
  }

  @Override
  public void gemm(
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
      int cColStride) {
    if (m == 0 || n == 0) {
      return;
    }
    if (n == 1) {
      gemv(
          m,
          k,
          alpha,
          a,
          aOffset,
          aRowStride,
          aColStride,
          b,
          bOffset,
          bRowStride,
          beta,
          c,
          cOffset,
          cRowStride);
    } else if (m == 1) {
      gemv(
          n,
          k,
          alpha,
          b,
          bOffset,
          bColStride,
          bRowStride,
          a,
          aOffset,
          aColStride,
          beta,
          c,
          cOffset,
          cColStride);
    } else {
      GemmFloat.multiply(
          m,
          n,
          k,
          alpha,
          new MatrixFloat(a, aOffset, aRowStride, aColStride),
          new MatrixFloat(b, bOffset, bRowStride, bColStride),
          beta,
          new MatrixFloat(c, cOffset, cRowStride, cColStride));
    }
  }

  @Override
  public void gemm(
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
      int cColStride) {
    if (m == 0 || n == 0) {
      return;
    }
    if (n == 1) {
      gemv(
          m,
          k,
          alpha,
          a,
          aOffset,
          aRowStride,
          aColStride,
          b,
          bOffset,
          bRowStride,
          beta,
          c,
          cOffset,
          cRowStride);
    } else if (m == 1) {
      gemv(
          n,
          k,
          alpha,
          b,
          bOffset,
          bColStride,
          bRowStride,
          a,
          aOffset,
          aColStride,
          beta,
          c,
          cOffset,
          cColStride);
    } else {
      GemmDouble.multiply(
          m,
          n,
          k,
          alpha,
          new MatrixDouble(a, aOffset, aRowStride, aColStride),
          new MatrixDouble(b, bOffset, bRowStride, bColStride),
          beta,
          new MatrixDouble(c, cOffset, cRowStride, cColStride));
    }
  }

  @Override
  public void gemv(
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
      int yStride) {
    MatrixFloat matrix = new MatrixFloat(a, aOffset, aRowStride, aColStride);
    if (aColStride == 1) {
      GemvFloat.byRows(m, n, alpha, matrix, x, xOffset, xStride, beta, y, yOffset, yStride);
    } else if (aRowStride == 1) {
      GemvColumnsFloat.multiply(
          m, n, alpha, matrix, x, xOffset, xStride, beta, y, yOffset, yStride);
    } else {
      ScalarFloat.gemv(
          m,
          n,
          alpha,
          a,
          aOffset,
          aRowStride,
          aColStride,
          x,
          xOffset,
          xStride,
          beta,
          y,
          yOffset,
          yStride);
    }
  }

  @Override
  public void gemv(
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
      int yStride) {
    MatrixDouble matrix = new MatrixDouble(a, aOffset, aRowStride, aColStride);
    if (aColStride == 1) {
      GemvDouble.byRows(m, n, alpha, matrix, x, xOffset, xStride, beta, y, yOffset, yStride);
    } else if (aRowStride == 1) {
      GemvColumnsDouble.multiply(
          m, n, alpha, matrix, x, xOffset, xStride, beta, y, yOffset, yStride);
    } else {
      ScalarDouble.gemv(
          m,
          n,
          alpha,
          a,
          aOffset,
          aRowStride,
          aColStride,
          x,
          xOffset,
          xStride,
          beta,
          y,
          yOffset,
          yStride);
    }
  }

  @Override
  public void symv(
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
      int yStride) {
    SymmetricFloat.multiply(
        SymvFloat.LOOPS,
        upper,
        n,
        alpha,
        a,
        aOffset,
        aRowStride,
        x,
        xOffset,
        xStride,
        beta,
        y,
        yOffset,
        yStride);
  }

  @Override
  public void symv(
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
      int yStride) {
    SymmetricDouble.multiply(
        SymvDouble.LOOPS,
        upper,
        n,
        alpha,
        a,
        aOffset,
        aRowStride,
        x,
        xOffset,
        xStride,
        beta,
        y,
        yOffset,
        yStride);
  }

  @Override
  public float dot(
      int n, float[] x, int xOffset, int xStride, float[] y, int yOffset, int yStride) {
    return xStride == 1 && yStride == 1
        ? DotFloat.dot(n, x, xOffset, y, yOffset)
        : ScalarFloat.dot(n, x, xOffset, xStride, y, yOffset, yStride);
  }

  @Override
  public double dot(
      int n, double[] x, int xOffset, int xStride, double[] y, int yOffset, int yStride) {
    return xStride == 1 && yStride == 1
        ? DotDouble.dot(n, x, xOffset, y, yOffset)
        : ScalarDouble.dot(n, x, xOffset, xStride, y, yOffset, yStride);
  }

  @Override
  public void axpy(
      int n,
      float alpha,
      float[] x,
      int xOffset,
      int xStride,
      float[] y,
      int yOffset,
      int yStride) {
    if (xStride == 1 && yStride == 1) {
      ElementwiseFloat.axpy(n, alpha, x, xOffset, y, yOffset);
    } else {
      ScalarFloat.axpy(n, alpha, x, xOffset, xStride, y, yOffset, yStride);
    }
  }

  @Override
  public void axpy(
      int n,
      double alpha,
      double[] x,
      int xOffset,
      int xStride,
      double[] y,
      int yOffset,
      int yStride) {
    if (xStride == 1 && yStride == 1) {
      ElementwiseDouble.axpy(n, alpha, x, xOffset, y, yOffset);
    } else {
      ScalarDouble.axpy(n, alpha, x, xOffset, xStride, y, yOffset, yStride);
    }
  }

  @Override
  public void scale(int n, float alpha, float[] x, int xOffset, int xStride) {
    if (xStride == 1) {
      ElementwiseFloat.scale(n, alpha, x, xOffset);
    } else {
      ScalarFloat.scale(n, alpha, x, xOffset, xStride);
    }
  }

  @Override
  public void scale(int n, double alpha, double[] x, int xOffset, int xStride) {
    if (xStride == 1) {
      ElementwiseDouble.scale(n, alpha, x, xOffset);
    } else {
      ScalarDouble.scale(n, alpha, x, xOffset, xStride);
    }
  }

  @Override
  public double norm1(int n, float[] x, int xOffset, int xStride) {
    return xStride == 1
        ? NormFloat.sumOfMagnitudes(n, x, xOffset)
        : ScalarFloat.norm1(n, x, xOffset, xStride);
  }

  @Override
  public double norm1(int n, double[] x, int xOffset, int xStride) {
    return xStride == 1
        ? NormDouble.sumOfMagnitudes(n, x, xOffset)
        : ScalarDouble.norm1(n, x, xOffset, xStride);
  }

  @Override
  public double norm2(int n, float[] x, int xOffset, int xStride) {
    return Math.sqrt(
        xStride == 1
            ? NormFloat.sumOfSquares(n, 1, x, xOffset)
            : ScalarFloat.sumOfSquares(n, 1, x, xOffset, xStride));
  }

  @Override
  public double norm2(int n, double[] x, int xOffset, int xStride) {
    if (xStride != 1) {
      return KernelProvider.scalar().norm2(n, x, xOffset, xStride);
    }
    double sum = NormDouble.sumOfSquares(n, 1, x, xOffset);
    return EuclideanNorm.isSafe(sum)
        ? Math.sqrt(sum)
        : EuclideanNorm.rescaled(
            NormDouble.largestMagnitude(n, x, xOffset),
            factor -> NormDouble.sumOfSquares(n, factor, x, xOffset));
  }

  @Override
  public float normInf(int n, float[] x, int xOffset, int xStride) {
    return xStride == 1
        ? NormFloat.largestMagnitude(n, x, xOffset)
        : ScalarFloat.normInf(n, x, xOffset, xStride);
  }

  @Override
  public double normInf(int n, double[] x, int xOffset, int xStride) {
    return xStride == 1
        ? NormDouble.largestMagnitude(n, x, xOffset)
        : ScalarDouble.normInf(n, x, xOffset, xStride);
  }

  @Override
  public void transpose(
      int rows,
      int cols,
      float[] a,
      int aOffset,
      int aRowStride,
      float[] b,
      int bOffset,
      int bRowStride) {
    TransposeFloat.transpose(rows, cols, a, aOffset, aRowStride, b, bOffset, bRowStride);
  }

  @Override
  public void transpose(
      int rows,
      int cols,
      double[] a,
      int aOffset,
      int aRowStride,
      double[] b,
      int bOffset,
      int bRowStride) {
    TransposeDouble.transpose(rows, cols, a, aOffset, aRowStride, b, bOffset, bRowStride);
  }

  @Override
  public void solveLower(
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
    TriangleFloat.solve(
        n, k, l, lOffset, lRowStride, lColStride, unitDiagonal, x, xOffset, xRowStride, xColStride);
  }

  @Override
  public void solveLower(
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
    TriangleDouble.solve(
        n, k, l, lOffset, lRowStride, lColStride, unitDiagonal, x, xOffset, xRowStride, xColStride);
  }

  @Override
  public void blockMaxima(
      int n, int blockSize, float[] a, int aOffset, float[] maxima, int maximaOffset) {
    VectorBlocks.maxima(n, blockSize, a, aOffset, maxima, maximaOffset);
  }

  @Override
  public void quantizeBlocks(
      int n,
      int blockSize,
      float[] a,
      int aOffset,
      float[] scales,
      int scalesOffset,
      float[] boundaries,
      byte[] codes,
      int codesOffset) {
    VectorBlocks.quantize(
        n, blockSize, a, aOffset, scales, scalesOffset, boundaries, codes, codesOffset);
  }

  @Override
  public void dequantizeBlocks(
      int n,
      int blockSize,
      byte[] codes,
      int codesOffset,
      float[] scales,
      int scalesOffset,
      float[] levels,
      float[] out,
      int outOffset) {
    VectorBlocks.dequantize(
        n, blockSize, codes, codesOffset, scales, scalesOffset, levels, out, outOffset);
  }

  @Override
  public double roundBlocks(
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
    return VectorRounding.round(
        n, blockSize, a, aOffset, scales, scalesOffset, boundaries, levels, out, outOffset);
  }

  @Override
  public double blockErrors(
      int n,
      int blockSize,
      float[] a,
      int aOffset,
      float[] scales,
      int scalesOffset,
      float[] boundaries,
      float[] levels) {
    return VectorBlockErrors.fits(n, blockSize, levels.length)
        ? VectorBlockErrors.sum(n, blockSize, a, aOffset, scales, scalesOffset, boundaries, levels)
        : BlockErrors.sum(n, blockSize, a, aOffset, scales, scalesOffset, boundaries, levels);
  }

  @Override
  public void decodePacked(PackedMatrix a, int row, int col, int count, float[] out, int at) {
    VectorPacked.decode(a, row, col, count, out, at);
  }

  @Override
  public void adam(
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
    VectorUpdatesFloat.LOOPS.adam(
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

  @Override
  public void lion(
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
    VectorUpdatesFloat.LOOPS.lion(
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

  @Override
  public void momentum(
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
    VectorUpdatesFloat.LOOPS.momentum(
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

  @Override
  public void descend(
      int n,
      double decay,
      double gradientDecay,
      double rate,
      float[] theta,
      int thetaOffset,
      float[] gradient,
      int gradientOffset) {
    VectorUpdatesFloat.LOOPS.descend(
        n, decay, gradientDecay, rate, theta, thetaOffset, gradient, gradientOffset);
  }

  @Override
  public void approach(int n, double part, float[] x, int xOffset, float[] y, int yOffset) {
    VectorUpdatesFloat.LOOPS.approach(n, part, x, xOffset, y, yOffset);
  }

  @Override
  public void adam(
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
    VectorUpdatesDouble.LOOPS.adam(
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

  @Override
  public void lion(
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
    VectorUpdatesDouble.LOOPS.lion(
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

  @Override
  public void momentum(
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
    VectorUpdatesDouble.LOOPS.momentum(
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

  @Override
  public void descend(
      int n,
      double decay,
      double gradientDecay,
      double rate,
      double[] theta,
      int thetaOffset,
      double[] gradient,
      int gradientOffset) {
    VectorUpdatesDouble.LOOPS.descend(
        n, decay, gradientDecay, rate, theta, thetaOffset, gradient, gradientOffset);
  }

  @Override
  public void approach(int n, double part, double[] x, int xOffset, double[] y, int yOffset) {
    VectorUpdatesDouble.LOOPS.approach(n, part, x, xOffset, y, yOffset);
  }

  @Override
  public void gemvPacked(
      PackedMatrix a, float[] x, int xOffset, int xStride, float[] y, int yOffset, int yStride) {
    if (PackedGemv.fits(a)) {
      PackedGemv.multiply(a, x, xOffset, xStride, y, yOffset, yStride);
    } else {
      Kernels.super.gemvPacked(a, x, xOffset, xStride, y, yOffset, yStride);
    }
  }

  @Override
  public void gemvPackedTransposed(
      PackedMatrix a, float[] x, int xOffset, int xStride, float[] y, int yOffset, int yStride) {
    PackedGemv.multiplyTransposed(a, x, xOffset, xStride, y, yOffset, yStride);
  }

  @Override
  public void gemmPacked(
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
    if (n == 1) {
      gemvPacked(a, b, bOffset, bRowStride, c, cOffset, cRowStride);
    } else if (a.rows() == 1) {
      // one row is summed like a matrix-vector product
      Kernels.super.gemmPacked(
          n, a, b, bOffset, bRowStride, bColStride, c, cOffset, cRowStride, cColStride);
    } else {
      PackedGemm.multiply(
          a,
          n,
          new MatrixFloat(b, bOffset, bRowStride, bColStride),
          new MatrixFloat(c, cOffset, cRowStride, cColStride));
    }
  }

  @Override
  public void gemmPackedTransposed(
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
    if (n == 1) {
      gemvPackedTransposed(a, b, bOffset, bRowStride, c, cOffset, cRowStride);
    } else if (a.cols() == 1) {
      Kernels.super.gemmPackedTransposed(
          n, a, b, bOffset, bRowStride, bColStride, c, cOffset, cRowStride, cColStride);
    } else {
      PackedGemm.multiplyTransposed(
          a,
          n,
          new MatrixFloat(b, bOffset, bRowStride, bColStride),
          new MatrixFloat(c, cOffset, cRowStride, cColStride));
    }
  }

  @Override
  public void apply(
      ElementFunction function, int n, float[] x, int xOffset, float[] y, int yOffset) {
    VectorFunctionsFloat.apply(function, n, x, xOffset, y, yOffset);
  }

  @Override
  public void softmax(
      int rows,
      int cols,
      float[] x,
      int xOffset,
      int xRowStride,
      float[] y,
      int yOffset,
      int yRowStride) {
    RowsFloat.softmax(
        VectorRowsFloat.LOOPS,
        false,
        rows,
        cols,
        new MatrixFloat(x, xOffset, xRowStride, 1),
        new MatrixFloat(y, yOffset, yRowStride, 1));
  }

  @Override
  public void logSoftmax(
      int rows,
      int cols,
      float[] x,
      int xOffset,
      int xRowStride,
      float[] y,
      int yOffset,
      int yRowStride) {
    RowsFloat.softmax(
        VectorRowsFloat.LOOPS,
        true,
        rows,
        cols,
        new MatrixFloat(x, xOffset, xRowStride, 1),
        new MatrixFloat(y, yOffset, yRowStride, 1));
  }

  @Override
  public void softmaxGradient(
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
        VectorRowsFloat.LOOPS,
        rows,
        cols,
        new MatrixFloat(y, yOffset, yRowStride, 1),
        new MatrixFloat(dy, dyOffset, dyRowStride, 1),
        new MatrixFloat(dx, dxOffset, dxRowStride, 1));
  }

  @Override
  public void normalizeRows(
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
        VectorRowsFloat.LOOPS,
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

  @Override
  public void normalizeRowsGradient(
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
        VectorRowsFloat.LOOPS,
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
        VectorRowsFloat.LOOPS,
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

  @Override
  public void apply(
      ElementFunction function, int n, double[] x, int xOffset, double[] y, int yOffset) {
    VectorFunctionsDouble.apply(function, n, x, xOffset, y, yOffset);
  }

  @Override
  public void softmax(
      int rows,
      int cols,
      double[] x,
      int xOffset,
      int xRowStride,
      double[] y,
      int yOffset,
      int yRowStride) {
    RowsDouble.softmax(
        VectorRowsDouble.LOOPS,
        false,
        rows,
        cols,
        new MatrixDouble(x, xOffset, xRowStride, 1),
        new MatrixDouble(y, yOffset, yRowStride, 1));
  }

  @Override
  public void logSoftmax(
      int rows,
      int cols,
      double[] x,
      int xOffset,
      int xRowStride,
      double[] y,
      int yOffset,
      int yRowStride) {
    RowsDouble.softmax(
        VectorRowsDouble.LOOPS,
        true,
        rows,
        cols,
        new MatrixDouble(x, xOffset, xRowStride, 1),
        new MatrixDouble(y, yOffset, yRowStride, 1));
  }

  @Override
  public void softmaxGradient(
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
        VectorRowsDouble.LOOPS,
        rows,
        cols,
        new MatrixDouble(y, yOffset, yRowStride, 1),
        new MatrixDouble(dy, dyOffset, dyRowStride, 1),
        new MatrixDouble(dx, dxOffset, dxRowStride, 1));
  }

  @Override
  public void normalizeRows(
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
        VectorRowsDouble.LOOPS,
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

  @Override
  public void normalizeRowsGradient(
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
        VectorRowsDouble.LOOPS,
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
        VectorRowsDouble.LOOPS,
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

  @Override
  public void multiply(
      int n, float[] x, int xOffset, float[] y, int yOffset, float[] z, int zOffset) {
    VectorRowsFloat.LOOPS.multiply(n, x, xOffset, y, yOffset, z, zOffset);
  }

  @Override
  public void multiply(
      int n, double[] x, int xOffset, double[] y, int yOffset, double[] z, int zOffset) {
    VectorRowsDouble.LOOPS.multiply(n, x, xOffset, y, yOffset, z, zOffset);
  }

  @Override
  public void zernikeSum(
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
    VectorDiskFloat.LOOPS.sum(
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

  @Override
  public void zernikeModes(
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
    VectorDiskFloat.LOOPS.modes(
        degree, count, radius, radiusLow, cosine, sine, offset, out, outOffset, outModeStride);
  }

  @Override
  public void zernikeSum(
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
    VectorDiskDouble.LOOPS.sum(
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

  @Override
  public void zernikeModes(
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
    VectorDiskDouble.LOOPS.modes(
        degree, count, radius, radiusLow, cosine, sine, offset, out, outOffset, outModeStride);
  }
}
