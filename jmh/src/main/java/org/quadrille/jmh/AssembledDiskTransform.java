package org.quadrille.jmh;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.jtransforms.fft.DoubleFFT_1D;
import org.quadrille.zernike.DiskRule;
import org.quadrille.zernike.DiskTransform;
import org.quadrille.zernike.RadialColumn;

/**
 * Analysis of one function on the disk put together of other libraries: a real Fourier transform of
 * JTransforms for each ring, then for each angular order the product of its stored radial matrix
 * and two columns by EJML. Only nodes, weights and radial values are ours.
 */
final class AssembledDiskTransform {
  private final int degree;
  private final int rings;
  private final int angles;
  private final DoubleFFT_1D fourier;
  private final double[] weights;
  private final DMatrixRMaj[] matrices;

  AssembledDiskTransform(DiskTransform transform) {
    degree = transform.degree();
    DiskRule rule = transform.rule();
    rings = rule.radialNodes();
    angles = rule.angles();
    fourier = new DoubleFFT_1D(angles);
    weights = rule.radial().radialWeights();
    double[] t = rule.radial().nodes();
    double[] s = rule.radial().complements();
    matrices = new DMatrixRMaj[degree + 1];
    for (int order = 0; order <= degree; order++) {
      int count = (degree - order) / 2 + 1;
      RadialColumn column = new RadialColumn(order, 0, count);
      matrices[order] = new DMatrixRMaj(count, rings);
      double[] values = new double[count];
      for (int i = 0; i < rings; i++) {
        column.values(t[i], s[i], values);
        for (int n = 0; n < count; n++) {
          // 2 (d + 1), twice that for orders above 0; 1 / K of the mean over the angles
          double factor = (order == 0 ? 2.0 : 4.0) * (order + 2 * n + 1) / angles;
          matrices[order].set(n, i, factor * weights[i] * values[n]);
        }
      }
    }
  }

  /** Coefficients in OSA order. */
  double[] analyze(double[] samples) {
    double[] spectra = samples.clone();
    for (int i = 0; i < rings; i++) {
      fourier.realForward(spectra, i * angles);
    }
    double[] coefficients = new double[(degree + 1) * (degree + 2) / 2];
    DMatrixRMaj parts = new DMatrixRMaj(rings, 2);
    DMatrixRMaj product = new DMatrixRMaj(1, 1);
    for (int order = 0; order <= degree; order++) {
      for (int i = 0; i < rings; i++) {
        // packed: Re 0 at 0, Re N at 2N, Im N at 2N + 1
        parts.set(i, 0, spectra[i * angles + 2 * order]);
        parts.set(i, 1, order == 0 ? 0 : -spectra[i * angles + 2 * order + 1]);
      }
      CommonOps_DDRM.mult(matrices[order], parts, product);
      for (int n = 0; n < product.numRows; n++) {
        int d = order + 2 * n;
        coefficients[(d * (d + 2) - order) / 2] = product.get(n, 1);
        coefficients[(d * (d + 2) + order) / 2] = product.get(n, 0);
      }
    }
    return coefficients;
  }
}
