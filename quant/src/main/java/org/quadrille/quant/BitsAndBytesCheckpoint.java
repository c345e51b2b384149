package org.quadrille.quant;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.ElementType;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.Json;
import org.quadrille.formats.SafetensorsFile;
import org.quadrille.formats.TensorInfo;
import org.quadrille.linalg.Tensor;

/**
 * A safetensors file whose linear weights bitsandbytes quantized to 4 bits (NF4 or FP4, with or
 * without nested scales), as the Hugging Face libraries save it.
 *
 * <p>A weight X consists of {@code X} (U8, two codes a byte, the first in the high half), {@code
 * X.absmax}, {@code X.quant_map}, {@code X.quant_state.bitsandbytes__nf4} or {@code ...__fp4} (JSON
 * as bytes), and for nested scales {@code X.nested_absmax} and {@code X.nested_quant_map}.
 *
 * {@snippet :
 * try (var model = BitsAndBytesCheckpoint.open(path)) {
 *   Tensor weight = model.dequantize("model.layers.0.self_attn.q_proj.weight");
 * }
 * }
 *
 * <p>Nothing in the file is believed: lengths, shapes and numbers are checked, and errors name the
 * file and the tensor. Memory-mapped; safe for reading from several threads.
 */
public final class BitsAndBytesCheckpoint implements AutoCloseable {
  private static final String STATE = ".quant_state.bitsandbytes__";
  private static final long LARGEST_STATE = 1 << 20;

  private final SafetensorsFile file;

  private BitsAndBytesCheckpoint(SafetensorsFile file) {
    this.file = file;
  }

  /**
   * Opens a file.
   *
   * @throws FormatException if it is no safetensors file or holds no bitsandbytes weight
   * @throws IOException if it cannot be read
   */
  public static BitsAndBytesCheckpoint open(Path path) throws IOException {
    SafetensorsFile file = SafetensorsFile.open(path);
    BitsAndBytesCheckpoint checkpoint = new BitsAndBytesCheckpoint(file);
    if (checkpoint.matrixNames().isEmpty()) {
      file.close();
      throw new FormatException(
          path, "no tensor *" + STATE + "nf4 or *" + STATE + "fp4; no 4-bit bitsandbytes weights");
    }
    return checkpoint;
  }

  /** Names of the quantized weights, in the order of the file. */
  public List<String> matrixNames() {
    List<String> names = new ArrayList<>();
    for (String name : file.names()) {
      int end = name.indexOf(STATE);
      if (end > 0) {
        names.add(name.substring(0, end));
      }
    }
    return names;
  }

  /** The whole file, for the tensors that are not quantized. */
  public Checkpoint file() {
    return file;
  }

  /**
   * Reads a weight as bitsandbytes dequantizes it, before it is rounded to the type of the model.
   *
   * @return an F32 tensor of the original shape
   * @throws FormatException if a part is missing or does not fit
   * @throws IllegalArgumentException if there is no quantized weight of that name
   */
  public Tensor dequantize(String name) throws IOException {
    BitsAndBytesState state = state(name);
    try {
      int blocks = Math.ceilDiv(state.count(), state.blockSize());
      byte[] packed = bytes(name, Math.ceilDiv(state.count(), 2));
      float[] levels = floats(name + ".quant_map", 16);
      float[] scales = state.isNested() ? nestedScales(name, state, blocks) : null;
      scales = scales == null ? floats(name + ".absmax", blocks) : scales;
      float[] out = new float[state.count()];
      for (int i = 0; i < out.length; i++) {
        int code = (packed[i / 2] >>> (i % 2 == 0 ? 4 : 0)) & 0xf;
        out[i] = levels[code] * scales[i / state.blockSize()];
      }
      return Tensor.of(out, state.shape());
    } catch (IllegalArgumentException e) {
      throw wrap(name, e.getMessage(), e);
    }
  }

  /** Level of the code times the maximum of its block, plus the offset. */
  private float[] nestedScales(String name, BitsAndBytesState state, int blocks)
      throws IOException {
    byte[] codes = bytes(name + ".absmax", blocks);
    float[] map = floats(name + ".nested_quant_map", 256);
    float[] absmax = floats(name + ".nested_absmax", Math.ceilDiv(blocks, state.nestedBlockSize()));
    float[] scales = new float[blocks];
    for (int i = 0; i < blocks; i++) {
      scales[i] = map[codes[i] & 0xff] * absmax[i / state.nestedBlockSize()] + state.nestedOffset();
    }
    return scales;
  }

  private BitsAndBytesState state(String name) throws IOException {
    for (String type : new String[] {"nf4", "fp4"}) {
      String stateName = name + STATE + type;
      if (file.names().contains(stateName)) {
        TensorInfo info = file.info(stateName);
        if (info.byteCount() > LARGEST_STATE) {
          throw new FormatException(
              file.path(), stateName, -1, info + "; expected JSON of at most 2^20 bytes");
        }
        String text =
            new String(
                file.bytes(stateName).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        try {
          return BitsAndBytesState.of(Json.parseObject(text));
        } catch (FormatException e) {
          throw wrap(stateName, e.problem(), e);
        }
      }
    }
    throw new IllegalArgumentException(
        "no 4-bit weight \"" + name + "\" in " + file.path() + "; see matrixNames()");
  }

  private byte[] bytes(String name, int count) throws FormatException {
    TensorInfo info = require(name);
    MemorySegment bytes = file.bytes(name);
    if (info.type() != ElementType.U8 || bytes.byteSize() != count) {
      throw new FormatException(
          file.path(), name, -1, info + "; expected " + count + " elements of U8");
    }
    return bytes.toArray(ValueLayout.JAVA_BYTE);
  }

  private float[] floats(String name, int count) throws IOException {
    TensorInfo info = require(name);
    if (info.type() != ElementType.F32 || info.byteCount() != (long) count * Float.BYTES) {
      throw new FormatException(
          file.path(), name, -1, info + "; expected " + count + " elements of F32");
    }
    float[] values = file.read(name).toFloats();
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new FormatException(
            file.path(), name, -1, "element " + i + " is " + values[i] + ", expected a number");
      }
    }
    return values;
  }

  private TensorInfo require(String name) throws FormatException {
    if (!file.names().contains(name)) {
      throw new FormatException(file.path(), name, -1, "it is missing");
    }
    return file.info(name);
  }

  private FormatException wrap(String name, String problem, Exception cause) {
    FormatException wrapped = new FormatException(file.path(), name, -1, problem);
    wrapped.initCause(cause);
    return wrapped;
  }

  /** Releases the memory map. Weights that were read stay valid. */
  @Override
  public void close() {
    file.close();
  }
}
