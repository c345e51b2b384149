package org.quadrille.quant;

import java.util.List;
import java.util.Optional;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.JsonObject;
import org.quadrille.kernels.cpu.PackedCodes;

/** What the metadata of a {@link QuantizedCheckpoint} say about one matrix. */
record MatrixHeader(
    int rows,
    int cols,
    QuantizationConfig config,
    boolean rowAligned,
    float offset,
    String codebook,
    boolean zeroCodes,
    Optional<TransformHeader> transform,
    List<MatrixHeader> factors,
    Optional<String> weightSha256) {

  /** Members of the headers of quantized factors, and the ends of the names of their tensors. */
  private static final List<String> FACTORS = List.of("L1", "L2");

  static MatrixHeader of(QuantizedMatrix matrix, Optional<String> weightSha256) {
    return new MatrixHeader(
        matrix.rows(),
        matrix.cols(),
        matrix.config(),
        matrix.rowAligned(),
        matrix.offset(),
        matrix.codebook().name(),
        matrix.hasZeroCodes(),
        matrix.transform().map(TransformHeader::of),
        List.of(),
        weightSha256);
  }

  /** This header with those of the quantized factors L1 and L2. */
  MatrixHeader withFactors(QuantizedFactors codes) {
    return new MatrixHeader(
        rows,
        cols,
        config,
        rowAligned,
        offset,
        codebook,
        zeroCodes,
        transform,
        List.of(of(codes.left(), Optional.empty()), of(codes.right(), Optional.empty())),
        weightSha256);
  }

  static String layout(int bits) {
    return PackedCodes.usesPlanes(bits) ? "bit-planes-32" : "bit-stream";
  }

  JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("shape", new long[] {rows, cols})
            .put("n", (long) rows * cols)
            .put("bits", config.bits())
            .put("scaleBits", config.scaleBits())
            .put("groupType", config.groupType().token())
            .put("blockSize", config.blockSize())
            .put("blocksPerGroup", config.blocksPerGroup())
            .put("rowAligned", rowAligned)
            .put("offset", Float.toHexString(offset))
            .put("layout", layout(config.bits()))
            .put("scaleLayout", layout(config.scaleBits()))
            .put("codebook", codebook);
    if (zeroCodes) {
      json.put("zeroCodes", true);
    }
    transform.ifPresent(t -> json.put("transform", t.toJson()));
    for (int i = 0; i < factors.size(); i++) {
      json.put(FACTORS.get(i), factors.get(i).toJson());
    }
    weightSha256.ifPresent(hash -> json.put("sha256", hash));
    return json;
  }

  /**
   * Reads and checks an entry.
   *
   * @throws FormatException that names the member which does not fit
   */
  static MatrixHeader of(JsonObject json) throws FormatException {
    long[] shape = json.integers("shape");
    if (shape.length != 2
        || shape[0] < 1
        || shape[1] < 1
        || shape[0] > Integer.MAX_VALUE / shape[1]) {
      throw new FormatException(
          "shape " + json.get("shape") + "; expected two sizes whose product is below 2^31");
    }
    if (json.integer("n") != shape[0] * shape[1]) {
      throw new FormatException("n is " + json.get("n") + ", the shape has " + shape[0] * shape[1]);
    }
    try {
      QuantizationConfig config =
          new QuantizationConfig(
              json.intValue("bits"),
              json.intValue("blockSize"),
              json.intValue("scaleBits"),
              GroupType.of(json.string("groupType")),
              json.intValue("blocksPerGroup"));
      checkLayout(json, "layout", config.bits());
      checkLayout(json, "scaleLayout", config.scaleBits());
      return new MatrixHeader(
          (int) shape[0],
          (int) shape[1],
          config,
          json.bool("rowAligned"),
          Float.parseFloat(json.string("offset")),
          json.string("codebook"),
          json.has("zeroCodes") && json.bool("zeroCodes"),
          json.has("transform")
              ? Optional.of(TransformHeader.of(json.object("transform")))
              : Optional.empty(),
          factors(json, shape),
          json.has("sha256") ? Optional.of(json.string("sha256")) : Optional.empty());
    } catch (IllegalArgumentException e) {
      FormatException wrapped = new FormatException(e.getMessage());
      wrapped.initCause(e);
      throw wrapped;
    }
  }

  /** The headers of L1 and L2, or none. */
  private static List<MatrixHeader> factors(JsonObject json, long[] shape) throws FormatException {
    if (!json.has(FACTORS.get(0)) && !json.has(FACTORS.get(1))) {
      return List.of();
    }
    MatrixHeader left = of(json.object(FACTORS.get(0)));
    MatrixHeader right = of(json.object(FACTORS.get(1)));
    if (left.rows != shape[0] || right.cols != shape[1] || left.cols != right.rows) {
      throw new FormatException(
          "factors of shapes ["
              + left.rows
              + ", "
              + left.cols
              + "] and ["
              + right.rows
              + ", "
              + right.cols
              + "] do not fit shape "
              + json.get("shape"));
    }
    return List.of(left, right);
  }

  private static void checkLayout(JsonObject json, String member, int bits) throws FormatException {
    if (!json.string(member).equals(layout(bits))) {
      throw new FormatException(
          member + " is " + json.string(member) + ", expected " + layout(bits));
    }
  }
}
