package org.quadrille.cli.reproduce.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.quadrille.cli.reproduce.Claim;
import org.quadrille.cli.reproduce.Claim.Verdict;
import org.quadrille.cli.zernike.TestFunction;
import org.quadrille.formats.AtomicFile;
import org.quadrille.formats.CsvTable;
import org.quadrille.zernike.BesselFunction;
import org.quadrille.zernike.DiskEvaluator;
import org.quadrille.zernike.DiskTransform;
import org.quadrille.zernike.ModeOrder;
import org.quadrille.zernike.ZernikeBasis;
import org.quadrille.zernike.ZernikeIndex;
import org.quadrille.zernike.plot.CoefficientDecay;
import org.quadrille.zernike.plot.ConvergenceCurves;
import org.quadrille.zernike.plot.Picture;
import org.quadrille.zernike.plot.WavefrontMap;

/** How fast expansions computed from samples converge, and how exact their coefficients are. */
public final class InterpolationExperiment implements Experiment {
  private static final List<String> NAMES =
      List.of("exp3x2y", "gauss_off", "cos20x", "runge25", "j10_10", "sin80xy", "j100_150");

  private static final double REACHED = 1e-12;
  private static final int POINTS = 1000;

  private final int[] degrees;
  private final List<TestFunction> functions = new ArrayList<>();
  private final double[][] errors;
  private final int largeDegree;
  private final double roundTrip;

  /** Measures; quick: fewer degrees, and the round trip at degree 128 instead of 512. */
  public InterpolationExperiment(boolean quick, long seed) {
    RandomGenerator random =
        RandomGeneratorFactory.<RandomGenerator>of("L64X128MixRandom").create(seed);
    degrees =
        quick
            ? IntStream.rangeClosed(1, 13).map(i -> 16 * i).toArray()
            : IntStream.rangeClosed(1, 36).map(i -> 6 * i).toArray();
    for (String name : NAMES) {
      functions.add(TestFunction.of(name));
    }
    double[] x = new double[POINTS];
    double[] y = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      double r = Math.sqrt(random.nextDouble());
      double theta = 2 * Math.PI * random.nextDouble();
      x[i] = r * Math.cos(theta);
      y[i] = r * Math.sin(theta);
    }
    errors = new double[functions.size()][degrees.length];
    for (int k = 0; k < degrees.length; k++) {
      DiskTransform transform = DiskTransform.ofDegree(degrees[k]);
      DiskEvaluator evaluator = DiskEvaluator.ofDegree(degrees[k]);
      for (int f = 0; f < functions.size(); f++) {
        double[] expansion = transform.analyze(transform.sample(functions.get(f).f()));
        double[] values = evaluator.values(expansion, x, y, null);
        errors[f][k] = largestError(functions.get(f), x, y, values);
      }
    }
    largeDegree = quick ? 128 : 512;
    roundTrip = roundTrip(largeDegree, random);
  }

  private static double largestError(
      TestFunction function, double[] x, double[] y, double[] values) {
    double error = 0;
    double size = 0;
    for (int i = 0; i < x.length; i++) {
      double exact = function.f().applyAsDouble(x[i], y[i]);
      error = Math.max(error, Math.abs(values[i] - exact));
      size = Math.max(size, Math.abs(exact));
    }
    return error / size;
  }

  /** Relative error of random orthonormal coefficients after synthesis and analysis. */
  private static double roundTrip(int degree, RandomGenerator random) {
    DiskTransform transform = DiskTransform.ofDegree(degree);
    double[] orthonormal = random.doubles(transform.cols(), -1, 1).toArray();
    double[] plain = ZernikeBasis.OSA.toPlainOsa(orthonormal);
    double[] back = ZernikeBasis.OSA.fromPlainOsa(transform.analyze(transform.synthesize(plain)));
    double error = 0;
    double size = 0;
    for (int i = 0; i < back.length; i++) {
      error += (back[i] - orthonormal[i]) * (back[i] - orthonormal[i]);
      size += orthonormal[i] * orthonormal[i];
    }
    return Math.sqrt(error / size);
  }

  @Override
  public List<Claim> claims() {
    return List.of(converges(), closedForms(), stable());
  }

  private Claim converges() {
    List<String> parts = new ArrayList<>();
    boolean all = true;
    for (int f = 0; f < functions.size(); f++) {
      int from = -1;
      for (int k = degrees.length - 1; k >= 0 && errors[f][k] <= REACHED; k--) {
        from = degrees[k];
      }
      // 1/(1+25r²) has poles at r = i/5: its coefficients fall like 1.22^(-degree)
      all &= from > 0;
      parts.add(functions.get(f).formula() + " " + (from > 0 ? from : "not reached"));
    }
    return new Claim(
        "Coefficients computed on the tensor grid give expansions that converge to rounding",
        "sections 5 and 6",
        "relative error 1e-12 between the nodes once the function is resolved",
        "degree for 1e-12: " + String.join(", ", parts),
        Verdict.of(all));
  }

  private static Claim closedForms() {
    // J_N(br)cos(N theta) has the coefficients 2(d+1)(-1)^n J_(d+1)(b)/b, d = N + 2n
    double largest = 0;
    int count = 0;
    for (int[] wave : new int[][] {{10, 10}, {3, 40}, {100, 150}}) {
      int order = wave[0];
      double b = wave[1];
      TestFunction function = TestFunction.of("j" + order + "_" + wave[1]);
      int degree = 220;
      DiskTransform transform = DiskTransform.ofDegree(degree);
      double[] found = transform.analyze(transform.sample(function.f()));
      double[] bessel = new double[degree + 2];
      BesselFunction.integerOrders(b, bessel);
      for (int d = order; d <= degree; d += 2) {
        double sign = (d - order) / 2 % 2 == 0 ? 1 : -1;
        double exact = 2 * (d + 1) * sign * bessel[d + 1] / b;
        int at = (int) ModeOrder.OSA.indexOf(new ZernikeIndex(d, order));
        largest = Math.max(largest, Math.abs(found[at] - exact));
        count++;
      }
    }
    return new Claim(
        "The coefficients are those of the closed forms",
        "section 6, J_N(br)cos(Nθ) for (N, b) = (10, 10), (3, 40), (100, 150)",
        "errors at rounding",
        String.format(Locale.ROOT, "largest error %.1e of %d coefficients", largest, count),
        Verdict.of(largest < 2e-13));
  }

  private Claim stable() {
    return new Claim(
        "Analysis undoes synthesis: the grid determines the expansion, and stably",
        "section 5",
        "relative error at most 2e-13 at degree 512, random orthonormal coefficients",
        String.format(Locale.ROOT, "%.1e at degree %d", roundTrip, largeDegree),
        Verdict.of(roundTrip <= 2e-13));
  }

  @Override
  public void write(Path folder) throws IOException {
    CsvTable table = new CsvTable();
    table.add("degree", IntStream.of(degrees).asLongStream().toArray());
    ConvergenceCurves curves =
        new ConvergenceCurves("Interpolation on the disk", "degree", "largest error");
    double[] d = IntStream.of(degrees).asDoubleStream().toArray();
    for (int f = 0; f < functions.size(); f++) {
      table.add(functions.get(f).name(), errors[f]);
      curves.curve(functions.get(f).formula(), d, QuadratureExperiment.drawn(errors[f]));
    }
    table.write(folder.resolve("interpolation.csv"));
    AtomicFile.writeText(folder.resolve("interpolation.svg"), curves.picture().svg());
    DiskTransform transform = DiskTransform.ofDegree(140);
    double[] wave = transform.analyze(transform.sample(TestFunction.of("sin80xy").f()));
    AtomicFile.writeText(
        folder.resolve("coefficients.svg"),
        new CoefficientDecay("Coefficients of sin(80x+y)", wave).picture().svg());
    AtomicFile.writeText(folder.resolve("error-map.svg"), errorMap().svg());
  }

  private static Picture errorMap() {
    int degree = 12;
    TestFunction function = TestFunction.of("exp3x2y");
    DiskTransform transform = DiskTransform.ofDegree(degree);
    double[] expansion = transform.analyze(transform.sample(function.f()));
    DiskEvaluator evaluator = DiskEvaluator.ofDegree(degree);
    return new WavefrontMap(
            "Error of degree " + degree,
            (x, y, out) -> {
              evaluator.values(expansion, x, y, out);
              for (int i = 0; i < x.length; i++) {
                out[i] -= function.f().applyAsDouble(x[i], y[i]);
              }
            })
        .caption(function.formula() + ", interpolated on " + transform.rule().size() + " nodes")
        .unit("size of the error")
        .magnitudes(1e-10)
        .picture();
  }
}
