package org.quadrille.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.quadrille.ReferenceData;

/** Elementary functions: stated errors, special values, and the same bits in every backend. */
class ElementFunctionTest {

  /** Largest errors in units in the last place that {@link ElementFunction} states. */
  private static final Map<ElementFunction, double[]> STATED =
      new EnumMap<>(
          Map.of(
              ElementFunction.EXP, new double[] {0.92, 0.95},
              ElementFunction.LOG, new double[] {0.85, 0.90},
              ElementFunction.TANH, new double[] {0.97, 1.00},
              ElementFunction.ERF, new double[] {1.25, 1.25},
              ElementFunction.SIGMOID, new double[] {2.5, 2.5}));

  private static final DoubleUnaryOperator SIGMOID =
      x -> x < 0 ? StrictMath.exp(x) / (1 + StrictMath.exp(x)) : 1 / (1 + StrictMath.exp(-x));

  /** Double references that are far more exact than a float. */
  private static final Map<ElementFunction, DoubleUnaryOperator> DOUBLES =
      new EnumMap<>(
          Map.of(
              ElementFunction.EXP, StrictMath::exp,
              ElementFunction.LOG, StrictMath::log,
              ElementFunction.TANH, StrictMath::tanh,
              ElementFunction.ERF, ScalarFunctionsDouble::erf,
              ElementFunction.SIGMOID, SIGMOID));

  private static final Kernels SCALAR = KernelProvider.scalar();
  private static final Kernels SIMD = KernelProvider.simd().orElseThrow();

  @ParameterizedTest
  @EnumSource(ElementFunction.class)
  void doublesAgreeWithReferenceDigits(ElementFunction function) {
    double worst = 0;
    for (Map<String, String> row : ReferenceData.csv("functions", "elementary.csv")) {
      if (row.get("function").equals(function.name())) {
        double x = Double.parseDouble(row.get("x"));
        double high = Double.parseDouble(row.get("hi"));
        double low = Double.parseDouble(row.get("lo"));
        double error = Math.abs((ScalarFunctionsDouble.apply(function, x) - high) - low);
        worst = Math.max(worst, error / unit(function, x, high, 0x1p-53, Math.ulp(high)));
      }
    }
    assertTrue(worst > 0.3, "too good to be true: " + worst);
    double bound = STATED.containsKey(function) ? STATED.get(function)[1] : gelusBound(function);
    assertTrue(worst <= bound, function + " errs by " + worst + " units");
  }

  @ParameterizedTest
  @EnumSource(ElementFunction.class)
  void floatsAgreeWithDoubles(ElementFunction function) {
    double worst = 0;
    DoubleUnaryOperator reference =
        DOUBLES.getOrDefault(function, x -> ScalarFunctionsDouble.apply(function, x));
    for (long bits = 0; bits < 1L << 32; bits += 65_521) {
      worst = Math.max(worst, floatError(function, reference, Float.intBitsToFloat((int) bits)));
    }
    double bound = STATED.containsKey(function) ? STATED.get(function)[0] : gelusBound(function);
    assertTrue(worst <= bound, function + " errs by " + worst + " units");
  }

  private static double gelusBound(ElementFunction function) {
    return function.name().endsWith("DERIVATIVE") ? 8 : 3;
  }

  /** What errors are measured in: units in the last place, or |x| u for GELU, or u. */
  private static double unit(
      ElementFunction function, double x, double y, double roundoff, double ulp) {
    if (STATED.containsKey(function)) {
      return ulp;
    }
    return function.name().endsWith("DERIVATIVE")
        ? roundoff
        : Math.max(Math.abs(x) * roundoff, ulp);
  }

  private static double floatError(
      ElementFunction function, DoubleUnaryOperator reference, float x) {
    float y = ScalarFunctionsFloat.apply(function, x);
    double exact = reference.applyAsDouble(x);
    float rounded = (float) exact;
    if (Float.isNaN(rounded) || Float.isInfinite(rounded)) {
      return Float.compare(rounded, y) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    // Where the sigmoid is cut off by definition.
    if (function == ElementFunction.SIGMOID && x < -86.9) {
      return Math.abs(y - exact) <= 0x1p-125 ? 0 : Double.POSITIVE_INFINITY;
    }
    return Math.abs(y - exact) / unit(function, x, exact, 0x1p-24, Math.ulp(rounded));
  }

  /** Minutes: every float there is, in SIMD. */
  @Tag("study")
  @ParameterizedTest
  @EnumSource(
      value = ElementFunction.class,
      names = {"EXP", "LOG", "TANH", "ERF", "SIGMOID"})
  void everyFloatIsWithinTheStatedError(ElementFunction function) {
    int block = 1 << 16;
    double worst =
        IntStream.range(0, 1 << 16)
            .parallel()
            .mapToDouble(
                high -> {
                  float[] x = new float[block];
                  float[] y = new float[block];
                  for (int low = 0; low < block; low++) {
                    x[low] = Float.intBitsToFloat(high << 16 | low);
                  }
                  SIMD.apply(function, block, x, 0, y, 0);
                  double error = 0;
                  for (int i = 0; i < block; i++) {
                    double e = floatError(function, DOUBLES.get(function), x[i]);
                    boolean same =
                        Float.compare(y[i], ScalarFunctionsFloat.apply(function, x[i])) == 0;
                    error = Math.max(error, same ? e : Double.POSITIVE_INFINITY);
                  }
                  return error;
                })
            .max()
            .orElseThrow();
    assertTrue(worst <= STATED.get(function)[0], function + " errs by " + worst + " units");
  }

  @ParameterizedTest
  @EnumSource(ElementFunction.class)
  void everyBackendAndWidthGivesTheSameBits(ElementFunction function) {
    double[] x = arguments();
    float[] f = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      f[i] = (float) x[i];
    }
    for (int n : new int[] {0, 1, 3, 8, 17, 511, 513, x.length - 1}) {
      double[] expected = new double[n + 2];
      float[] floats = new float[n + 2];
      SCALAR.apply(function, n, x, 1, expected, 1);
      SCALAR.apply(function, n, f, 1, floats, 1);
      for (Kernels kernels : NarrowKernels.all()) {
        double[] actual = new double[n + 2];
        float[] actualFloats = new float[n + 2];
        kernels.apply(function, n, x, 1, actual, 1);
        kernels.apply(function, n, f, 1, actualFloats, 1);
        assertArrayEquals(expected, actual, function + " of " + n);
        assertArrayEquals(floats, actualFloats, function + " of " + n);
        double[] inPlace = x.clone();
        kernels.apply(function, n, inPlace, 1, inPlace, 1);
        assertEquals(x[0], inPlace[0]);
        for (int i = 1; i <= n; i++) {
          assertEquals(expected[i], inPlace[i]);
        }
      }
    }
  }

  private static double[] arguments() {
    List<Double> x = new ArrayList<>();
    for (double special :
        new double[] {
          0,
          1,
          0.5,
          2,
          87,
          88.5,
          89,
          104,
          708,
          710,
          746,
          1e-30,
          1e-40,
          1e-310,
          1e30,
          1e300,
          12,
          14,
          15,
          40,
          41,
          4.1,
          6,
          10,
          20,
          Double.MIN_VALUE,
          Float.MIN_VALUE,
          Double.MAX_VALUE,
          Double.POSITIVE_INFINITY,
          Double.NaN,
          Math.sqrt(0.5),
          Math.sqrt(2)
        }) {
      x.add(special);
      x.add(-special);
      x.add(Math.nextUp(special));
    }
    Random random = new Random(1);
    DoubleStream.generate(() -> random.nextGaussian() * 3).limit(300).forEach(x::add);
    DoubleStream.generate(() -> Double.longBitsToDouble(random.nextLong()))
        .limit(300)
        .forEach(x::add);
    DoubleStream.generate(() -> Float.intBitsToFloat(random.nextInt())).limit(300).forEach(x::add);
    return x.stream().mapToDouble(Double::doubleValue).toArray();
  }

  @Test
  void specialValues() {
    double infinity = Double.POSITIVE_INFINITY;
    check(ElementFunction.EXP, infinity, infinity);
    check(ElementFunction.EXP, -infinity, 0);
    check(ElementFunction.EXP, 0, 1);
    check(ElementFunction.EXP, -745.1, Double.MIN_VALUE);
    check(ElementFunction.LOG, infinity, infinity);
    check(ElementFunction.LOG, 0, -infinity);
    check(ElementFunction.LOG, -0.0, -infinity);
    check(ElementFunction.LOG, -1, Double.NaN);
    check(ElementFunction.LOG, 1, 0);
    check(ElementFunction.TANH, infinity, 1);
    check(ElementFunction.TANH, -infinity, -1);
    check(ElementFunction.ERF, infinity, 1);
    check(ElementFunction.ERF, -infinity, -1);
    check(ElementFunction.SIGMOID, infinity, 1);
    check(ElementFunction.SIGMOID, -infinity, 0);
    check(ElementFunction.SIGMOID, 0, 0.5);
    for (ElementFunction gelu :
        new ElementFunction[] {ElementFunction.GELU, ElementFunction.GELU_TANH}) {
      check(gelu, infinity, infinity);
      check(gelu, -infinity, 0);
      check(gelu, 100, 100);
    }
    for (ElementFunction derivative :
        new ElementFunction[] {
          ElementFunction.GELU_DERIVATIVE, ElementFunction.GELU_TANH_DERIVATIVE
        }) {
      check(derivative, infinity, 1);
      check(derivative, -infinity, 0);
      check(derivative, 0, 0.5);
    }
    for (double tiny : new double[] {0.0, -0.0, 1e-300, -1e-300, Double.MIN_VALUE}) {
      assertEquals(tiny, ScalarFunctionsDouble.tanh(tiny));
    }
    assertEquals(-0.0, ScalarFunctionsDouble.erf(-0.0));
    assertEquals(-0.0f, ScalarFunctionsFloat.tanh(-0.0f));
    assertEquals(Float.MIN_VALUE, ScalarFunctionsFloat.tanh(Float.MIN_VALUE));
    for (ElementFunction function : ElementFunction.values()) {
      check(function, Double.NaN, Double.NaN);
    }
  }

  private static void check(ElementFunction function, double x, double expected) {
    // Adding 0 makes both zeros the same.
    assertEquals(expected + 0, ScalarFunctionsDouble.apply(function, x) + 0, function + " of " + x);
    if (Double.isNaN(x) || (float) x == x) {
      assertEquals(
          (float) expected + 0,
          ScalarFunctionsFloat.apply(function, (float) x) + 0,
          function + " of float " + x);
    }
  }

  @Test
  void derivativesAgreeWithDifferences() {
    for (double x = -8; x <= 8; x += 0.0625) {
      double step = 1e-5;
      double exact =
          (ScalarFunctionsDouble.gelu(x + step) - ScalarFunctionsDouble.gelu(x - step))
              / (2 * step);
      double form =
          (ScalarFunctionsDouble.geluTanh(x + step) - ScalarFunctionsDouble.geluTanh(x - step))
              / (2 * step);
      assertEquals(exact, ScalarFunctionsDouble.geluDerivative(x), 1e-9);
      assertEquals(form, ScalarFunctionsDouble.geluTanhDerivative(x), 1e-9);
      // Hendrycks and Gimpel: the two forms are close.
      assertEquals(ScalarFunctionsDouble.gelu(x), ScalarFunctionsDouble.geluTanh(x), 5e-4);
    }
  }
}
