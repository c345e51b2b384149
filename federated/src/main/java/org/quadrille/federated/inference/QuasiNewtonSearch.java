package org.quadrille.federated.inference;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;

/**
 * The mode of a tilted distribution by L-BFGS with the last ten pairs and step halving (Nocedal and
 * Wright, "Numerical Optimization", algorithm 7.4). Each iteration costs one or more full gradients
 * and O(d).
 */
final class QuasiNewtonSearch {
  private static final int PAIRS = 10;
  private static final int HALVINGS = 40;

  /** Change of place, change of gradient and the inverse of their product. */
  private record Pair(Tensor s, Tensor y, double inverse) {}

  private final TiltedFunction function;
  private final double tolerance;
  private final Deque<Pair> pairs = new ArrayDeque<>();
  private Tensor theta;
  private Tensor gradient;
  private double value;
  private int iterations;

  QuasiNewtonSearch(TiltedProblem problem, double tolerance) {
    function = new TiltedFunction(problem);
    this.tolerance = tolerance * problem.points();
    theta = Tensor.of(problem.start().clone(), problem.start().length);
    gradient = Tensor.zeros(DType.F64, theta.length());
    value = function.gradient(theta, gradient);
  }

  /** The place reached when the gradient is small or nothing is gained; empty if it diverges. */
  double[] run(int most) {
    while (iterations < most) {
      if (!Double.isFinite(value) || !gradient.isFinite()) {
        return new double[0];
      }
      if (Norms.max(gradient) <= tolerance || !advance()) {
        return theta.toDoubles();
      }
      iterations++;
    }
    return theta.toDoubles();
  }

  double iterations() {
    return iterations;
  }

  private boolean advance() {
    Tensor step = direction();
    double slope = Arithmetic.dot(gradient, step);
    if (!(slope < 0)) {
      pairs.clear();
      step = Arithmetic.scale(-1 / Math.max(1, Norms.frobenius(gradient)), gradient.copy());
      slope = Arithmetic.dot(gradient, step);
    }
    double factor = 1;
    for (int i = 0; i < HALVINGS; i++, factor /= 2) {
      Tensor next = Arithmetic.axpy(factor, step, theta.copy());
      Tensor nextGradient = Tensor.zeros(DType.F64, theta.length());
      double nextValue = function.gradient(next, nextGradient);
      if (nextValue <= value + 1e-4 * factor * slope) {
        keep(next, nextGradient);
        value = nextValue;
        return true;
      }
    }
    return false;
  }

  private void keep(Tensor next, Tensor nextGradient) {
    Tensor s = Arithmetic.subtract(next, theta);
    Tensor y = Arithmetic.subtract(nextGradient, gradient);
    double product = Arithmetic.dot(s, y);
    if (product > 1e-12 * Arithmetic.dot(y, y)) {
      pairs.addLast(new Pair(s, y, 1 / product));
      if (pairs.size() > PAIRS) {
        pairs.removeFirst();
      }
    }
    theta = next;
    gradient = nextGradient;
  }

  /** The two loops: {@code -H grad f} without forming H. */
  private Tensor direction() {
    Tensor q = gradient.copy();
    List<Double> factors = new ArrayList<>();
    for (Pair pair : pairs.reversed()) {
      double a = pair.inverse() * Arithmetic.dot(pair.s(), q);
      factors.add(a);
      Arithmetic.axpy(-a, pair.y(), q);
    }
    if (pairs.isEmpty()) {
      Arithmetic.scale(1 / Math.max(1, Norms.frobenius(gradient)), q);
    } else {
      Pair last = pairs.getLast();
      Arithmetic.scale(1 / (last.inverse() * Arithmetic.dot(last.y(), last.y())), q);
    }
    int i = factors.size();
    for (Pair pair : pairs) {
      double b = pair.inverse() * Arithmetic.dot(pair.y(), q);
      Arithmetic.axpy(factors.get(--i) - b, pair.s(), q);
    }
    return Arithmetic.scale(-1, q);
  }
}
