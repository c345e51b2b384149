package org.quadrille.quant;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.ElementType;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.formats.SafetensorsWriter;
import org.quadrille.formats.TensorInfo;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Tensor;

/**
 * Writes decomposed matrices and the rest of a model into one safetensors file that {@link
 * QuantizedCheckpoint} reads.
 *
 * <p>A matrix X becomes the tensors {@code X.codes} and {@code X.scale_codes} ({@link PackedBits}),
 * {@code X.group_scales} (in their own number format), {@code X.levels}, where it has them {@code
 * X.zero_codes} and {@code X.column_scales}, and, unless the rank is 0, {@code X.L1} and {@code
 * X.L2}, which in turn may be quantized ({@code X.L1.codes} and so on); shapes, configuration and
 * the exact offset stand in the metadata. Other tensors pass through. The file appears only when it
 * is complete.
 *
 * <p>Not thread safe.
 */
public final class QuantizedCheckpointWriter {
  private final SafetensorsWriter writer = new SafetensorsWriter();
  private final JsonObject matrices = new JsonObject();
  private boolean extended;

  /** A writer without tensors. */
  public QuantizedCheckpointWriter() {}

  /** Adds one line of free text to the header. */
  public QuantizedCheckpointWriter metadata(String key, String value) {
    if (key.startsWith(QuantizedCheckpoint.PREFIX)) {
      throw new IllegalArgumentException(
          "metadata key "
              + key
              + ": those that start with "
              + QuantizedCheckpoint.PREFIX
              + " are reserved");
    }
    writer.metadata(key, value);
    return this;
  }

  /** Adds a quantized matrix without a low-rank part. */
  public QuantizedCheckpointWriter add(String name, QuantizedMatrix matrix) {
    return add(name, matrix, Optional.empty(), Optional.empty());
  }

  /**
   * Adds a matrix.
   *
   * @param name of the weight it stands for
   * @param matrix the quantized part
   * @param lowRank the low-rank part in single precision, of scale 1 and the same shape
   * @param weightSha256 {@link QuantizedCheckpoint#sha256} of the original weight, if known
   * @throws IllegalArgumentException if the name is taken or the parts do not fit
   */
  public QuantizedCheckpointWriter add(
      String name,
      QuantizedMatrix matrix,
      Optional<LowRank> lowRank,
      Optional<String> weightSha256) {
    MatrixHeader header = MatrixHeader.of(matrix, weightSha256);
    addMatrix(name, matrix, header);
    lowRank.filter(l -> l.rank() > 0).ifPresent(l -> addFactors(name, matrix, l));
    return this;
  }

  /**
   * Adds a matrix whose low-rank part is quantized too.
   *
   * @param name of the weight it stands for
   * @param matrix the quantized part
   * @param factors codes of the low-rank part, of the same shape
   * @param weightSha256 {@link QuantizedCheckpoint#sha256} of the original weight, if known
   * @throws IllegalArgumentException if the name is taken or the parts do not fit
   */
  public QuantizedCheckpointWriter add(
      String name,
      QuantizedMatrix matrix,
      QuantizedFactors factors,
      Optional<String> weightSha256) {
    if (factors.left().rows() != matrix.rows() || factors.right().cols() != matrix.cols()) {
      throw new IllegalArgumentException(
          "matrix \""
              + name
              + "\": factors "
              + factors.left()
              + " and "
              + factors.right()
              + " beside "
              + matrix
              + "; expected the same shape");
    }
    addMatrix(name, matrix, MatrixHeader.of(matrix, weightSha256).withFactors(factors));
    addParts(name + QuantizedCheckpoint.LEFT, factors.left());
    addParts(name + QuantizedCheckpoint.RIGHT, factors.right());
    extended = true;
    return this;
  }

  private void addMatrix(String name, QuantizedMatrix matrix, MatrixHeader header) {
    if (matrices.has(name)) {
      throw new IllegalArgumentException("matrix \"" + name + "\" has been added before");
    }
    matrices.put(name, header.toJson());
    addParts(name, matrix);
  }

  private void addParts(String name, QuantizedMatrix matrix) {
    addBytes(name + QuantizedCheckpoint.CODES, matrix.codeMemory());
    addBytes(name + QuantizedCheckpoint.SCALE_CODES, matrix.scaleCodeMemory());
    Tensor groupScales = Tensor.of(matrix.groupScales(), matrix.groupScales().length);
    ElementType type =
        switch (matrix.config().groupType()) {
          case FP32 -> ElementType.F32;
          case FP16 -> ElementType.F16;
          case BF16 -> ElementType.BF16;
        };
    writer.add(name + QuantizedCheckpoint.GROUP_SCALES, groupScales, type);
    float[] levels = matrix.codebook().levels();
    writer.add(name + QuantizedCheckpoint.LEVELS, Tensor.of(levels, levels.length));
    matrix.zeroCodeMemory().ifPresent(z -> addBytes(name + QuantizedCheckpoint.ZERO_CODES, z));
    matrix.transform().ifPresent(t -> addTransform(name, t));
    extended |= matrix.hasZeroCodes() || matrix.transform().isPresent();
  }

  /**
   * Adds a matrix of another quantized checkpoint as it lies there, without holding it in memory.
   * The checkpoint must stay open until {@link #write}.
   *
   * @throws IllegalArgumentException if the name is taken or the checkpoint has no such matrix
   */
  public QuantizedCheckpointWriter add(QuantizedCheckpoint source, String name) {
    MatrixHeader header = source.header(name);
    if (matrices.has(name)) {
      throw new IllegalArgumentException("matrix \"" + name + "\" has been added before");
    }
    matrices.put(name, header.toJson());
    extended |= source.isExtended();
    for (String part : source.partNames(name)) {
      writer.add(source.file().info(part), () -> source.file().bytes(part));
    }
    return this;
  }

  private void addBytes(String name, MemorySegment bytes) {
    writer.add(new TensorInfo(name, ElementType.U8, bytes.byteSize()), () -> bytes);
  }

  private void addTransform(String name, ColumnTransform transform) {
    if (transform instanceof DiagonalScaling scaling) {
      writer.add(
          name + QuantizedCheckpoint.COLUMN_SCALES,
          Tensor.of(scaling.factors(), scaling.cols()),
          scaling.isHalfPrecision() ? ElementType.BF16 : ElementType.F32);
    }
  }

  private void addFactors(String name, QuantizedMatrix matrix, LowRank lowRank) {
    if (lowRank.rows() != matrix.rows()
        || lowRank.cols() != matrix.cols()
        || lowRank.scale() != 1) {
      throw new IllegalArgumentException(
          "matrix \""
              + name
              + "\": low-rank part "
              + lowRank
              + " beside "
              + matrix
              + "; expected the same shape and scale 1");
    }
    writer.add(name + QuantizedCheckpoint.LEFT, lowRank.left(), ElementType.F32);
    writer.add(name + QuantizedCheckpoint.RIGHT, lowRank.right(), ElementType.F32);
  }

  /**
   * Passes a tensor of another checkpoint through, in its own type. A linear weight is stored
   * {@code [out, in]}, as the checkpoint shows it, whatever its own file does. The checkpoint must
   * stay open until {@link #write}.
   */
  public QuantizedCheckpointWriter addUnchanged(Checkpoint source, String name) {
    writer.addFrom(source, name);
    return this;
  }

  /**
   * Writes the file.
   *
   * @throws IOException if writing fails; a former file of that name is then unchanged
   */
  public void write(Path path) throws IOException {
    writer.metadata(
        QuantizedCheckpoint.VERSION_KEY,
        extended ? QuantizedCheckpoint.EXTENDED_VERSION : QuantizedCheckpoint.VERSION);
    writer.metadata(QuantizedCheckpoint.MATRICES_KEY, Json.write(matrices));
    writer.write(path);
  }
}
