package org.quadrille.zernike;

/** Integral transforms of expansions on the unit disk, mode by mode in closed form. */
final class ExpansionTransforms {
  private ExpansionTransforms() {}

  /**
   * {@code int f(x) e^(i k.x) dx}: of {@code R_{N,n} cos(N theta)} it is {@code 2 pi i^N (-1)^n
   * J_{N+2n+1}(c) / c cos(N phi)}, k = c (cos phi, sin phi); the same with sines.
   */
  static FourierValue fourier(double[] expansion, double kx, double ky) {
    int degree = DiskModes.degree(expansion.length);
    double c = Math.hypot(kx, ky);
    double phi = Math.atan2(ky, kx);
    double[] ratios = HankelTransform.besselOverArgument(degree, c);
    double real = 0;
    double imaginary = 0;
    for (int order = degree; order >= 0; order--) {
      double cosines = 0;
      double sines = 0;
      for (int n = (degree - order) / 2; n >= 0; n--) {
        int d = order + 2 * n;
        double ratio = (n & 1) == 0 ? ratios[d] : -ratios[d];
        cosines = Math.fma(expansion[CoefficientBlock.position(d, order)], ratio, cosines);
        if (order > 0) {
          sines = Math.fma(expansion[CoefficientBlock.position(d, -order)], ratio, sines);
        }
      }
      double part =
          cosines * ExpansionAlgebra.cosineOfMultiple(order, phi)
              + sines * ExpansionAlgebra.sineOfMultiple(order, phi);
      // i^N
      switch (order & 3) {
        case 0 -> real += part;
        case 1 -> imaginary += part;
        case 2 -> real -= part;
        default -> imaginary -= part;
      }
    }
    return new FourierValue(2 * Math.PI * real, 2 * Math.PI * imaginary);
  }

  /**
   * The integral along the line {@code x cos phi + y sin phi = q}: of {@code V_d^m} it is {@code (2
   * / (d + 1)) (1 - q^2)^(1/2) U_d(q) e^(i m phi)} (A. Cormack, 1964).
   */
  static double radon(double[] expansion, double q, double phi) {
    if (Math.abs(q) >= 1) {
      return 0;
    }
    int degree = DiskModes.degree(expansion.length);
    double[] cosines = new double[degree + 1];
    double[] sines = new double[degree + 1];
    for (int order = 0; order <= degree; order++) {
      cosines[order] = ExpansionAlgebra.cosineOfMultiple(order, phi);
      sines[order] = ExpansionAlgebra.sineOfMultiple(order, phi);
    }
    double angle = Math.acos(q);
    double sum = 0;
    for (int d = degree; d >= 0; d--) {
      double part = 0;
      for (int order = d & 1; order <= d; order += 2) {
        part = Math.fma(expansion[CoefficientBlock.position(d, order)], cosines[order], part);
        if (order > 0) {
          part = Math.fma(expansion[CoefficientBlock.position(d, -order)], sines[order], part);
        }
      }
      // (1 - q^2)^(1/2) U_d(q) = sin((d + 1) acos q)
      sum += 2.0 / (d + 1) * ExpansionAlgebra.sineOfMultiple(d + 1, angle) * part;
    }
    return sum;
  }
}
