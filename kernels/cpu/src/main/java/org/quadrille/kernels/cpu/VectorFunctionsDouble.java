// Generated from VectorFunctionsFloat.java by src/main/generator/DoubleTwins.java. Do not edit.
package org.quadrille.kernels.cpu;

/**
 * The elementary functions of all elements of an array, block by block: each block passes through
 * the short loops of its function while it is in the first-level cache.
 *
 * <p>The loops are called through one interface, so that the compiler does not join them into one
 * method: beyond a number of vector operations it would leave some as calls.
 */
final class VectorFunctionsDouble {

  private static final int LANES = VectorWidth.DOUBLE.length();
  private static final int BLOCK = 512;

  private static final Workspace<Buffers> BUFFERS =
      new Workspace<>(length -> new Buffers(), buffers -> BLOCK);

  /** Intermediate results of one block. */
  private record Buffers(double[] a, double[] b, double[] c) {
    Buffers() {
      this(new double[BLOCK], new double[BLOCK], new double[BLOCK]);
    }
  }

  /** One loop of a function over n elements of x, y or the buffers. */
  @FunctionalInterface
  private interface Step {
    void run(int n, double[] x, int xAt, double[] y, int yAt, Buffers w);
  }

  private static final Step[] EXP = {
    (n, x, xAt, y, yAt, w) -> ExponentialLoopsDouble.exp(n, x, xAt, y, yAt)
  };

  private static final Step[] LOG = {
    (n, x, xAt, y, yAt, w) -> FunctionLoopsDouble.split(n, x, xAt, w.a, w.b),
    (n, x, xAt, y, yAt, w) -> FunctionLoopsDouble.log(n, w.a, w.b, w.c),
    (n, x, xAt, y, yAt, w) -> FunctionLoopsDouble.logSpecial(n, x, xAt, w.c, y, yAt)
  };

  private static final Step[] TANH = {
    (n, x, xAt, y, yAt, w) -> FunctionLoopsDouble.tanhExponent(n, x, xAt, w.a),
    (n, x, xAt, y, yAt, w) -> ExponentialLoopsDouble.boundedExp(n, w.a, 0, w.a, 0),
    (n, x, xAt, y, yAt, w) -> FunctionLoopsDouble.tanh(n, x, xAt, w.a, y, yAt)
  };

  private static final Step[] ERF = {
    (n, x, xAt, y, yAt, w) -> FunctionLoopsDouble.logErfc(n, x, xAt, w.a),
    (n, x, xAt, y, yAt, w) -> ExponentialLoopsDouble.boundedExp(n, w.a, 0, w.a, 0),
    (n, x, xAt, y, yAt, w) -> FunctionLoopsDouble.erf(n, x, xAt, w.a, y, yAt)
  };

  private static final Step[] SIGMOID = {
    (n, x, xAt, y, yAt, w) -> FunctionLoopsDouble.negativeMagnitude(n, x, xAt, w.a),
    (n, x, xAt, y, yAt, w) -> ExponentialLoopsDouble.decay(n, w.a, 0, 0, w.a, 0),
    (n, x, xAt, y, yAt, w) -> FunctionLoopsDouble.sigmoid(n, x, xAt, w.a, y, yAt)
  };

  private static final Step[] GELU = {
    (n, x, xAt, y, yAt, w) ->
        FunctionLoopsDouble.scale(n, FunctionConstantsDouble.SQRT_HALF, x, xAt, w.a),
    (n, x, xAt, y, yAt, w) -> FunctionLoopsDouble.logErfc(n, w.a, 0, w.b),
    (n, x, xAt, y, yAt, w) -> ExponentialLoopsDouble.boundedExp(n, w.b, 0, w.b, 0),
    (n, x, xAt, y, yAt, w) -> FunctionLoopsDouble.erf(n, w.a, 0, w.b, w.a, 0),
    (n, x, xAt, y, yAt, w) -> GeluLoopsDouble.gelu(n, x, xAt, w.a, y, yAt)
  };

  private static final Step[] GELU_TANH = {
    (n, x, xAt, y, yAt, w) -> GeluLoopsDouble.twiceArgument(n, x, xAt, w.a),
    (n, x, xAt, y, yAt, w) -> FunctionLoopsDouble.negativeMagnitude(n, w.a, 0, w.b),
    (n, x, xAt, y, yAt, w) -> ExponentialLoopsDouble.decay(n, w.b, 0, 0, w.b, 0),
    (n, x, xAt, y, yAt, w) -> FunctionLoopsDouble.sigmoid(n, w.a, 0, w.b, w.a, 0),
    (n, x, xAt, y, yAt, w) -> GeluLoopsDouble.geluTanh(n, x, xAt, w.a, y, yAt)
  };

  private static final Step[] GELU_DERIVATIVE = {
    (n, x, xAt, y, yAt, w) -> GeluLoopsDouble.clamp(n, x, xAt, w.a),
    (n, x, xAt, y, yAt, w) ->
        FunctionLoopsDouble.scale(n, FunctionConstantsDouble.SQRT_HALF, w.a, 0, w.b),
    (n, x, xAt, y, yAt, w) -> FunctionLoopsDouble.logErfc(n, w.b, 0, w.c),
    (n, x, xAt, y, yAt, w) -> ExponentialLoopsDouble.boundedExp(n, w.c, 0, w.c, 0),
    (n, x, xAt, y, yAt, w) -> FunctionLoopsDouble.erf(n, w.b, 0, w.c, w.b, 0),
    (n, x, xAt, y, yAt, w) -> GeluLoopsDouble.densityExponent(n, w.a, w.c),
    (n, x, xAt, y, yAt, w) -> ExponentialLoopsDouble.decay(n, w.c, 0, 0, w.c, 0),
    (n, x, xAt, y, yAt, w) -> GeluLoopsDouble.derivative(n, w.a, w.b, w.c, y, yAt)
  };

  private static final Step[] GELU_TANH_DERIVATIVE = {
    (n, x, xAt, y, yAt, w) -> GeluLoopsDouble.clamp(n, x, xAt, w.a),
    (n, x, xAt, y, yAt, w) -> GeluLoopsDouble.twiceArgument(n, w.a, 0, w.b),
    (n, x, xAt, y, yAt, w) -> FunctionLoopsDouble.negativeMagnitude(n, w.b, 0, w.c),
    (n, x, xAt, y, yAt, w) -> ExponentialLoopsDouble.decay(n, w.c, 0, 0, w.c, 0),
    (n, x, xAt, y, yAt, w) -> GeluLoopsDouble.tanhDerivative(n, w.a, w.b, w.c, y, yAt)
  };

  private VectorFunctionsDouble() {}

  private static Step[] steps(ElementFunction function) {
    return switch (function) {
      case EXP -> EXP;
      case LOG -> LOG;
      case TANH -> TANH;
      case ERF -> ERF;
      case SIGMOID -> SIGMOID;
      case GELU -> GELU;
      case GELU_TANH -> GELU_TANH;
      case GELU_DERIVATIVE -> GELU_DERIVATIVE;
      case GELU_TANH_DERIVATIVE -> GELU_TANH_DERIVATIVE;
    };
  }

  /** {@code y[i] := function(x[i])}; x and y may be the same with the same offset. */
  static void apply(
      ElementFunction function, int n, double[] x, int xOffset, double[] y, int yOffset) {
    Step[] steps = steps(function);
    Buffers buffers = BUFFERS.borrow(BLOCK);
    int whole = n - n % LANES;
    for (int start = 0; start < whole; start += BLOCK) {
      int length = Math.min(BLOCK, whole - start);
      for (Step step : steps) {
        step.run(length, x, xOffset + start, y, yOffset + start, buffers);
      }
    }
    if (whole < n) {
      // The rest as a whole vector too: scalar code would give the same bits, but much slower.
      double[] rest = new double[LANES];
      System.arraycopy(x, xOffset + whole, rest, 0, n - whole);
      for (Step step : steps) {
        step.run(LANES, rest, 0, rest, 0, buffers);
      }
      System.arraycopy(rest, 0, y, yOffset + whole, n - whole);
    }
    BUFFERS.giveBack(buffers);
  }
}
