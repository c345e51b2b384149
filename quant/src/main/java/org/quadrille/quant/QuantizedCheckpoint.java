package org.quadrille.quant;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.ElementType;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.formats.SafetensorsFile;
import org.quadrille.formats.TensorInfo;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Sum;
import org.quadrille.linalg.Tensor;

/**
 * A model whose matrices are stored quantized, with or without a low-rank part: what {@link
 * QuantizedCheckpointWriter} writes. Reading gives every bit back.
 *
 * {@snippet :
 * try (var model = QuantizedCheckpoint.open(path)) {
 *   for (String name : model.matrixNames()) {
 *     Tensor q = model.quantized(name).dequantize();
 *   }
 * }
 * }
 *
 * <p>Nothing in the file is believed: lengths, shapes and numbers are checked, and errors name the
 * file and the tensor. Memory-mapped; safe for reading from several threads.
 */
public final class QuantizedCheckpoint implements AutoCloseable {
  static final String PREFIX = "quadrille.";
  static final String VERSION_KEY = PREFIX + "quantized.version";
  static final String MATRICES_KEY = PREFIX + "quantized.matrices";

  /** Of a file whose matrices have neither zero codes, transforms nor quantized factors. */
  static final String VERSION = "1";

  /** Of a file with a matrix that has, or with quantized factors. */
  static final String EXTENDED_VERSION = "2";

  static final String CODES = ".codes";
  static final String SCALE_CODES = ".scale_codes";
  static final String GROUP_SCALES = ".group_scales";
  static final String LEVELS = ".levels";
  static final String ZERO_CODES = ".zero_codes";
  static final String COLUMN_SCALES = ".column_scales";
  static final String LEFT = ".L1";
  static final String RIGHT = ".L2";
  private static final Set<String> PARTS =
      Set.of(CODES, SCALE_CODES, GROUP_SCALES, LEVELS, ZERO_CODES, COLUMN_SCALES, LEFT, RIGHT);

  private final SafetensorsFile file;
  private final Map<String, MatrixHeader> headers;

  private QuantizedCheckpoint(SafetensorsFile file, Map<String, MatrixHeader> headers) {
    this.file = file;
    this.headers = headers;
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws FormatException if it is no safetensors file, cut off, of another version, or its
   *     metadata contradict themselves
   * @throws IOException if it cannot be read
   */
  public static QuantizedCheckpoint open(Path path) throws IOException {
    SafetensorsFile file = SafetensorsFile.open(path);
    try {
      return new QuantizedCheckpoint(file, headers(file));
    } catch (FormatException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static Map<String, MatrixHeader> headers(SafetensorsFile file) throws FormatException {
    String version = file.metadata().get(VERSION_KEY);
    if (version == null) {
      throw new FormatException(
          file.path(), "no metadata entry " + VERSION_KEY + "; this is no quantized checkpoint");
    }
    if (!version.equals(VERSION) && !version.equals(EXTENDED_VERSION)) {
      throw new FormatException(
          file.path(),
          "quantized checkpoint of version "
              + version
              + "; this program reads "
              + VERSION
              + " and "
              + EXTENDED_VERSION);
    }
    Map<String, MatrixHeader> headers = new LinkedHashMap<>();
    String name = null;
    try {
      String text = file.metadata().get(MATRICES_KEY);
      if (text == null) {
        throw new FormatException("no metadata entry " + MATRICES_KEY);
      }
      JsonObject matrices = Json.parseObject(text);
      for (String key : matrices.members().keySet()) {
        name = key;
        headers.put(key, MatrixHeader.of(matrices.object(key)));
      }
    } catch (FormatException e) {
      throw wrap(file.path(), name == null ? MATRICES_KEY : name, e.problem(), e);
    }
    return headers;
  }

  /** The names of the quantized matrices in the order of writing. */
  public List<String> matrixNames() {
    return List.copyOf(headers.keySet());
  }

  /** The whole file, for the tensors that passed through unchanged. */
  public Checkpoint file() {
    return file;
  }

  /** Hash of the original weight, if the writer knew it; see {@link #sha256}. */
  public Optional<String> weightSha256(String name) {
    return header(name).weightSha256();
  }

  MatrixHeader header(String name) {
    MatrixHeader header = headers.get(name);
    if (header == null) {
      throw new IllegalArgumentException(
          "no quantized matrix \""
              + name
              + "\" in "
              + file.path()
              + "; there are "
              + headers.size());
    }
    return header;
  }

  /**
   * Reads the quantized part of a matrix, which stays valid after {@link #close}.
   *
   * @throws FormatException if a tensor is missing or does not fit
   * @throws IllegalArgumentException if there is no matrix of that name
   */
  public QuantizedMatrix quantized(String name) throws IOException {
    return mapped(name).copy();
  }

  /**
   * The quantized part of a matrix with its codes in the memory map of the file: nothing is copied,
   * and the operating system may drop and read pages as it likes. Using it after {@link #close}
   * throws an IllegalStateException.
   *
   * @throws FormatException if a tensor is missing or does not fit
   * @throws IllegalArgumentException if there is no matrix of that name
   */
  public QuantizedMatrix mapped(String name) throws IOException {
    return mapped(name, header(name));
  }

  private QuantizedMatrix mapped(String name, MatrixHeader header) throws IOException {
    QuantizationConfig config = header.config();
    MemorySegment codes = bytes(name + CODES);
    MemorySegment scaleCodes = bytes(name + SCALE_CODES);
    float[] groupScales = floats(name + GROUP_SCALES);
    float[] levels = floats(name + LEVELS);
    MemorySegment zeroCodes = header.zeroCodes() ? bytes(name + ZERO_CODES) : null;
    float[] columnScales =
        header.transform().filter(t -> t.kind().equals(TransformHeader.DIAGONAL)).isPresent()
            ? floats(name + COLUMN_SCALES)
            : null;
    try {
      Codebook codebook = codebook(header.codebook(), levels, config.bits());
      QuantizedMatrix matrix =
          new QuantizedMatrix(
              header.rows(),
              header.cols(),
              new BlockQuantizer(config, codebook, header.rowAligned()),
              codes,
              scaleCodes,
              groupScales,
              header.offset());
      matrix = zeroCodes == null ? matrix : matrix.withZeroCodes(zeroCodes);
      return header.transform().isEmpty()
          ? matrix
          : matrix.withTransform(transform(header, columnScales));
    } catch (IllegalArgumentException e) {
      throw wrap(file.path(), name, e.getMessage(), e);
    }
  }

  private static ColumnTransform transform(MatrixHeader header, float[] columnScales) {
    TransformHeader transform = header.transform().orElseThrow();
    return columnScales == null
        ? new RandomizedHadamard(header.cols(), transform.blockSize(), transform.seed())
        : DiagonalScaling.of(columnScales);
  }

  private static Codebook codebook(String name, float[] levels, int bits) {
    Codebook given = Codebook.of(levels);
    Codebook normal = Codebook.normalFloat(bits);
    return given.equals(normal) ? normal : Codebook.named(name, given.exactLevels());
  }

  /**
   * Reads the codes of the factors of a matrix; empty if they are not quantized or there are none.
   *
   * @throws FormatException if a tensor is missing or does not fit
   * @throws IllegalArgumentException if there is no matrix of that name
   */
  public Optional<QuantizedFactors> quantizedFactors(String name) throws IOException {
    List<MatrixHeader> factors = header(name).factors();
    return factors.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new QuantizedFactors(
                mapped(name + LEFT, factors.get(0)).copy(),
                mapped(name + RIGHT, factors.get(1)).copy()));
  }

  /**
   * Reads the low-rank part of a matrix, dequantized if need be; of rank 0 if it has none.
   *
   * @throws FormatException if a factor does not fit
   */
  public LowRank lowRank(String name) throws IOException {
    MatrixHeader header = header(name);
    Optional<QuantizedFactors> codes = quantizedFactors(name);
    if (codes.isPresent()) {
      return codes.get().dequantize();
    }
    boolean left = file.names().contains(name + LEFT);
    if (!left && !file.names().contains(name + RIGHT)) {
      return LowRank.of(
          Tensor.zeros(DType.F32, header.rows(), 0), Tensor.zeros(DType.F32, 0, header.cols()));
    }
    Tensor l1 = factor(name + LEFT);
    Tensor l2 = factor(name + RIGHT);
    if (l1.size(0) != header.rows() || l2.size(1) != header.cols() || l1.size(1) != l2.size(0)) {
      throw new FormatException(
          file.path(),
          name + LEFT,
          -1,
          "factors "
              + l1
              + " and "
              + l2
              + " do not fit a matrix of shape ["
              + header.rows()
              + ", "
              + header.cols()
              + "]");
    }
    try {
      return LowRank.of(l1, l2);
    } catch (IllegalArgumentException e) {
      throw wrap(file.path(), name + LEFT, e.getMessage(), e);
    }
  }

  /** Whether the file may hold parts that readers of the first version do not know. */
  boolean isExtended() {
    return file.metadata().get(VERSION_KEY).equals(EXTENDED_VERSION);
  }

  /** The names of the tensors that make up a matrix, in the order of the file. */
  List<String> partNames(String name) {
    return file.names().stream()
        .filter(part -> part.startsWith(name) && isPart(part.substring(name.length())))
        .toList();
  }

  /** Whether a name ends like that of a part of a matrix or of a quantized factor. */
  private static boolean isPart(String end) {
    boolean ofFactor = end.startsWith(LEFT) || end.startsWith(RIGHT);
    return PARTS.contains(end) || (ofFactor && PARTS.contains(end.substring(LEFT.length())));
  }

  /**
   * A matrix as the operator {@code Q + L1 L2}, usable until {@link #close}; see {@link #mapped}.
   */
  public LinearOperator operator(String name) throws IOException {
    return Sum.of(new Quantized(mapped(name)), lowRank(name));
  }

  private Tensor factor(String name) throws IOException {
    TensorInfo info = require(name);
    if (info.type() != ElementType.F32 || info.rank() != 2) {
      throw new FormatException(file.path(), name, -1, info + "; expected a matrix of F32");
    }
    return file.read(name);
  }

  private MemorySegment bytes(String name) throws FormatException {
    TensorInfo info = require(name);
    if (info.type() != ElementType.U8 || info.byteCount() > Integer.MAX_VALUE - 8) {
      throw new FormatException(
          file.path(), name, -1, info + "; expected fewer than 2^31 - 8 elements of U8");
    }
    return file.bytes(name);
  }

  private float[] floats(String name) throws IOException {
    TensorInfo info = require(name);
    boolean single =
        switch (info.type()) {
          case F32, F16, BF16 -> true;
          default -> false;
        };
    if (!single) {
      throw new FormatException(file.path(), name, -1, info + "; expected F32, F16 or BF16");
    }
    return file.read(name).toFloats();
  }

  private TensorInfo require(String name) throws FormatException {
    if (!file.names().contains(name)) {
      throw new FormatException(file.path(), name, -1, "it is missing");
    }
    return file.info(name);
  }

  private static FormatException wrap(Path path, String name, String problem, Exception cause) {
    FormatException wrapped = new FormatException(path, name, -1, problem);
    wrapped.initCause(cause);
    return wrapped;
  }

  /** SHA-256 of a matrix as row-major little-endian single precision, in hexadecimal. */
  public static String sha256(Tensor weights) {
    float[] values = weights.toFloats();
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < values.length; ) {
        int n = Math.min(values.length - i, chunk.capacity() / Float.BYTES);
        chunk.clear();
        chunk.asFloatBuffer().put(values, i, n);
        digest.update(chunk.limit(n * Float.BYTES));
        i += n;
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** Releases the memory map. Matrices that were read, not mapped, stay valid. */
  @Override
  public void close() {
    file.close();
  }
}
