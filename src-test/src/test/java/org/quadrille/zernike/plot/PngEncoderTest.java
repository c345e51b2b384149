package org.quadrille.zernike.plot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PngEncoderTest {
  private static void assertReadsBack(PixelImage image) throws IOException {
    byte[] file = image.png();
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(file));
    assertEquals(image.width(), read.getWidth());
    assertEquals(image.height(), read.getHeight());
    for (int row = 0; row < image.height(); row++) {
      for (int column = 0; column < image.width(); column++) {
        int expected = image.pixel(column, row);
        int found = read.getRGB(column, row);
        assertEquals(expected, found, "pixel " + column + ", " + row);
      }
    }
    assertArrayEquals(file, image.png(), "the same image gives the same bytes");
  }

  @Property(tries = 60)
  void anIndependentReaderFindsEveryPixel(
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll boolean opaque,
      @ForAll long seed)
      throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    PixelImage image = new PixelImage(width, height);
    for (int i = 0; i < width * height; i++) {
      int noise = random.nextInt();
      image.set(i % width, i / width, opaque ? noise | 0xFF000000 : noise);
    }
    assertReadsBack(image);
  }

  @Test
  void smoothImagesUseTheFilters() throws IOException {
    PixelImage image = new PixelImage(300, 200);
    for (int row = 0; row < 200; row++) {
      for (int column = 0; column < 300; column++) {
        int red = column * 255 / 299;
        int green = row * 255 / 199;
        int blue = (column + row) / 2;
        image.set(column, row, 0xFF000000 | red << 16 | green << 8 | blue & 255);
      }
    }
    assertReadsBack(image);
    int raw = 3 * 300 * 200;
    assertEquals(true, image.png().length < raw / 20, "a gradient is packed well");
  }

  @Test
  void sizesAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> new PixelImage(0, 5));
    assertThrows(IllegalArgumentException.class, () -> new PixelImage(5, -1));
    assertThrows(IllegalArgumentException.class, () -> new PixelImage(1 << 15, 1 << 14));
  }

  @Test
  void opacityIsLaidOver() {
    PixelImage image = new PixelImage(1, 1);
    image.blend(0, 0, 0x204060, 1);
    assertEquals(0xFF204060, image.pixel(0, 0));
    image.blend(0, 0, 0xFFFFFF, 0.5);
    assertEquals(0xFF90A0B0, image.pixel(0, 0));
    image.blend(3, -1, 0, 1);
    assertEquals(0xFF90A0B0, image.pixel(0, 0), "nothing happens outside");
  }
}
