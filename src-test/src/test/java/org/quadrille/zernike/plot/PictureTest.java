package org.quadrille.zernike.plot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.quadrille.zernike.DiskFunction;
import org.quadrille.zernike.ModeOrder;
import org.quadrille.zernike.RadialRule;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class PictureTest {
  private static final DiskFunction COMA = ModePyramid.field(ModeOrder.NOLL.mode(8));

  private static final Map<String, Picture> PICTURES = pictures();

  private static Map<String, Picture> pictures() {
    Map<String, Picture> all = new TreeMap<>();
    all.put("pyramid", new ModePyramid(2, ModeOrder.NOLL).picture());
    all.put("map", new WavefrontMap("Coma & more <1>", COMA).unit("waves").size(60).picture());
    all.put("errors", new WavefrontMap("", COMA).magnitudes(1e-3).size(60).picture());
    all.put("psf", new PsfPicture("PSF", new double[] {1, 0.5, 0, 1e-9}, 2).picture());
    all.put(
        "bars",
        new CoefficientBars("Bars", List.of("1 piston", "2 tilt"), new double[] {-1, 2})
            .deviations(new double[] {0.1, 0.2})
            .picture());
    double[] x = {0, 0.5, -0.3};
    double[] y = {0, 0.2, 0.4};
    all.put(
        "cloud", new PointCloudFit("Fit", x, y, new double[] {0, 1, Double.NaN}, COMA).picture());
    all.put(
        "curves",
        new ConvergenceCurves("Errors", "n", "error")
            .curve("f", new double[] {1, 2, 3}, new double[] {1e-2, 0, 1e-9})
            .reference("bound", new double[] {1, 3}, new double[] {1, 1e-8})
            .picture());
    all.put("radial", new RadialProfile(2, 1, 3).picture());
    RadialRule rule = RadialRule.inRadius(5, 0);
    Picture nodes = new NodeLayout("A", rule.radii(), rule.radialWeights(), 9).picture();
    all.put("nodes", nodes);
    all.put(
        "decay", new CoefficientDecay("Decay", new double[] {1, 0, 1e-3, 1e-9, 0, 2}).picture());
    all.put("row", Picture.row("Both", List.of(nodes, nodes)));
    return all;
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  @TestFactory
  Stream<DynamicTest> everyPictureIsValidSvgAndPng() {
    return PICTURES.entrySet().stream()
        .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> assertValid(e.getValue())));
  }

  private static void assertValid(Picture picture) throws Exception {
    Element root = parse(picture.svg()).getDocumentElement();
    assertEquals("svg", root.getTagName());
    assertEquals(picture.width(), Double.parseDouble(root.getAttribute("width")), 0.01);
    assertTrue(!root.getAttribute("aria-label").isEmpty());
    var images = root.getElementsByTagName("image");
    for (int i = 0; i < images.getLength(); i++) {
      String data = ((Element) images.item(i)).getAttribute("xlink:href");
      byte[] png = Base64.getDecoder().decode(data.substring("data:image/png;base64,".length()));
      assertTrue(ImageIO.read(new ByteArrayInputStream(png)).getWidth() > 0);
    }
    var image = ImageIO.read(new ByteArrayInputStream(picture.png(1)));
    assertEquals(Math.ceil(picture.width()), image.getWidth(), 1);
    assertEquals(Math.ceil(picture.height()), image.getHeight(), 1);
    // every mark lies within the picture
    assertTrue(texts(root).stream().noneMatch(text -> text.contains("NaN")), "no broken number");
    assertTrue(!picture.svg().contains("NaN") && !picture.svg().contains("Infinity"));
  }

  private static List<String> texts(Element root) {
    List<String> texts = new ArrayList<>();
    var nodes = root.getElementsByTagName("text");
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent());
    }
    return texts;
  }

  @Test
  void theSamePictureGivesTheSameBytes() {
    for (int i = 0; i < 2; i++) {
      Picture map = new WavefrontMap("Map", COMA).size(60).picture();
      Picture same = new WavefrontMap("Map", COMA).size(60).picture();
      assertEquals(map.svg(), same.svg());
      assertArrayEquals(map.png(1), same.png(1));
    }
  }

  @Test
  void allWordsHaveGlyphs() throws Exception {
    for (Picture picture : PICTURES.values()) {
      for (String text : texts(parse(picture.svg()).getDocumentElement())) {
        text.codePoints()
            .forEach(c -> assertTrue(StrokeFont.has(c), "no glyph for " + Character.toString(c)));
      }
    }
    for (int c = ' '; c <= '~'; c++) {
      assertTrue(StrokeFont.has(c) || c == '$' || c == '@' || c == '`', "glyph " + (char) c);
    }
  }

  @Test
  void mapsShowTheSignAtItsPlaceAndNothingOutsideTheDisk() {
    DiskSamples samples = new DiskSamples(DiskFunction.of((x, y) -> x + 2 * y), 101);
    PixelImage image = samples.image(ColourScale.about0(3), false);
    assertEquals(0, image.pixel(0, 0) >>> 24, "corners are transparent");
    assertEquals(255, image.pixel(50, 50) >>> 24);
    int top = image.pixel(50, 5);
    int bottom = image.pixel(50, 95);
    assertTrue((top >>> 16 & 255) > (top & 255), "above 0 is red: y points up");
    assertTrue((bottom & 255) > (bottom >>> 16 & 255), "below 0 is blue");
    // the share of covered pixels is the area of the disk
    double area = 0;
    for (int i = 0; i < 101 * 101; i++) {
      area += (image.pixel(i % 101, i / 101) >>> 24) / 255.0;
    }
    assertEquals(Math.PI / 4, area / (101 * 101), 2e-4);
  }

  @Test
  void pixelsWithoutAValueAreTransparent() {
    DiskFunction ring = DiskFunction.of((x, y) -> Math.hypot(x, y) < 0.5 ? Double.NaN : 1);
    PixelImage image = new DiskSamples(ring, 40).image(ColourScale.about0(1), false);
    assertEquals(0, image.pixel(20, 20));
    assertEquals(255, image.pixel(4, 20) >>> 24);
  }

  @Test
  void linesAndDotsCoverTheirArea() {
    Drawing drawing = new Drawing();
    drawing.line(10.3, 20, 60.3, 20, 0, 4);
    drawing.dot(30.2, 60.7, 12, 0, 1);
    drawing.rectangle(70.25, 50.5, 20, 10, 0);
    PixelImage image = drawing.picture(100, 100, "areas").pixels(3);
    double line = ink(image, 0, 300, 0, 100) / 9;
    double dot = ink(image, 0, 200, 130, 300) / 9;
    double rectangle = ink(image, 200, 300, 130, 300) / 9;
    assertEquals(50 * 4 + Math.PI * 4, line, 1);
    assertEquals(Math.PI * 144, dot, 2);
    assertEquals(200, rectangle, 2);
  }

  private static double ink(PixelImage image, int left, int right, int top, int bottom) {
    double sum = 0;
    for (int row = top; row < bottom; row++) {
      for (int column = left; column < right; column++) {
        sum += 1 - (image.pixel(column, row) & 255) / 255.0;
      }
    }
    return sum;
  }

  @Test
  void dashesCoverHalfOfALine() {
    Drawing solid = new Drawing();
    Drawing dashed = new Drawing();
    double[] x = {5, 55, 55, 100};
    double[] y = {5, 5, 45, 45};
    solid.path(x, y, 0, 1, 0);
    dashed.path(x, y, 0, 1, 9);
    double all = ink(solid.picture(110, 60, "").pixels(2), 0, 220, 0, 120);
    double half = ink(dashed.picture(110, 60, "").pixels(2), 0, 220, 0, 120);
    assertEquals(0.55, half / all, 0.06);
  }

  @Test
  void badInputIsNamed() {
    assertMessage("degree 31", () -> new ModePyramid(31, ModeOrder.OSA));
    assertMessage("3 values", () -> new PsfPicture("", new double[3], 1));
    assertMessage(
        "intensity[1] is NaN", () -> new PsfPicture("", new double[] {1, Double.NaN, 0, 0}, 1));
    assertMessage("0 everywhere", () -> new PsfPicture("", new double[4], 1).picture());
    assertMessage("half width -1.0", () -> new PsfPicture("", new double[4], -1));
    assertMessage("1 names, 2 values", () -> new CoefficientBars("", List.of("a"), new double[2]));
    assertMessage("scale NaN", () -> new RadialProfile(0, 0, 1).picture().png(Double.NaN));
    assertMessage(
        "range 2.0 to 1.0", () -> new WavefrontMap("", COMA).colours(ColourMap.SEQUENTIAL, 2, 1));
    assertMessage("least size 0.0", () -> new WavefrontMap("", COMA).magnitudes(0));
    assertMessage("4 coefficients", () -> new CoefficientDecay("", new double[4]));
    assertMessage("2 radii, 1 weights", () -> new NodeLayout("", new double[2], new double[1], 3));
    assertMessage("0 pictures", () -> Picture.row("", List.of()));
    assertMessage("p -1", () -> new RadialProfile(0, -1, 1));
    assertMessage(
        "curve \"f\"",
        () -> new ConvergenceCurves("", "", "").curve("f", new double[1], new double[2]));
  }

  private static void assertMessage(String words, Runnable call) {
    var e = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(e.getMessage().contains(words), e.getMessage());
  }
}
