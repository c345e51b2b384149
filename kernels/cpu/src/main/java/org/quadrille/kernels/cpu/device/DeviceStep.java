package org.quadrille.kernels.cpu.device;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.quadrille.kernels.cpu.PackedMatrix;

/**
 * One operation of a {@link DeviceProgram}. All matrices of a step have one precision; where a
 * {@code beta} is 0, the old contents of the result do not matter. The result shares no element
 * with an operand.
 */
public sealed interface DeviceStep {

  /** The matrix that is written; of a batch, the first one. */
  DeviceMatrix result();

  /**
   * Products {@code C_i := alpha A_i B_i + beta C_i} of a batch: matrix i lies i steps behind the
   * first. 2 m n k flops each.
   *
   * @param a shape [m, k]
   * @param b shape [k, n]
   * @param c shape [m, n]
   * @param batch at least 1
   * @param aStep distance of the next A, 0 for the same one
   * @param bStep distance of the next B, 0 for the same one
   * @param cStep distance of the next C
   */
  record Multiply(
      double alpha,
      DeviceMatrix a,
      DeviceMatrix b,
      double beta,
      DeviceMatrix c,
      int batch,
      int aStep,
      int bStep,
      int cStep)
      implements DeviceStep {
    /** Checks shapes. */
    public Multiply {
      boolean fits = a.cols() == b.rows() && a.rows() == c.rows() && b.cols() == c.cols();
      require(fits && batch >= 1, "product of", a, "and", b, "into", c);
      requireEnd("A", a, batch, aStep);
      requireEnd("B", b, batch, bStep);
      requireEnd("C", c, batch, cStep);
    }

    /** One product. */
    public Multiply(double alpha, DeviceMatrix a, DeviceMatrix b, double beta, DeviceMatrix c) {
      this(alpha, a, b, beta, c, 1, 0, 0, 0);
    }

    @Override
    public DeviceMatrix result() {
      return c;
    }

    private static void requireEnd(String name, DeviceMatrix x, int batch, int step) {
      long last =
          x.offset()
              + (x.rows() - 1L) * x.rowStride()
              + (x.cols() - 1L) * x.colStride()
              + (batch - 1L) * step;
      require(step >= 0 && last < x.array().length(), "batch of", name, x);
    }
  }

  /**
   * {@code C := alpha A B + beta C} or, transposed, {@code alpha A^T B + beta C}, with weights that
   * are decoded on the way; single precision.
   */
  record MultiplyPacked(
      double alpha, PackedMatrix a, boolean transposed, DeviceMatrix b, double beta, DeviceMatrix c)
      implements DeviceStep {
    /** Checks shapes and precision. */
    public MultiplyPacked {
      int inner = transposed ? a.rows() : a.cols();
      int outer = transposed ? a.cols() : a.rows();
      boolean fits = b.rows() == inner && c.rows() == outer && b.cols() == c.cols();
      boolean single = !b.array().isDouble() && !c.array().isDouble();
      require(fits && single, "product of packed", outer, "x", inner, "and", b, "into", c);
    }

    @Override
    public DeviceMatrix result() {
      return c;
    }
  }

  /** {@code out := } the weights of a packed matrix, single precision. */
  record Dequantize(PackedMatrix a, DeviceMatrix out) implements DeviceStep {
    /** Checks shape and precision. */
    public Dequantize {
      boolean fits = out.rows() == a.rows() && out.cols() == a.cols() && !out.array().isDouble();
      require(fits, "weights of packed", a.rows(), "x", a.cols(), "into", out);
    }

    @Override
    public DeviceMatrix result() {
      return out;
    }
  }

  /**
   * Nearest levels: block by block of the row-major x, {@code scale = max |x|} and {@code code =}
   * the number of boundaries below {@code x / scale} (0 where the scale is 0), as numbers. The
   * rounding of NormalFloat and other tables (QLoRA, section 3; LQ-LoRA, section 3.2).
   *
   * @param x shape [m, n], row-major, single precision
   * @param boundaries ascending midpoints of neighbouring levels
   * @param blockSize weights of a block
   * @param codes shape [m, n], row-major
   * @param scales one per block
   */
  record Quantize(
      DeviceMatrix x, DeviceArray boundaries, int blockSize, DeviceMatrix codes, DeviceArray scales)
      implements DeviceStep {
    /** Checks shapes and precision. */
    public Quantize {
      long weights = (long) x.rows() * x.cols();
      boolean fits = codes.rows() == x.rows() && codes.cols() == x.cols() && blockSize >= 1;
      boolean rowMajor = x.isRowMajor() && codes.isRowMajor();
      require(
          fits && rowMajor && !x.array().isDouble(),
          "codes of",
          x,
          "in blocks of",
          blockSize,
          "into",
          codes);
      require(
          scales.length() == Math.ceilDiv(weights, (long) blockSize),
          "scales:",
          scales,
          "for",
          weights,
          "weights in blocks of",
          blockSize);
    }

    @Override
    public DeviceMatrix result() {
      return codes;
    }
  }

  /** {@code out := alpha x + beta out}, element by element (axpy, copy, scale). */
  record AddScaled(double alpha, DeviceMatrix x, double beta, DeviceMatrix out)
      implements DeviceStep {
    /** Checks shapes. */
    public AddScaled {
      require(x.rows() == out.rows() && x.cols() == out.cols(), "sum of", x, "into", out);
    }

    @Override
    public DeviceMatrix result() {
      return out;
    }
  }

  /** {@code out_ij := alpha d_i x_ij + beta out_ij}, a diagonal matrix applied. */
  record ScaleRows(
      double alpha, DeviceMatrix factors, DeviceMatrix x, double beta, DeviceMatrix out)
      implements DeviceStep {
    /** Checks shapes: factors [n, 1]. */
    public ScaleRows {
      boolean fits = x.rows() == out.rows() && x.cols() == out.cols();
      require(fits && factors.rows() == x.rows(), "rows of", x, "times", factors, "into", out);
    }

    @Override
    public DeviceMatrix result() {
      return out;
    }
  }

  /**
   * {@code out_ij := alpha sum_p w_p x_(q_p)j + beta out_ij} over the terms of row i: a sparse
   * matrix whose rows are arithmetic progressions. Term t of row i, {@code t < length}, has the
   * weight number {@code weightStart + t weightStep} and the row {@code xStart + t xStep} of x.
   *
   * @param weights constants or anything else
   * @param spans for each row: weightStart, weightStep, length, xStart, xStep; not modified
   */
  record RowSums(
      double alpha, DeviceArray weights, int[] spans, DeviceMatrix x, double beta, DeviceMatrix out)
      implements DeviceStep {
    /** Numbers per row in the spans. */
    public static final int SPAN = 5;

    /** Checks that every term exists. */
    public RowSums {
      boolean fits = spans.length == SPAN * out.rows() && x.cols() == out.cols();
      require(fits, "row sums of", x, "into", out, "with", spans.length, "numbers of spans");
      for (int i = 0; i < spans.length; i += SPAN) {
        int terms = spans[i + 2];
        long lastWeight = spans[i] + (terms - 1L) * spans[i + 1];
        long lastRow = spans[i + 3] + (terms - 1L) * spans[i + 4];
        boolean inside =
            terms == 0
                || (terms > 0
                    && spans[i] >= 0
                    && spans[i + 3] >= 0
                    && lastWeight >= 0
                    && lastWeight < weights.length()
                    && lastRow >= 0
                    && lastRow < x.rows());
        require(inside, "row", i / SPAN, ": a term of", weights, "or", x);
      }
    }

    @Override
    public DeviceMatrix result() {
      return out;
    }
  }

  /**
   * Radial Zernike polynomials {@code R_(m+2k)^m(r)}, {@code k < count}, at a batch of radii by the
   * three-term recurrence of Jacobi polynomials {@code P_k^(0,m)(2 r^2 - 1)}.
   *
   * @param order m, at least 0
   * @param radii shape [1, n], 0 to 1
   * @param out shape [count, n]
   */
  record ZernikeRadial(int order, DeviceMatrix radii, DeviceMatrix out) implements DeviceStep {
    /** Checks shapes and precision. */
    public ZernikeRadial {
      boolean wide = radii.array().isDouble() && out.array().isDouble();
      boolean fits = radii.rows() == 1 && radii.cols() == out.cols() && order >= 0;
      require(wide && fits, "polynomials of order", order, "at", radii, "into", out);
    }

    @Override
    public DeviceMatrix result() {
      return out;
    }
  }

  private static void require(boolean fits, Object... words) {
    if (!fits) {
      String given = Stream.of(words).map(Object::toString).collect(Collectors.joining(" "));
      throw new IllegalArgumentException(
          given + " does not fit; check shapes, strides and precision");
    }
  }
}
