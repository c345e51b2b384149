package org.quadrille.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Units;
import org.quadrille.cli.zernike.BasisOptions;
import org.quadrille.cli.zernike.CoefficientFile;
import org.quadrille.cli.zernike.PictureFile;
import org.quadrille.formats.JsonObject;
import org.quadrille.zernike.DiskEvaluator;
import org.quadrille.zernike.DiskFunction;
import org.quadrille.zernike.DiskModes;
import org.quadrille.zernike.ModeNames;
import org.quadrille.zernike.RadialRule;
import org.quadrille.zernike.ZernikeBasis;
import org.quadrille.zernike.ZernikeIndex;
import org.quadrille.zernike.plot.CoefficientBars;
import org.quadrille.zernike.plot.CoefficientDecay;
import org.quadrille.zernike.plot.ModePyramid;
import org.quadrille.zernike.plot.NodeLayout;
import org.quadrille.zernike.plot.Picture;
import org.quadrille.zernike.plot.PsfPicture;
import org.quadrille.zernike.plot.RadialProfile;
import org.quadrille.zernike.plot.WavefrontMap;
import org.quadrille.zernike.wavefront.PointSpread;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quadrille zernike plot}: pictures. */
@Command(
    name = "plot",
    description = "Draw modes, rules or an expansion as SVG or PNG.",
    footer = {
      "",
      "Examples: quadrille zernike plot --degree 6 --index noll --out modes.svg",
      "          quadrille zernike plot --what nodes --degree 22 --out nodes.png",
      "          quadrille zernike plot --what psf --in coefficients.csv --norm --out psf.png",
      "pyramid: all modes to a degree; mode: one of them; radial: radial polynomials of an order;",
      "nodes: rules exact to a degree. With a table of coefficients (columns n,m,coefficient or",
      "j,coefficient), wavefront: a map; psf: its point spread function, coefficients in waves;",
      "bars: the coefficients; decay: their sizes by degree."
    })
final class ZernikePlotCommand extends QuadrilleCommand {
  /** Pixels of a side of a point spread function, and wavelengths over the diameter for each. */
  private static final int PSF_SIZE = 255;

  private static final double PSF_STEP = 1.0 / 16;

  private enum What {
    pyramid,
    mode,
    radial,
    nodes,
    wavefront,
    psf,
    bars,
    decay
  }

  @Option(
      names = "--what",
      paramLabel = "WHAT",
      description = "One of ${COMPLETION-CANDIDATES} (default: wavefront with --in, else pyramid).")
  private What what;

  @Option(
      names = "--degree",
      paramLabel = "N",
      description = "Highest degree of a pyramid or of radial polynomials; exactness of rules.")
  private Integer degree;

  @Option(
      names = "--mode",
      paramLabel = "J|N,M",
      split = ",",
      description = "One mode: its index in the order of --index, or degree and order.")
  private int[] mode;

  @Option(
      names = "--azimuthal",
      paramLabel = "M",
      defaultValue = "0",
      description = "Angular order of radial polynomials (default: 0).")
  private int azimuthal;

  @Option(
      names = "--in",
      paramLabel = "FILE.csv",
      description = "Coefficients of an expansion: columns n,m,coefficient or j,coefficient.")
  private Path in;

  @Mixin private BasisOptions basis;

  @Option(
      names = "--obscuration",
      paramLabel = "E",
      defaultValue = "0",
      description = "Radius of a central hole of the pupil, 0 to below 1 (default: 0).")
  private double obscuration;

  @Option(
      names = "--unit",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Unit of the coefficients, for labels.")
  private String unit;

  @Option(
      names = "--title",
      paramLabel = "TEXT",
      description = "Title of the picture instead of the usual one.")
  private String title;

  @Option(
      names = "--scale",
      paramLabel = "S",
      defaultValue = "2",
      description = "Pixels of a PNG per 1/96 inch, 0.1 to 20 (default: 2).")
  private double scale;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Picture to write; its name ends in .svg or .png.")
  private Path out;

  @Override
  protected void execute(Console console) throws IOException {
    check();
    long start = System.nanoTime();
    Picture picture = picture();
    long bytes = PictureFile.write(out, picture, scale);
    double seconds = (System.nanoTime() - start) * 1e-9;
    console.print(
        "Wrote "
            + picture.name()
            + " to "
            + out
            + ", "
            + Units.bytes(bytes)
            + ", in "
            + Units.seconds(seconds));
    console.document(
        new JsonObject()
            .put("what", kind().name())
            .put("out", out.toString())
            .put("width", picture.width())
            .put("height", picture.height())
            .put("bytes", bytes)
            .put("seconds", seconds));
  }

  private What kind() {
    return what != null ? what : in != null ? What.wavefront : What.pyramid;
  }

  private void check() {
    if (!PictureFile.isNamed(out)) {
      throw wrongUsage("--out " + out + ": expected a name that ends in .svg or .png");
    }
    if (!(scale >= 0.1 && scale <= 20)) {
      throw wrongUsage("--scale " + scale + ": expected 0.1 to 20");
    }
    if (!(obscuration >= 0 && obscuration < 1)) {
      throw wrongUsage("--obscuration " + obscuration + ": expected 0 to below 1");
    }
    What kind = kind();
    boolean takesExpansion =
        switch (kind) {
          case wavefront, psf, bars, decay -> true;
          case pyramid, mode, radial, nodes -> false;
        };
    if (takesExpansion && in == null) {
      throw wrongUsage("--what " + kind + " needs --in FILE.csv with the coefficients");
    }
    if (!takesExpansion && in != null) {
      throw wrongUsage("--what " + kind + " takes no --in; leave one of them out");
    }
    if ((kind == What.mode) != (mode != null)) {
      throw wrongUsage("--what mode and --mode J or --mode N,M go together");
    }
    if (!takesExpansion && kind != What.mode && degree == null) {
      throw wrongUsage("--what " + kind + " needs --degree N");
    }
  }

  private Picture picture() throws IOException {
    return switch (kind()) {
      case pyramid -> new ModePyramid(degree, basis.order()).picture();
      case mode -> single();
      case radial -> radial();
      case nodes -> nodes();
      case wavefront -> wavefront(CoefficientFile.read(in, basis));
      case psf -> psf(CoefficientFile.read(in, basis));
      case bars -> bars(CoefficientFile.read(in, basis));
      case decay ->
          new CoefficientDecay(named("Coefficients"), CoefficientFile.read(in, basis)).picture();
    };
  }

  private String named(String usual) {
    return title == null ? usual : title;
  }

  private Picture single() {
    if (mode.length > 2) {
      throw wrongUsage("--mode with " + mode.length + " numbers: expected J or N,M");
    }
    ZernikeIndex index =
        mode.length == 2 ? new ZernikeIndex(mode[0], mode[1]) : basis.order().mode(mode[0]);
    String words =
        String.format(
            Locale.ROOT, "degree %d, order %d, %s", index.degree(), index.order(), numbered(index));
    return new WavefrontMap(named(capitalized(ModeNames.of(index))), ModePyramid.field(index))
        .caption(words)
        .picture();
  }

  private String numbered(ZernikeIndex index) {
    return basis.orderTitle() + " " + basis.order().indexOf(index);
  }

  private static String capitalized(String words) {
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }

  private Picture radial() {
    if (azimuthal < 0 || degree < azimuthal) {
      throw wrongUsage(
          "--degree " + degree + " --azimuthal " + azimuthal + ": expected 0 <= M <= N");
    }
    return new RadialProfile(azimuthal, 0, Math.min(12, (degree - azimuthal) / 2 + 1)).picture();
  }

  private Picture nodes() {
    if (degree < 0 || degree > 400) {
      throw wrongUsage("--degree " + degree + ": expected 0 to 400 for a picture of nodes");
    }
    int angles = degree + 1;
    RadialRule a = RadialRule.inRadius(degree / 2 + 1, 0);
    RadialRule b = RadialRule.inSquaredRadius(degree / 4 + 1, 0);
    return Picture.row(
        named("Rules exact to degree " + degree),
        List.of(
            new NodeLayout("Gauss in the radius", a.radii(), a.radialWeights(), angles).picture(),
            new NodeLayout("Gauss in the squared radius", b.radii(), b.radialWeights(), angles)
                .picture()));
  }

  private Picture wavefront(double[] plain) {
    WavefrontMap map =
        new WavefrontMap(named("Wavefront"), field(plain)).unit(unit).caption(rms(plain));
    return map.picture();
  }

  /** The expansion where the pupil is open. */
  private DiskFunction field(double[] plain) {
    DiskEvaluator evaluator = DiskEvaluator.ofDegree(DiskModes.degree(plain.length));
    return (x, y, values) -> {
      evaluator.values(plain, x, y, values);
      for (int i = 0; i < x.length; i++) {
        if (Math.hypot(x[i], y[i]) < obscuration) {
          values[i] = Double.NaN;
        }
      }
    };
  }

  /** Root of the sum of squares of orthonormal coefficients without the first. */
  private String rms(double[] plain) {
    double[] orthonormal = ZernikeBasis.OSA.fromPlainOsa(plain);
    double sum = 0;
    for (int i = 1; i < orthonormal.length; i++) {
      sum += orthonormal[i] * orthonormal[i];
    }
    return "RMS over the whole disk without piston "
        + Units.significant(Math.sqrt(sum))
        + (unit.isEmpty() ? "" : " " + unit);
  }

  /** The coefficients are taken as waves. */
  private Picture psf(double[] plain) {
    PointSpread psf =
        PointSpread.of(ZernikeBasis.OSA.fromPlainOsa(plain), obscuration, PSF_SIZE, PSF_STEP);
    return new PsfPicture(
            named("Point spread function"), psf.intensity(), 0.5 * PSF_SIZE * PSF_STEP)
        .caption("Strehl ratio " + Units.significant(psf.strehl()))
        .picture();
  }

  private Picture bars(double[] plain) {
    double[] values = basis.basis().fromPlainOsa(plain);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      names.add((basis.order().first() + i) + " " + ModeNames.of(basis.basis().mode(i)));
    }
    return new CoefficientBars(named("Coefficients"), names, values)
        .caption(rms(plain))
        .axis(basis.orderTitle())
        .unit(unit.isEmpty() ? "coefficient" : unit)
        .picture();
  }
}
