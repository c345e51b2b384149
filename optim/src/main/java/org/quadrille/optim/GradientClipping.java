package org.quadrille.optim;

import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * Limits the norm of all gradients together (Pascanu et al. 2013): {@code g := g * min(1, c / (|g|
 * + 1e-6))}. Keeps a small workspace between steps; not thread safe.
 */
public final class GradientClipping {

  /** As in common use; keeps the factor finite for a zero gradient. */
  private static final double MARGIN = 1e-6;

  private final double largest;
  private ParameterBlocks blocks;
  private double[] norms;

  private GradientClipping(double largest) {
    this.largest = largest;
  }

  /**
   * Clips the Euclidean norm over all tensors.
   *
   * @param largest above 0; infinite measures the norm and never clips
   */
  public static GradientClipping byNorm(double largest) {
    if (!(largest > 0)) {
      throw new IllegalArgumentException(
          "largest norm: given " + largest + ", expected a number above 0");
    }
    return new GradientClipping(largest);
  }

  /** The factor for gradients of that norm. */
  public double factor(double norm) {
    return Math.min(1, largest / (norm + MARGIN));
  }

  /**
   * Scales the gradients if their norm is too large.
   *
   * @param gradients modified
   * @return their norm before
   * @throws ArithmeticException if an element is NaN or infinite; names the tensor and index
   */
  public double clip(Tensors gradients) {
    double norm = norm(gradients);
    if (!Double.isFinite(norm)) {
      throw notFinite(gradients, norm);
    }
    double factor = factor(norm);
    if (factor < 1) {
      Kernels kernels = KernelProvider.active();
      blocks.forEach(
          (tensor, from, n) -> {
            Tensor g = blocks.gradient(tensor);
            if (g.dtype() == DType.F32) {
              kernels.scale(n, (float) factor, g.floats(), g.offset() + from, 1);
            } else {
              kernels.scale(n, factor, g.doubles(), g.offset() + from, 1);
            }
          });
    }
    return norm;
  }

  private static ArithmeticException notFinite(Tensors gradients, double norm) {
    try {
      gradients.forEach((name, tensor) -> Norms.requireFinite("gradient of " + name, tensor));
    } catch (IllegalArgumentException e) {
      return new ArithmeticException(e.getMessage());
    }
    return new ArithmeticException("the norm of the gradients is " + norm + ", beyond all doubles");
  }

  /** Euclidean norm over all tensors, in double: the norm of the norms of fixed blocks. */
  private double norm(Tensors gradients) {
    if (blocks == null || !blocks.fits(gradients)) {
      blocks = new ParameterBlocks(gradients);
      norms = new double[blocks.count()];
    }
    blocks.bind(gradients, gradients);
    Kernels kernels = KernelProvider.active();
    blocks.forEachNumbered(
        (block, tensor, from, n) -> {
          Tensor g = blocks.gradient(tensor);
          int at = g.offset() + from;
          norms[block] =
              g.dtype() == DType.F32
                  ? kernels.norm2(n, g.floats(), at, 1)
                  : kernels.norm2(n, g.doubles(), at, 1);
        });
    return kernels.norm2(norms.length, norms, 0, 1);
  }
}
