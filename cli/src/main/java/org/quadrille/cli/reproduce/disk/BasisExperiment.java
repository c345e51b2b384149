package org.quadrille.cli.reproduce.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleBinaryOperator;
import org.quadrille.cli.reproduce.Claim;
import org.quadrille.cli.reproduce.Claim.Verdict;
import org.quadrille.cli.zernike.TestFunction;
import org.quadrille.formats.CsvTable;
import org.quadrille.zernike.DiskModes;
import org.quadrille.zernike.DiskTransform;
import org.quadrille.zernike.ModeOrder;

/**
 * How many coefficients a function takes in Zernike polynomials and in Chebyshev polynomials of the
 * radius times Fourier modes of the angle, for errors of at most a tolerance.
 *
 * <p>Both errors are bounded by the sum of the sizes of what is left out, as all functions of both
 * bases are at most 1. J. Boyd and F. Yu, "Comparing seven spectral methods for interpolation and
 * for solving the Poisson equation in a disk", J. Comput. Phys. 230, 2011.
 */
public final class BasisExperiment implements Experiment {
  private static final List<String> NAMES =
      List.of("exp3x2y", "gauss_off", "cos20x", "gauss40", "j10_10", "cos80xy");

  private static final double TOLERANCE = 1e-10;

  private final List<TestFunction> functions = new ArrayList<>();
  private final long[] zernike;
  private final long[] chebyshev;

  /** Counts. */
  public BasisExperiment() {
    NAMES.forEach(name -> functions.add(TestFunction.of(name)));
    zernike = new long[functions.size()];
    chebyshev = new long[functions.size()];
    for (int i = 0; i < zernike.length; i++) {
      int degree = functions.get(i).name().equals("cos80xy") ? 150 : 90;
      zernike[i] = zernike(functions.get(i).f(), degree);
      chebyshev[i] = chebyshev(functions.get(i).f(), degree + 10);
    }
  }

  /** All modes to the least degree beyond which the coefficients add up to the tolerance. */
  private static long zernike(DoubleBinaryOperator f, int degree) {
    DiskTransform transform = DiskTransform.ofDegree(degree);
    double[] c = transform.analyze(transform.sample(f));
    double left = 0;
    int least = 0;
    for (int j = c.length - 1; j >= 0; j--) {
      left += Math.abs(c[j]);
      if (left > TOLERANCE) {
        least = ModeOrder.OSA.mode(j).degree();
        break;
      }
    }
    return DiskModes.count(least);
  }

  /**
   * The smallest number of products {@code T_j(r) cos(m theta)}, {@code T_j(r) sin(m theta)}, j - m
   * even, j to J and m to K, whose rest adds up to the tolerance.
   */
  private static long chebyshev(DoubleBinaryOperator f, int size) {
    double[][] coefficients = chebyshevFourier(f, size);
    // tail[J][K]: sum over all j > J or m > K
    double total = 0;
    for (double[] row : coefficients) {
      for (double c : row) {
        total += c;
      }
    }
    long best = Long.MAX_VALUE;
    double[] inside = new double[size + 1];
    for (int j = 0; j <= size; j++) {
      double row = 0;
      for (int m = 0; m <= size; m++) {
        row += coefficients[j][m];
        inside[m] += row;
        if (total - inside[m] <= TOLERANCE) {
          best = Math.min(best, count(j, m));
          break;
        }
      }
    }
    return best;
  }

  /** Real coefficients with j to {@code radial} and m to {@code angular}, j - m even. */
  private static long count(int radial, int angular) {
    long count = 0;
    for (int m = 0; m <= angular; m++) {
      long orders = radial >= m % 2 ? (radial - m % 2) / 2 + 1L : 0;
      count += m == 0 ? orders : 2 * orders;
    }
    return count;
  }

  /**
   * Sizes {@code |cos part| + |sin part|} of the coefficients [j, m], from samples at {@code r =
   * cos((i + 1/2) pi / n)} to both sides of the centre.
   */
  private static double[][] chebyshevFourier(DoubleBinaryOperator f, int size) {
    int radii = 2 * size + 2;
    int angles = 2 * size + 2;
    double[][] cosine = new double[radii][size + 1];
    double[][] sine = new double[radii][size + 1];
    for (int i = 0; i < radii; i++) {
      double r = Math.cos((i + 0.5) * Math.PI / radii);
      for (int k = 0; k < angles; k++) {
        double theta = 2 * Math.PI * k / angles;
        double value = f.applyAsDouble(r * Math.cos(theta), r * Math.sin(theta));
        for (int m = 0; m <= size; m++) {
          double angle = 2 * Math.PI * ((long) k * m % angles) / angles;
          double scale = (m == 0 ? 1.0 : 2.0) / angles;
          cosine[i][m] += scale * value * Math.cos(angle);
          sine[i][m] += scale * value * Math.sin(angle);
        }
      }
    }
    double[][] sizes = new double[size + 1][size + 1];
    for (int j = 0; j <= size; j++) {
      double[] transform = new double[radii];
      for (int i = 0; i < radii; i++) {
        double scale = (j == 0 ? 1.0 : 2.0) / radii;
        transform[i] = scale * Math.cos(j * (i + 0.5) * Math.PI / radii);
      }
      for (int m = 0; m <= size; m++) {
        double a = 0;
        double b = 0;
        for (int i = 0; i < radii; i++) {
          a += transform[i] * cosine[i][m];
          b += transform[i] * sine[i][m];
        }
        sizes[j][m] = (j - m) % 2 == 0 ? Math.abs(a) + Math.abs(b) : 0;
      }
    }
    return sizes;
  }

  @Override
  public List<Claim> claims() {
    List<String> parts = new ArrayList<>();
    int fewer = 0;
    for (int i = 0; i < zernike.length; i++) {
      fewer += zernike[i] <= chebyshev[i] ? 1 : 0;
      parts.add(
          String.format(
              Locale.ROOT, "%s %d, %d", functions.get(i).formula(), zernike[i], chebyshev[i]));
    }
    return List.of(
        new Claim(
            "Zernike polynomials take fewer coefficients than Chebyshev polynomials times Fourier"
                + " modes",
            "J. Boyd and F. Yu, 2011",
            "fewer for every function",
            "for "
                + fewer
                + " of "
                + zernike.length
                + ", waves above all; few angular orders are better served by a rectangle of"
                + " coefficients (to 1e-10: "
                + String.join("; ", parts)
                + ")",
            Verdict.of(fewer == zernike.length)));
  }

  @Override
  public void write(Path folder) throws IOException {
    new CsvTable()
        .add("function", functions.stream().map(TestFunction::name).toList())
        .add("zernike", zernike)
        .add("chebyshev_fourier", chebyshev)
        .write(folder.resolve("degrees-of-freedom.csv"));
  }
}
