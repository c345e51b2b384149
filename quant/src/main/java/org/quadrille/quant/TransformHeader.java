package org.quadrille.quant;

import java.util.HexFormat;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.JsonObject;

/**
 * What the metadata of a {@link QuantizedCheckpoint} say about a column transform; the factors of a
 * diagonal one are a tensor.
 */
record TransformHeader(String kind, int blockSize, long seed) {
  static final String DIAGONAL = "diagonal";
  static final String HADAMARD = "hadamard";

  static TransformHeader of(ColumnTransform transform) {
    return switch (transform) {
      case DiagonalScaling scaling -> new TransformHeader(DIAGONAL, 0, 0);
      case RandomizedHadamard hadamard ->
          new TransformHeader(HADAMARD, hadamard.blockSize(), hadamard.seed());
    };
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject().put("kind", kind);
    return kind.equals(HADAMARD)
        ? json.put("blockSize", blockSize).put("seed", HexFormat.of().toHexDigits(seed))
        : json;
  }

  /**
   * Reads and checks an entry.
   *
   * @throws FormatException that names the member which does not fit
   */
  static TransformHeader of(JsonObject json) throws FormatException {
    String kind = json.string("kind");
    return switch (kind) {
      case DIAGONAL -> new TransformHeader(kind, 0, 0);
      case HADAMARD ->
          new TransformHeader(kind, json.intValue("blockSize"), seed(json.string("seed")));
      default ->
          throw new FormatException(
              "transform \"" + kind + "\"; expected " + DIAGONAL + " or " + HADAMARD);
    };
  }

  private static long seed(String digits) throws FormatException {
    if (digits.length() != 16) {
      throw new FormatException("seed \"" + digits + "\"; expected 16 hexadecimal digits");
    }
    try {
      return HexFormat.fromHexDigitsToLong(digits);
    } catch (IllegalArgumentException e) {
      FormatException wrapped =
          new FormatException("seed \"" + digits + "\"; expected 16 hexadecimal digits");
      wrapped.initCause(e);
      throw wrapped;
    }
  }
}
