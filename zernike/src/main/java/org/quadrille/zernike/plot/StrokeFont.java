package org.quadrille.zernike.plot;

import java.util.HashMap;
import java.util.Map;

/**
 * Letters as lines and arcs, for text in PNG without a font file.
 *
 * <p>A capital is 14 units high, a small letter 9.6; a text of size s has units of s / {@link #EM}.
 * A glyph is written as its width and its strokes: {@code l x y x y ...} a line through points,
 * {@code a x y rx ry from to} an arc of an ellipse between two angles in degrees. Letters with
 * bowls share the arcs of {@code o}.
 */
final class StrokeFont {
  /** Units to the size of a text. */
  static final double EM = 19.5;

  /** Blank between two glyphs. */
  private static final double GAP = 3.3;

  private static final double BLANK = 3.4;

  /** Size and height of superscript digits. */
  private static final double SMALL = 0.66;

  private static final double RAISED = 7.2;

  /** Degrees between points of an arc. */
  private static final double ARC_STEP = 15;

  private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻";
  private static final String RAISED_TO = "0123456789−";

  private static final Map<Integer, Glyph> GLYPHS = new HashMap<>();

  private record Glyph(double width, double[][] lines) {}

  /** Receives the segments of a text, y upwards from the base line. */
  interface Pen {
    void segment(double fromX, double fromY, double toX, double toY);
  }

  static {
    digits();
    capitals();
    smallLetters();
    signs();
  }

  private StrokeFont() {}

  private static void digits() {
    put('0', 9, "a 4.5 7 4.5 7 0 360");
    put('1', 6, "l 1 11 4.4 14 4.4 0");
    put('2', 9, "a 4.4 9.9 4.2 4.1 170 -38; l 7.7 7.4 0.2 0 9 0");
    put('3', 9, "a 4.3 10.4 3.9 3.6 150 -90; a 4.3 3.4 4.5 3.4 90 -150");
    put('4', 9.5, "l 7 0 7 14 0 4.4 9.5 4.4");
    put('5', 9, "l 8.2 14 1.3 14 0.8 7.4; a 4.3 4.5 4.5 4.5 140 -145");
    put('6', 9, "a 4.5 4.5 4.5 4.5 0 360; a 9 4.5 9 9.5 180 100");
    put('7', 9, "l 0 14 9 14 3.3 0");
    put('8', 9, "a 4.5 10.6 3.9 3.4 0 360; a 4.5 3.6 4.5 3.6 0 360");
    put('9', 9, "a 4.5 9.5 4.5 4.5 0 360; a 0 9.5 9 9.5 0 -80");
  }

  private static void capitals() {
    put('A', 10, "l 0 0 5 14 10 0; l 1.7 4.7 8.3 4.7");
    put(
        'B',
        9,
        "l 5.2 0 0 0 0 14 5.2 14; a 5.2 10.6 3.4 3.4 90 -90; l 0 7.2 5.2 7.2; a 5.2 3.6 3.8 3.6 90 -90");
    put('C', 10.5, "a 6 7 6 7 45 315");
    put('D', 10, "l 4 0 0 0 0 14 4 14; a 4 7 6 7 90 -90");
    put('E', 8, "l 8 0 0 0 0 14 8 14; l 0 7.2 7 7.2");
    put('F', 8, "l 0 0 0 14 8 14; l 0 7.2 6.8 7.2");
    put('G', 11, "a 6 7 6 7 45 315; l 10.2 2.1 10.6 6.6 6.6 6.6");
    put('H', 10, "l 0 0 0 14; l 10 0 10 14; l 0 7.2 10 7.2");
    put('I', 0, "l 0 0 0 14");
    put('J', 7, "l 7 14 7 4; a 3.5 4 3.5 4 0 -165");
    put('K', 9, "l 0 0 0 14; l 9 14 0 5; l 3.2 8.2 9.3 0");
    put('L', 8, "l 0 14 0 0 8 0");
    put('M', 12, "l 0 0 0 14 6 3 12 14 12 0");
    put('N', 10, "l 0 0 0 14 10 0 10 14");
    put('O', 12, "a 6 7 6 7 0 360");
    put('P', 9, "l 0 0 0 14 5 14; a 5 10.2 4 3.8 90 -90; l 5 6.4 0 6.4");
    put('Q', 12, "a 6 7 6 7 0 360; l 7.6 3.5 12 -1");
    put('R', 9, "l 0 0 0 14 5 14; a 5 10.2 4 3.8 90 -90; l 5 6.4 0 6.4; l 4.8 6.4 9.3 0");
    put('S', 9, "a 4.5 10.5 4.1 3.5 35 270; a 4.5 3.5 4.5 3.5 90 -145");
    put('T', 10, "l 0 14 10 14; l 5 14 5 0");
    put('U', 10, "l 0 14 0 5; a 5 5 5 5 180 360; l 10 5 10 14");
    put('V', 10, "l 0 14 5 0 10 14");
    put('W', 15, "l 0 14 3.75 0 7.5 14 11.25 0 15 14");
    put('X', 10, "l 0 14 10 0; l 0 0 10 14");
    put('Y', 10, "l 0 14 5 7 10 14; l 5 7 5 0");
    put('Z', 9, "l 0 14 9 14 0 0 9 0");
  }

  private static void smallLetters() {
    String bowl = "a 4 4.8 4 4.8 0 360";
    put('a', 8, bowl + "; l 8 0 8 9.6");
    put('b', 8, bowl + "; l 0 0 0 14");
    put('c', 7.4, "a 4.2 4.8 4.2 4.8 48 312");
    put('d', 8, bowl + "; l 8 0 8 14");
    put('e', 8, "a 4 4.8 4 4.8 0 318; l 0 4.8 8 4.8");
    put('f', 5, "l 2 0 2 11; a 4.5 11 2.5 3 180 90; l 0 9.4 4.6 9.4");
    put('g', 8, bowl + "; l 8 9.6 8 -0.5; a 4 -0.5 4 3.7 0 -150");
    put('h', 7.6, "l 0 0 0 14; a 3.8 5.8 3.8 3.8 180 0; l 7.6 5.8 7.6 0");
    put('i', 0, "l 0 0 0 9.6; l 0 13 0 13.1");
    put('j', 2, "l 2 9.6 2 -1; a -0.3 -1 2.3 3 0 -90; l 2 13 2 13.1");
    put('k', 7, "l 0 0 0 14; l 6.6 9.6 0 3.6; l 2.6 6 7 0");
    put('l', 0, "l 0 0 0 14");
    put(
        'm',
        12,
        "l 0 0 0 9.6; a 3 6.4 3 3.2 180 0; l 6 6.4 6 0; a 9 6.4 3 3.2 180 0; l 12 6.4 12 0");
    put('n', 7.6, "l 0 0 0 9.6; a 3.8 5.8 3.8 3.8 180 0; l 7.6 5.8 7.6 0");
    put('o', 8, bowl);
    put('p', 8, bowl + "; l 0 9.6 0 -4.2");
    put('q', 8, bowl + "; l 8 9.6 8 -4.2");
    put('r', 4.4, "l 0 0 0 9.6; a 4 5.6 4 4 180 84");
    put('s', 6.8, "a 3.4 7.2 3.1 2.4 30 270; a 3.4 2.4 3.4 2.4 90 -150");
    put('t', 4.8, "l 2 13 2 3; a 4.4 3 2.4 3 180 275; l 0 9.6 4.8 9.6");
    put('u', 7.6, "l 0 9.6 0 3.8; a 3.8 3.8 3.8 3.8 180 360; l 7.6 9.6 7.6 0");
    put('v', 8, "l 0 9.6 4 0 8 9.6");
    put('w', 11, "l 0 9.6 2.75 0 5.5 9.6 8.25 0 11 9.6");
    put('x', 8, "l 0 9.6 8 0; l 0 0 8 9.6");
    put('y', 8, "l 0 9.6 4.2 0; l 8 9.6 2.5 -4.2 0.6 -4.2");
    String dots = "; l 1.9 13 1.9 13.1; l 5.9 13 5.9 13.1";
    put('ä', 8, bowl + "; l 8 0 8 9.6" + dots);
    put('ö', 8, bowl + dots);
    put('ü', 7.6, "l 0 9.6 0 3.8; a 3.8 3.8 3.8 3.8 180 360; l 7.6 9.6 7.6 0" + dots);
    put('z', 7, "l 0 9.6 7 9.6 0 0 7 0");
  }

  private static void signs() {
    put('.', 0, "l 0 0 0 0.1");
    put(',', 1, "l 1 0.2 0 -2.6");
    put(':', 0, "l 0 0 0 0.1; l 0 8 0 8.1");
    put(';', 1, "l 1 0.2 0 -2.6; l 1 8 1 8.1");
    put('!', 0, "l 0 14 0 4.4; l 0 0 0 0.1");
    put('?', 7.6, "a 3.8 10.4 3.8 3.6 165 -50; l 6.2 7.6 3.8 5.6 3.8 4; l 3.8 0 3.8 0.1");
    put('\'', 0, "l 0 14 0 10");
    put('"', 3, "l 0 14 0 10; l 3 14 3 10");
    put('-', 4.4, "l 0 5.2 4.4 5.2");
    put('–', 7, "l 0 5.2 7 5.2");
    put('−', 8.4, "l 0 6.4 8.4 6.4");
    put('+', 8.4, "l 0 6.4 8.4 6.4; l 4.2 2.2 4.2 10.6");
    put('±', 8.4, "l 0 7.6 8.4 7.6; l 4.2 3.8 4.2 11.4; l 0 1 8.4 1");
    put('=', 8.4, "l 0 8.2 8.4 8.2; l 0 4.4 8.4 4.4");
    put('×', 7, "l 0 3 7 10; l 0 10 7 3");
    put('·', 0, "l 0 6.2 0 6.3");
    put('/', 6, "l 0 -2 6 15");
    put('\\', 6, "l 0 15 6 -2");
    put('|', 0, "l 0 16 0 -3");
    put('_', 9, "l 0 -2.5 9 -2.5");
    put('(', 3, "a 7 6 7 10 138 222");
    put(')', 3, "a -4 6 7 10 42 -42");
    put('[', 3, "l 3 16 0 16 0 -4 3 -4");
    put(']', 3, "l 0 16 3 16 3 -4 0 -4");
    put('{', 4, "l 4 16 2.2 15 2.2 7.6 0 6 2.2 4.4 2.2 -3 4 -4");
    put('}', 4, "l 0 16 1.8 15 1.8 7.6 4 6 1.8 4.4 1.8 -3 0 -4");
    put('<', 8, "l 8 10.8 0 6.2 8 1.6");
    put('>', 8, "l 0 10.8 8 6.2 0 1.6");
    put('≤', 8, "l 8 12 0 8 8 4; l 0 1 8 1");
    put('≥', 8, "l 0 12 8 8 0 4; l 0 1 8 1");
    put('*', 6, "l 3 14 3 7.4; l 0.2 12.4 5.8 9; l 5.8 12.4 0.2 9");
    put('%', 13, "a 2.8 11 2.8 3 0 360; a 10.2 3 2.8 3 0 360; l 11 14 2 0");
    put('#', 9, "l 3.2 14 1.6 0; l 7.8 14 6.2 0; l 0.4 9.4 9.2 9.4; l -0.2 4.4 8.6 4.4");
    put(
        '&',
        10.5,
        "l 10.5 0 2.4 9.2; a 4.6 11.2 2.6 2.8 220 -40; l 6.6 9.4 1.6 5.8; a 4.2 3.6 4.2 3.6 145 290; l 5.6 0.2 8.2 2 10 6.4");
    put('^', 7, "l 0 9.4 3.5 14 7 9.4");
    put('~', 9, "a 2.3 5.6 2.3 1.9 180 0; a 6.8 5.6 2.2 1.9 180 360");
    put('°', 4.4, "a 2.2 11.8 2.2 2.2 0 360");
    put('√', 9.5, "l 0 6 2 7 4.4 0 7 16 9.5 16");
    put('∞', 12, "a 3 6 3 3 0 360; a 9 6 3 3 0 360");
    put('∫', 6, "a 4.6 13 1.8 2.6 20 180; l 2.8 13 2.8 -1; a 1 -1 1.8 2.6 0 -160");
    put('θ', 8, "a 4 7 4 7 0 360; l 0.1 7 7.9 7");
    put('λ', 8, "l 0.6 14 2 14 8 0; l 4 9 0 0");
    put('µ', 8, "l 0 9.6 0 -4.2; a 3.8 3.8 3.8 3.8 180 360; l 7.6 9.6 7.6 0");
    put('μ', 8, "l 0 9.6 0 -4.2; a 3.8 3.8 3.8 3.8 180 360; l 7.6 9.6 7.6 0");
    put('π', 9.4, "l 0 9.6 9.4 9.6; l 2.4 9.6 2.4 0; l 7 9.6 7 0");
    put('ρ', 8, "a 4 4.8 4 4.8 0 360; l 0 4.8 0 -4.2");
    put('σ', 8.6, "a 4 4.6 4 4.6 0 360; l 4 9.2 8.6 9.2");
    put('φ', 9, "a 4.5 4.8 4.5 4.8 0 360; l 4.5 13 4.5 -4.2");
    put('ε', 6.6, "a 3.4 7.1 3 2.5 40 270; a 3.4 2.3 3.4 2.3 90 320");
  }

  private static void put(char character, double width, String strokes) {
    String[] parts = strokes.split(";", -1);
    double[][] lines = new double[parts.length][];
    for (int i = 0; i < parts.length; i++) {
      String[] words = parts[i].strip().split(" ", -1);
      double[] numbers = new double[words.length - 1];
      for (int j = 0; j < numbers.length; j++) {
        numbers[j] = Double.parseDouble(words[j + 1]);
      }
      lines[i] = words[0].equals("a") ? arc(numbers) : numbers;
    }
    GLYPHS.put((int) character, new Glyph(width, lines));
  }

  private static double[] arc(double[] given) {
    double from = given[4];
    double to = given[5];
    int steps = (int) Math.ceil(Math.abs(to - from) / ARC_STEP);
    double[] line = new double[2 * (steps + 1)];
    for (int i = 0; i <= steps; i++) {
      double angle = StrictMath.toRadians(from + (to - from) * i / steps);
      line[2 * i] = given[0] + given[2] * StrictMath.cos(angle);
      line[2 * i + 1] = given[1] + given[3] * StrictMath.sin(angle);
    }
    return line;
  }

  /** Whether a character has a glyph of its own; others are drawn as an empty box. */
  static boolean has(int character) {
    return character == ' '
        || GLYPHS.containsKey(character)
        || SUPERSCRIPTS.indexOf(character) >= 0;
  }

  /** Width of a text in units. */
  static double width(String text) {
    return strokes(text, (fromX, fromY, toX, toY) -> {});
  }

  /** Width of a text of a size, in units of the picture. */
  static double width(String text, double size) {
    return width(text) * size / EM;
  }

  /**
   * Draws a text from the origin to the right.
   *
   * @return its width in units
   */
  static double strokes(String text, Pen pen) {
    double at = 0;
    boolean first = true;
    for (int character : text.codePoints().toArray()) {
      if (character == ' ') {
        at += BLANK + (first ? 0 : GAP);
        first = false;
        continue;
      }
      int superscript = SUPERSCRIPTS.indexOf(character);
      double size = superscript >= 0 ? SMALL : 1;
      double base = superscript >= 0 ? RAISED : 0;
      Glyph glyph = glyph(superscript >= 0 ? RAISED_TO.charAt(superscript) : character);
      at += first ? 0 : GAP * size;
      first = false;
      for (double[] line : glyph.lines) {
        for (int i = 2; i + 1 < line.length; i += 2) {
          pen.segment(
              at + size * line[i - 2],
              base + size * line[i - 1],
              at + size * line[i],
              base + size * line[i + 1]);
        }
      }
      at += size * glyph.width;
    }
    return at;
  }

  private static Glyph glyph(int character) {
    Glyph found = GLYPHS.get(character);
    return found != null ? found : new Glyph(8, new double[][] {{0, 0, 8, 0, 8, 14, 0, 14, 0, 0}});
  }
}
