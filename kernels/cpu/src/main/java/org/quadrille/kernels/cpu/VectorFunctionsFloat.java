package org.quadrille.kernels.cpu;

/**
 * The elementary functions of all elements of an array, block by block: each block passes through
 * the short loops of its function while it is in the first-level cache.
 *
 * <p>The loops are called through one interface, so that the compiler does not join them into one
 * method: beyond a number of vector operations it would leave some as calls.
 */
final class VectorFunctionsFloat {

  private static final int LANES = VectorWidth.FLOAT.length();
  private static final int BLOCK = 512;

  private static final Workspace<Buffers> BUFFERS =
      new Workspace<>(length -> new Buffers(), buffers -> BLOCK);

  /** Intermediate results of one block. */
  private record Buffers(float[] a, float[] b, float[] c) {
    Buffers() {
      this(new float[BLOCK], new float[BLOCK], new float[BLOCK]);
    }
  }

  /** One loop of a function over n elements of x, y or the buffers. */
  @FunctionalInterface
  private interface Step {
    void run(int n, float[] x, int xAt, float[] y, int yAt, Buffers w);
  }

  private static final Step[] EXP = {
    (n, x, xAt, y, yAt, w) -> ExponentialLoopsFloat.exp(n, x, xAt, y, yAt)
  };

  private static final Step[] LOG = {
    (n, x, xAt, y, yAt, w) -> FunctionLoopsFloat.split(n, x, xAt, w.a, w.b),
    (n, x, xAt, y, yAt, w) -> FunctionLoopsFloat.log(n, w.a, w.b, w.c),
    (n, x, xAt, y, yAt, w) -> FunctionLoopsFloat.logSpecial(n, x, xAt, w.c, y, yAt)
  };

  private static final Step[] TANH = {
    (n, x, xAt, y, yAt, w) -> FunctionLoopsFloat.tanhExponent(n, x, xAt, w.a),
    (n, x, xAt, y, yAt, w) -> ExponentialLoopsFloat.boundedExp(n, w.a, 0, w.a, 0),
    (n, x, xAt, y, yAt, w) -> FunctionLoopsFloat.tanh(n, x, xAt, w.a, y, yAt)
  };

  private static final Step[] ERF = {
    (n, x, xAt, y, yAt, w) -> FunctionLoopsFloat.logErfc(n, x, xAt, w.a),
    (n, x, xAt, y, yAt, w) -> ExponentialLoopsFloat.boundedExp(n, w.a, 0, w.a, 0),
    (n, x, xAt, y, yAt, w) -> FunctionLoopsFloat.erf(n, x, xAt, w.a, y, yAt)
  };

  private static final Step[] SIGMOID = {
    (n, x, xAt, y, yAt, w) -> FunctionLoopsFloat.negativeMagnitude(n, x, xAt, w.a),
    (n, x, xAt, y, yAt, w) -> ExponentialLoopsFloat.decay(n, w.a, 0, 0, w.a, 0),
    (n, x, xAt, y, yAt, w) -> FunctionLoopsFloat.sigmoid(n, x, xAt, w.a, y, yAt)
  };

  private static final Step[] GELU = {
    (n, x, xAt, y, yAt, w) ->
        FunctionLoopsFloat.scale(n, FunctionConstantsFloat.SQRT_HALF, x, xAt, w.a),
    (n, x, xAt, y, yAt, w) -> FunctionLoopsFloat.logErfc(n, w.a, 0, w.b),
    (n, x, xAt, y, yAt, w) -> ExponentialLoopsFloat.boundedExp(n, w.b, 0, w.b, 0),
    (n, x, xAt, y, yAt, w) -> FunctionLoopsFloat.erf(n, w.a, 0, w.b, w.a, 0),
    (n, x, xAt, y, yAt, w) -> GeluLoopsFloat.gelu(n, x, xAt, w.a, y, yAt)
  };

  private static final Step[] GELU_TANH = {
    (n, x, xAt, y, yAt, w) -> GeluLoopsFloat.twiceArgument(n, x, xAt, w.a),
    (n, x, xAt, y, yAt, w) -> FunctionLoopsFloat.negativeMagnitude(n, w.a, 0, w.b),
    (n, x, xAt, y, yAt, w) -> ExponentialLoopsFloat.decay(n, w.b, 0, 0, w.b, 0),
    (n, x, xAt, y, yAt, w) -> FunctionLoopsFloat.sigmoid(n, w.a, 0, w.b, w.a, 0),
    (n, x, xAt, y, yAt, w) -> GeluLoopsFloat.geluTanh(n, x, xAt, w.a, y, yAt)
  };

  private static final Step[] GELU_DERIVATIVE = {
    (n, x, xAt, y, yAt, w) -> GeluLoopsFloat.clamp(n, x, xAt, w.a),
    (n, x, xAt, y, yAt, w) ->
        FunctionLoopsFloat.scale(n, FunctionConstantsFloat.SQRT_HALF, w.a, 0, w.b),
    (n, x, xAt, y, yAt, w) -> FunctionLoopsFloat.logErfc(n, w.b, 0, w.c),
    (n, x, xAt, y, yAt, w) -> ExponentialLoopsFloat.boundedExp(n, w.c, 0, w.c, 0),
    (n, x, xAt, y, yAt, w) -> FunctionLoopsFloat.erf(n, w.b, 0, w.c, w.b, 0),
    (n, x, xAt, y, yAt, w) -> GeluLoopsFloat.densityExponent(n, w.a, w.c),
    (n, x, xAt, y, yAt, w) -> ExponentialLoopsFloat.decay(n, w.c, 0, 0, w.c, 0),
    (n, x, xAt, y, yAt, w) -> GeluLoopsFloat.derivative(n, w.a, w.b, w.c, y, yAt)
  };

  private static final Step[] GELU_TANH_DERIVATIVE = {
    (n, x, xAt, y, yAt, w) -> GeluLoopsFloat.clamp(n, x, xAt, w.a),
    (n, x, xAt, y, yAt, w) -> GeluLoopsFloat.twiceArgument(n, w.a, 0, w.b),
    (n, x, xAt, y, yAt, w) -> FunctionLoopsFloat.negativeMagnitude(n, w.b, 0, w.c),
    (n, x, xAt, y, yAt, w) -> ExponentialLoopsFloat.decay(n, w.c, 0, 0, w.c, 0),
    (n, x, xAt, y, yAt, w) -> GeluLoopsFloat.tanhDerivative(n, w.a, w.b, w.c, y, yAt)
  };

  private VectorFunctionsFloat() {}

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
      ElementFunction function, int n, float[] x, int xOffset, float[] y, int yOffset) {
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
      float[] rest = new float[LANES];
      System.arraycopy(x, xOffset + whole, rest, 0, n - whole);
      for (Step step : steps) {
        step.run(LANES, rest, 0, rest, 0, buffers);
      }
      System.arraycopy(rest, 0, y, yOffset + whole, n - whole);
    }
    BUFFERS.giveBack(buffers);
  }
}
