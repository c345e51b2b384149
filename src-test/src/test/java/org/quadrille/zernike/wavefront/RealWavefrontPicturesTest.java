package org.quadrille.zernike.wavefront;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.quadrille.zernike.DiskEvaluator;
import org.quadrille.zernike.DiskFunction;
import org.quadrille.zernike.ZernikeBasis;
import org.quadrille.zernike.plot.ColourMap;
import org.quadrille.zernike.plot.Picture;
import org.quadrille.zernike.plot.PsfPicture;
import org.quadrille.zernike.plot.WavefrontMap;

/**
 * Draws real data on a disk, their fits and what the fits leave, and a telescope's wavefronts and
 * images over its field, into {@code -Dquadrille.pictures=DIR} (default: target/pictures). See
 * {@link RealPictures} for the files.
 */
@Tag("real-data")
class RealWavefrontPicturesTest {

  private static void write(String name, Picture picture) throws IOException {
    Path folder = Path.of(System.getProperty("quadrille.pictures", "target/pictures"));
    Files.createDirectories(folder);
    byte[] png = picture.png();
    Files.write(folder.resolve(name + ".png"), png);
    assertTrue(png.length > 20_000, name + ": " + png.length + " bytes");
  }

  private static DiskFunction image(RealPictures.Disk disk) {
    return DiskFunction.of((x, y) -> disk.grid().bilinear(disk.pixels(), x, y));
  }

  private static void fitted(String name, String unit, RealPictures.Disk disk, int degree)
      throws IOException {
    WavefrontFit fit = new FitOptions(degree).fitPixels(disk.grid(), disk.pixels());
    double[] z = fit.zernike();
    double spread = 0;
    for (int j = 1; j < z.length; j++) {
      spread += z[j] * z[j];
    }
    double low = z[0] - 2.5 * Math.sqrt(spread);
    double high = z[0] + 2.5 * Math.sqrt(spread);
    DiskFunction data = image(disk);
    DiskFunction model = (x, y, out) -> System.arraycopy(fit.values(x, y), 0, out, 0, x.length);
    DiskFunction residual =
        (x, y, out) -> {
          data.values(x, y, out);
          double[] values = fit.values(x, y);
          for (int i = 0; i < x.length; i++) {
            out[i] -= values[i];
          }
        };
    String rms = String.format(Locale.ROOT, "RMS %.3g %s", fit.residualRms(), unit);
    Picture row =
        Picture.row(
            name,
            List.of(
                map("data", data, low, high, unit),
                map("degree " + degree + ", " + z.length + " modes", model, low, high, unit),
                new WavefrontMap("residual", residual)
                    .caption(rms)
                    .unit(unit)
                    .size(260)
                    .picture()));
    write(name.replace(' ', '-'), row);
  }

  private static Picture map(
      String title, DiskFunction field, double low, double high, String unit) {
    return new WavefrontMap(title, field)
        .colours(ColourMap.SEQUENTIAL, low, high)
        .caption(" ")
        .unit(unit)
        .size(260)
        .picture();
  }

  @Test
  void sunAndMountainAreFitted() throws IOException {
    fitted("Sun at 17.1 nm", "DN", RealPictures.sun(), 30);
    fitted("Jacksboro fault", "m", RealPictures.elevation(), 40);
  }

  @Test
  void telescopeAcrossTheField() throws IOException {
    DoubleZernike telescope = DoubleZernike.rotationallySymmetric(RealPictures.telescope());
    List<Picture> pictures = new ArrayList<>();
    double[] field = {0, 0.5, 1};
    for (double u : field) {
      double[] waves = telescope.pupil(u, 0);
      PupilBasis annular = PupilBasis.of(10, PupilQuadrature.annulus(20, 0.612));
      double[] plain = ZernikeBasis.OSA.toPlainOsa(waves);
      double mean = annular.fromZernike(waves)[0];
      DiskEvaluator evaluator = DiskEvaluator.ofDegree(10);
      DiskFunction annulus =
          (x, y, out) -> {
            evaluator.values(plain, x, y, out);
            for (int i = 0; i < x.length; i++) {
              boolean dark = Math.hypot(x[i], y[i]) < 0.612;
              out[i] = dark ? Double.NaN : out[i] - mean;
            }
          };
      double rms = annular.rms(annular.fromZernike(waves));
      String caption = String.format(Locale.ROOT, "RMS %.3f on the annulus", rms);
      pictures.add(
          new WavefrontMap("wavefront, field radius " + u, annulus)
              .caption(caption)
              .size(260)
              .picture());
    }
    for (double u : field) {
      PointSpread image = PointSpread.of(telescope.pupil(u, 0), 0.612, 257, 0.125);
      String strehl = String.format(Locale.ROOT, "Strehl ratio %.3f", image.strehl());
      pictures.add(
          new PsfPicture("image, field radius " + u, image.intensity(), 16)
              .caption(strehl)
              .decades(4)
              .picture());
    }
    write("LSST", Picture.arranged("Telescope from its double Zernike table", pictures, 3));
  }
}
