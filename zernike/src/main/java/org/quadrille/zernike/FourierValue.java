package org.quadrille.zernike;

/**
 * A value of a Fourier transform.
 *
 * @param real part
 * @param imaginary part
 */
public record FourierValue(double real, double imaginary) {
  /** Absolute value. */
  public double magnitude() {
    return Math.hypot(real, imaginary);
  }

  /** Times {@code e^(i angle)}. */
  FourierValue turned(double angle) {
    double c = Math.cos(angle);
    double s = Math.sin(angle);
    return new FourierValue(real * c - imaginary * s, real * s + imaginary * c);
  }

  FourierValue times(double factor) {
    return new FourierValue(real * factor, imaginary * factor);
  }
}
