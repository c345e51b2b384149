package org.quadrille.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Table;
import org.quadrille.cli.console.Units;
import org.quadrille.cli.zernike.BasisOptions;
import org.quadrille.cli.zernike.CoefficientFile;
import org.quadrille.cli.zernike.PictureFile;
import org.quadrille.cli.zernike.PointTable;
import org.quadrille.formats.JsonObject;
import org.quadrille.formats.NpyFile;
import org.quadrille.linalg.Tensor;
import org.quadrille.zernike.DiskEvaluator;
import org.quadrille.zernike.ModeNames;
import org.quadrille.zernike.ZernikeBasis;
import org.quadrille.zernike.plot.Picture;
import org.quadrille.zernike.plot.PointCloudFit;
import org.quadrille.zernike.wavefront.FitOptions;
import org.quadrille.zernike.wavefront.PixelGrid;
import org.quadrille.zernike.wavefront.PupilBasis;
import org.quadrille.zernike.wavefront.PupilQuadrature;
import org.quadrille.zernike.wavefront.WavefrontFit;
import org.quadrille.zernike.wavefront.WavefrontStatistics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quadrille zernike fit}: least squares. */
@Command(
    name = "fit",
    description = "Fit Zernike modes to scattered points, to slopes or to an image.",
    footer = {
      "",
      "Example: quadrille zernike fit --in points.csv --degree 6 --index noll --norm --plot fit.png",
      "The table has the columns x,y (pupil radii) and value, or dx,dy for slopes, and if wanted",
      "weight. Missing values may be blank or NaN; they and points outside the disk are counted.",
      "Of an image (.npy, the first row lowest) the pixels in the inscribed disk are fitted."
    })
final class ZernikeFitCommand extends QuadrilleCommand {
  @Option(
      names = "--in",
      required = true,
      paramLabel = "FILE",
      description = "Points (.csv) or an image (.npy).")
  private Path in;

  @Option(
      names = "--degree",
      required = true,
      paramLabel = "N",
      description = "All modes to this degree are fitted.")
  private int degree;

  @Mixin private BasisOptions basis;

  @Option(
      names = "--ridge",
      paramLabel = "LAMBDA",
      defaultValue = "0",
      description = "Adds LAMBDA times the sum of degree^4 coefficient^2 (default: 0).")
  private double ridge;

  @Option(
      names = "--rank-tolerance",
      paramLabel = "T",
      defaultValue = "0",
      description =
          "Leave out combinations of modes whose singular value is below T times the largest.")
  private double rankTolerance;

  @Option(
      names = "--obscuration",
      paramLabel = "E",
      defaultValue = "0",
      description =
          "Radius of a central hole: fitted are modes orthonormal on the ring (default: 0).")
  private double obscuration;

  @Option(names = "--unit", paramLabel = "NAME", defaultValue = "", description = "For labels.")
  private String unit;

  @Option(
      names = "--out",
      paramLabel = "FILE.csv",
      description = "Also write the coefficients there.")
  private Path out;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Also draw points, fit and residuals (.svg or .png).")
  private Path plot;

  @Override
  protected void execute(Console console) throws IOException {
    check();
    PointTable points = points();
    FitOptions options = new FitOptions(degree).withRidge(ridge).withRankTolerance(rankTolerance);
    long start = System.nanoTime();
    if (obscuration > 0) {
      options =
          options.withBasis(
              PupilBasis.of(degree, PupilQuadrature.annulus(2 * degree, obscuration)));
    }
    WavefrontFit fit =
        points.values() != null
            ? options.fit(points.x(), points.y(), points.values(), points.weights())
            : options.fitSlopes(
                points.x(), points.y(), points.slopeX(), points.slopeY(), points.weights());
    double seconds = (System.nanoTime() - start) * 1e-9;
    ZernikeBasis wanted = basis.basis();
    double[] plain = ZernikeBasis.OSA.toPlainOsa(fit.zernike());
    double[] coefficients = wanted.fromPlainOsa(plain);
    WavefrontStatistics statistics = WavefrontStatistics.of(fit.zernike());
    if (out != null) {
      CoefficientFile.write(out, coefficients, wanted);
    }
    if (plot != null) {
      PictureFile.write(plot, picture(points, plain, fit), Picture.DEFAULT_SCALE);
    }
    show(console, fit, coefficients, statistics, seconds);
    console.document(document(fit, coefficients, statistics, seconds));
  }

  private void check() {
    if (plot != null && !PictureFile.isNamed(plot)) {
      throw wrongUsage("--plot " + plot + ": expected a name that ends in .svg or .png");
    }
    if (!(obscuration >= 0 && obscuration < 1)) {
      throw wrongUsage("--obscuration " + obscuration + ": expected 0 to below 1");
    }
    if (degree < 0) {
      throw wrongUsage("--degree " + degree + ": expected 0 or more");
    }
  }

  private PointTable points() throws IOException {
    if (!in.toString().toLowerCase(Locale.ROOT).endsWith(".npy")) {
      return PointTable.read(in);
    }
    Tensor image = NpyFile.read(in);
    if (image.rank() != 2 || image.length() == 0) {
      throw new CommandFailure(in + " holds " + image + ", expected an image; reshape it");
    }
    PixelGrid grid = PixelGrid.inscribed(image.size(0), image.size(1));
    int[] inside = grid.inside();
    double[] x = new double[inside.length];
    double[] y = new double[inside.length];
    double[] values = new double[inside.length];
    for (int i = 0; i < inside.length; i++) {
      x[i] = grid.x(inside[i]);
      y[i] = grid.y(inside[i]);
      values[i] = image.get(inside[i] / image.size(1), inside[i] % image.size(1));
    }
    return new PointTable(x, y, values, null, null, null);
  }

  private Picture picture(PointTable points, double[] plain, WavefrontFit fit) {
    DiskEvaluator evaluator = DiskEvaluator.ofDegree(degree);
    double[] shown =
        points.values() != null
            ? points.values()
            : evaluator.values(plain, points.x(), points.y(), null);
    return new PointCloudFit(
            "Fit of degree " + degree,
            points.x(),
            points.y(),
            shown,
            (x, y, values) -> {
              evaluator.values(plain, x, y, values);
              for (int i = 0; i < x.length; i++) {
                if (Math.hypot(x[i], y[i]) < obscuration) {
                  values[i] = Double.NaN;
                }
              }
            })
        .unit(unit)
        .caption(summary(fit))
        .picture();
  }

  private String summary(WavefrontFit fit) {
    return fit.samplesUsed()
        + (fit.samplesDropped() > 0 ? " points, " + fit.samplesDropped() + " left out" : " points")
        + ", residual RMS "
        + Units.significant(fit.residualRms())
        + (unit.isEmpty() ? "" : " " + unit);
  }

  private void show(
      Console console,
      WavefrontFit fit,
      double[] coefficients,
      WavefrontStatistics statistics,
      double seconds) {
    Table table = new Table().number(basis.orderName()).text("mode").number("coefficient");
    for (int i = 0; i < coefficients.length; i++) {
      table.row(
          Long.toString(basis.order().first() + (long) i),
          ModeNames.of(basis.basis().mode(i)),
          String.format(Locale.ROOT, "%.9g", coefficients[i]));
    }
    console.print(table);
    console.print("");
    console.print(
        summary(fit)
            + "; condition number "
            + Units.significant(fit.conditionNumber())
            + ", rank "
            + fit.rank()
            + " of "
            + fit.options().modes());
    console.print(
        "Over the whole disk, without piston: RMS "
            + Units.significant(statistics.rms())
            + ", peak to valley "
            + Units.significant(statistics.peakToValley())
            + "; in "
            + Units.seconds(seconds));
  }

  private JsonObject document(
      WavefrontFit fit, double[] coefficients, WavefrontStatistics statistics, double seconds) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < coefficients.length; i++) {
      names.add(ModeNames.of(basis.basis().mode(i)));
    }
    JsonObject document =
        new JsonObject()
            .put("degree", degree)
            .put("index", basis.orderName())
            .put("norm", basis.normName())
            .put("coefficients", coefficients)
            .put("names", names);
    if (obscuration > 0) {
      document.put("annularCoefficients", fit.coefficients());
    }
    return document
        .put("standardErrors", standardErrors(fit))
        .put("residual", fit.residualRms())
        .put(
            "conditionNumber",
            Double.isFinite(fit.conditionNumber()) ? fit.conditionNumber() : null)
        .put("rank", fit.rank())
        .put("samplesUsed", fit.samplesUsed())
        .put("samplesDropped", fit.samplesDropped())
        .put("rms", statistics.rms())
        .put("peakToValley", statistics.peakToValley())
        .put("seconds", seconds);
  }

  /** Of what was fitted: the ring's modes if there is a hole, else those of the coefficients. */
  private List<Double> standardErrors(WavefrontFit fit) {
    double[] errors = fit.standardErrors();
    if (obscuration == 0 && !Double.isNaN(errors[errors.length - 1])) {
      // each coefficient is scaled by itself, and so is its error
      errors = basis.basis().fromPlainOsa(ZernikeBasis.OSA.toPlainOsa(errors));
    }
    List<Double> list = new ArrayList<>();
    for (double error : errors) {
      list.add(Double.isFinite(error) ? error : null);
    }
    return list;
  }
}
