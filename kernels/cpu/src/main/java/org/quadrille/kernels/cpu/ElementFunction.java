package org.quadrille.kernels.cpu;

/**
 * Elementary functions of one variable that kernels apply to every element of an array.
 *
 * <p>Own polynomials and argument reductions, the same in every implementation, so results do not
 * depend on the library of the platform. NaN gives NaN.
 *
 * <p><b>Accuracy</b>, the largest error in units in the last place: in single precision over all
 * arguments, in double precision over samples of every magnitude.
 *
 * <table>
 * <caption>Largest errors</caption>
 * <tr><th>function</th><th>float</th><th>double</th></tr>
 * <tr><td>exp</td><td>0.92</td><td>0.95</td></tr>
 * <tr><td>log</td><td>0.85</td><td>0.90</td></tr>
 * <tr><td>tanh</td><td>0.97</td><td>1.00</td></tr>
 * <tr><td>erf</td><td>1.25</td><td>1.25</td></tr>
 * <tr><td>sigmoid</td><td>2.5</td><td>2.5</td></tr>
 * </table>
 *
 * <p>The sigmoid is 0 where it would be below about the smallest normal number. The Gaussian error
 * linear units err by at most 3 |x| u in samples, u the unit roundoff, their derivatives by 8 u:
 * relative accuracy is lost in the negative tail, where they vanish.
 */
public enum ElementFunction {
  /** Exponential function, with overflow to infinity and gradual underflow. */
  EXP,

  /** Natural logarithm; -infinity at 0, NaN below. */
  LOG,

  /** Hyperbolic tangent; tiny arguments and zeros of either sign are returned unchanged. */
  TANH,

  /** Error function, 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x. */
  ERF,

  /** 1 / (1 + exp(-x)). */
  SIGMOID,

  /** Gaussian error linear unit x Phi(x), Phi the normal distribution function. */
  GELU,

  /** Its approximation x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))). */
  GELU_TANH,

  /** Derivative of {@link #GELU}. */
  GELU_DERIVATIVE,

  /** Derivative of {@link #GELU_TANH}. */
  GELU_TANH_DERIVATIVE
}
