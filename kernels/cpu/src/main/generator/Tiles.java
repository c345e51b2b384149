import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes the innermost loops of the matrix product, one single-precision class per shape of tile:
 * their many accumulators must be locals with names, which nobody wants to write by hand. Run it
 * before {@code DoubleTwins}, which adds the double-precision twins:
 *
 * <pre>java kernels/cpu/src/main/generator/Tiles.java kernels/cpu/src/main/java</pre>
 *
 * A test fails while a file is out of date.
 */
public final class Tiles {

  private static final String PACKAGE = "org/quadrille/kernels/cpu";

  /** Rows and vectors of the tiles: for 16 registers, then those for 32. */
  private static final int[][] SHAPES = {{5, 2}, {4, 2}, {10, 1}, {8, 1}, {12, 2}, {8, 2}, {12, 1}};

  private final StringBuilder text = new StringBuilder();
  private final int rows;
  private final int vectors;

  private Tiles(int rows, int vectors) {
    this.rows = rows;
    this.vectors = vectors;
  }

  public static void main(String[] arguments) throws IOException {
    Path sources = Path.of(arguments.length > 0 ? arguments[0] : "kernels/cpu/src/main/java");
    for (Map.Entry<String, String> tile : tiles().entrySet()) {
      Files.writeString(sources.resolve(PACKAGE).resolve(tile.getKey()), tile.getValue());
    }
  }

  /** Returns the file name and the text of every tile. */
  public static Map<String, String> tiles() {
    Map<String, String> tiles = new LinkedHashMap<>();
    for (int[] shape : SHAPES) {
      Tiles tile = new Tiles(shape[0], shape[1]);
      tiles.put(tile.name() + ".java", tile.write());
    }
    return tiles;
  }

  private String name() {
    return "Tile" + rows + "x" + vectors + "Float";
  }

  private String write() {
    line("// Generated from Tiles.java in src/main/generator. Do not edit.");
    line("package org.quadrille.kernels.cpu;");
    line("");
    line("import jdk.incubator.vector.FloatVector;");
    line("import jdk.incubator.vector.VectorOperators;");
    line("import jdk.incubator.vector.VectorSpecies;");
    line("");
    String width = vectors == 1 ? "one vector" : vectors + " vectors";
    line("/** The tile of %d rows and %s; {@link TileFloat} explains it. */", rows, width);
    line("final class %s {", name());
    line("");
    line("  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOAT;");
    if (vectors > 1) {
      line("  private static final int LANES = SPECIES.length();");
    }
    line("  private static final int PITCH = TileFloat.PITCH;");
    line("");
    line("  private %s() {}", name());
    line("");
    line("  static void multiply(");
    for (String parameter : new String[] {"int depth", "float alpha", "float[] a", "int aOffset"}) {
      line("      %s,", parameter);
    }
    for (String parameter : new String[] {"float[] b", "int bOffset", "int bStep", "float beta"}) {
      line("      %s,", parameter);
    }
    line("      float[] c,");
    line("      int cOffset,");
    line("      int cStride) {");
    loop();
    update();
    line("  }");
    line("}");
    return text.toString();
  }

  /** One chain of fused multiply-adds per element, from 0. */
  private void loop() {
    line("    FloatVector zero = FloatVector.zero(SPECIES);");
    forEachAccumulator((i, j) -> line("    FloatVector %s = zero;", accumulator(i, j)));
    line("    int at = aOffset;");
    line("    int bt = bOffset;");
    line("    int end = aOffset + depth;");
    line("    while (at != end) {");
    for (int j = 0; j < vectors; j++) {
      String shift = shifted("bt", j, "LANES");
      line("      FloatVector b%d = FloatVector.fromArray(SPECIES, b, %s);", j, shift);
    }
    for (int i = 0; i < rows; i++) {
      String a = "a" + Integer.toHexString(i);
      String element = shifted("at", i, "PITCH");
      line("      FloatVector %s = FloatVector.broadcast(SPECIES, a[%s]);", a, element);
      for (int j = 0; j < vectors; j++) {
        String c = accumulator(i, j);
        line("      %s = %s.lanewise(VectorOperators.FMA, b%d, %s);", c, a, j, c);
      }
    }
    line("      at++;");
    line("      bt += bStep;");
    line("    }");
  }

  /** Adds the sums to C, row after row. */
  private void update() {
    line("    FloatVector factor = FloatVector.broadcast(SPECIES, alpha);");
    line("    int ct = cOffset;");
    line("    if (beta == 0) {");
    forEachAccumulator(
        (i, j) -> {
          nextRow(i, j);
          String product = "factor.lanewise(VectorOperators.MUL, " + accumulator(i, j) + ")";
          line("      %s.intoArray(c, %s);", product, shifted("ct", j, "LANES"));
        });
    line("    } else {");
    line("      FloatVector keep = FloatVector.broadcast(SPECIES, beta);");
    forEachAccumulator(
        (i, j) -> {
          nextRow(i, j);
          String place = shifted("ct", j, "LANES");
          String old = "k" + Integer.toHexString(i) + j;
          line("      FloatVector %s = FloatVector.fromArray(SPECIES, c, %s);", old, place);
          line("      factor");
          line("          .lanewise(VectorOperators.MUL, %s)", accumulator(i, j));
          line(
              "          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, %s))",
              old);
          line("          .intoArray(c, %s);", place);
        });
    line("    }");
  }

  private void nextRow(int i, int j) {
    if (i > 0 && j == 0) {
      line("      ct += cStride;");
    }
  }

  /** Row in hexadecimal, then vector. */
  private static String accumulator(int i, int j) {
    return "c" + Integer.toHexString(i) + j;
  }

  private static String shifted(String index, int count, String unit) {
    return switch (count) {
      case 0 -> index;
      case 1 -> index + " + " + unit;
      default -> index + " + " + count + " * " + unit;
    };
  }

  private interface Visitor {
    void visit(int row, int vector);
  }

  private void forEachAccumulator(Visitor visitor) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < vectors; j++) {
        visitor.visit(i, j);
      }
    }
  }

  private void line(String format, Object... arguments) {
    text.append(format.formatted(arguments)).append('\n');
  }
}
