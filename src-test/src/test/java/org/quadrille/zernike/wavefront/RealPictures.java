package org.quadrille.zernike.wavefront;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Published data on a disk, if they have been fetched: {@code -Dquadrille.realdata=DIR} (default:
 * target/real-data of the repository) with
 *
 * <ul>
 *   <li>{@code lsst/LSST_Double_Zernike_coeffs.csv}: share folder of GalSim, commit 0068baac9 of
 *       2018
 *   <li>{@code dem/jacksboro_fault_dem.npz}: sample data of Matplotlib
 *   <li>{@code sun/aia_171_level1.fits}: test data of SunPy
 * </ul>
 */
final class RealPictures {
  private RealPictures() {}

  /** Pixels and where they lie on the disk. */
  record Disk(PixelGrid grid, double[] pixels) {}

  private static Path file(String name) {
    String home = System.getProperty("quadrille.home", "..");
    String root =
        System.getProperty("quadrille.realdata", Path.of(home, "target/real-data").toString());
    Path path = Path.of(root, name);
    assumeTrue(Files.exists(path), () -> path + " has not been fetched");
    return path;
  }

  /** The design of the LSST: columns pupil.n, pupil.m, field.n, field.m, coefficient. */
  static List<DoubleZernike.Term> telescope() throws IOException {
    return Files.readAllLines(file("lsst/LSST_Double_Zernike_coeffs.csv")).stream()
        .skip(1)
        .filter(line -> !line.isBlank())
        .map(
            line -> {
              String[] cells = line.split(",");
              int[] modes = IntStream.range(0, 4).map(i -> Integer.parseInt(cells[i])).toArray();
              return DoubleZernikeTest.term(
                  modes[0], modes[1], modes[2], modes[3], Double.parseDouble(cells[4]));
            })
        .toList();
  }

  /** Heights in metres of the Jacksboro fault, 344 x 403, and the inscribed disk. */
  static Disk elevation() throws IOException {
    try (ZipFile archive = new ZipFile(file("dem/jacksboro_fault_dem.npz").toFile())) {
      ZipEntry entry = archive.getEntry("elevation.npy");
      ByteBuffer bytes = ByteBuffer.wrap(archive.getInputStream(entry).readAllBytes());
      bytes.order(ByteOrder.LITTLE_ENDIAN);
      // a magic number of 8 bytes, the length of the header, the header, then 16-bit integers
      int start = 10 + bytes.getShort(8);
      double[] pixels = new double[344 * 403];
      for (int i = 0; i < pixels.length; i++) {
        // the first row is the north
        int row = 343 - i / 403;
        pixels[row * 403 + i % 403] = bytes.getShort(start + 2 * i);
      }
      return new Disk(PixelGrid.inscribed(344, 403), pixels);
    }
  }

  /** The Sun at 17.1 nm, 128 x 128, and its disk by the keywords of the file. */
  static Disk sun() throws IOException {
    byte[] bytes = Files.readAllBytes(file("sun/aia_171_level1.fits"));
    String header = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = header.indexOf("END     ");
    while (end % 80 != 0) {
      end = header.indexOf("END     ", end + 1);
    }
    int start = (end / 2880 + 1) * 2880;
    int columns = (int) keyword(header, "NAXIS1");
    int rows = (int) keyword(header, "NAXIS2");
    ByteBuffer data = ByteBuffer.wrap(bytes, start, 8 * rows * columns);
    double[] pixels = new double[rows * columns];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = data.getDouble();
    }
    // pixels of FITS files are counted from 1
    PixelGrid grid =
        new PixelGrid(
            rows,
            columns,
            keyword(header, "CRPIX2") - 1,
            keyword(header, "CRPIX1") - 1,
            keyword(header, "RSUN_OBS") / keyword(header, "CDELT1"));
    return new Disk(grid, pixels);
  }

  private static double keyword(String header, String name) {
    int at = header.indexOf(String.format("%-8s= ", name));
    return Double.parseDouble(header.substring(at + 10, at + 30).strip());
  }
}
