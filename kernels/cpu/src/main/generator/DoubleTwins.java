import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the double-precision twins of the single-precision kernel files, so that the two never
 * drift apart. Run it after every change of a float file:
 *
 * <pre>java kernels/cpu/src/main/generator/DoubleTwins.java kernels/cpu/src/main/java</pre>
 *
 * A test fails while a twin is out of date.
 */
public final class DoubleTwins {

  private static final String PACKAGE = "org/quadrille/kernels/cpu";

  /** Files whose name ends in Float and that have a twin. */
  private static final List<String> SOURCES =
      List.of(
          "AttentionFloat",
          "DiskLoopsFloat",
          "DotFloat",
          "ElementwiseFloat",
          "ExponentialLoopsFloat",
          "FunctionLoopsFloat",
          "GeluLoopsFloat",
          "GemmBlockFloat",
          "GemmFloat",
          "GemvColumnsFloat",
          "GemvFloat",
          "MatrixFloat",
          "NormFloat",
          "PackFloat",
          "PanelsFloat",
          "RowLoopsFloat",
          "RowsFloat",
          "ScalarFloat",
          "ScalarFunctionsFloat",
          "ScalarTriangleFloat",
          "SymmetricFloat",
          "SymvFloat",
          "Tile10x1Float",
          "Tile12x1Float",
          "Tile12x2Float",
          "Tile4x2Float",
          "Tile5x2Float",
          "Tile8x1Float",
          "Tile8x2Float",
          "TileFloat",
          "TileUpdateFloat",
          "TransposeFloat",
          "TriangleFloat",
          "UpdateLoopsFloat",
          "VectorDiskFloat",
          "VectorDiskModesFloat",
          "VectorFunctionsFloat",
          "VectorRowsFloat",
          "VectorUpdatesFloat");

  private DoubleTwins() {}

  public static void main(String[] arguments) throws IOException {
    Path sources = Path.of(arguments.length > 0 ? arguments[0] : "kernels/cpu/src/main/java");
    for (Map.Entry<String, String> twin : twins(sources).entrySet()) {
      Files.writeString(sources.resolve(PACKAGE).resolve(twin.getKey()), twin.getValue());
    }
  }

  /** Returns the file name and the text of every twin. */
  public static Map<String, String> twins(Path sources) throws IOException {
    Map<String, String> twins = new TreeMap<>();
    for (String source : SOURCES) {
      String text = Files.readString(sources.resolve(PACKAGE).resolve(source + ".java"));
      twins.put(twinName(source) + ".java", twin(source, text));
    }
    return twins;
  }

  private static String twinName(String source) {
    return source.replace("Float", "Double");
  }

  private static String twin(String source, String text) {
    return "// Generated from "
        + source
        + ".java by src/main/generator/DoubleTwins.java. Do not edit.\n"
        + text.replaceAll("\\bfloat\\b", "double")
            .replace("Float", "Double")
            .replace("FLOAT", "DOUBLE")
            .replaceAll("\\b(\\d+(?:\\.\\d+)?)f\\b", "$1")
            // A file that uses both vector types already imports the double one.
            .replaceAll("(import [\\w.]+;\n)\\1", "$1");
  }
}
