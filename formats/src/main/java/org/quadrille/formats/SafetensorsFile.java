package org.quadrille.formats;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file: 8 bytes of header length, a JSON header, then the tensors' bytes.
 *
 * <p>The rules are those of the reference implementation (huggingface/safetensors): the header is
 * at most 100 MB and starts with a brace; the tensors fill the rest of the file from its first byte
 * to its last, without holes and overlaps; each is as long as its shape and type say; no name
 * appears twice. Unknown members of a tensor's entry are ignored. Names come in the order of the
 * data.
 *
 * <p><b>Linear weights</b> are taken to be stored {@code [out, in]}, as PyTorch does: every
 * floating-point matrix except biases and tables whose name contains "embed", "wte" or "wpe".
 *
 * <p><b>Cost</b>: opening reads the header only.
 */
public final class SafetensorsFile extends MappedCheckpoint {
  /** Longest header that is read, in bytes. */
  public static final long MAX_HEADER_BYTES = 100_000_000;

  /** The header's member for free text. */
  static final String METADATA = "__metadata__";

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private SafetensorsFile(
      Path path, Arena arena, Map<String, String> metadata, List<StoredTensor> tensors) {
    super(path, arena, metadata, tensors);
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws FormatException if the file breaks a rule of the format
   * @throws IOException if it cannot be read
   */
  public static SafetensorsFile open(Path path) throws IOException {
    return MappedFile.parsed(arena -> parse(path, MappedFile.map(path, arena), arena));
  }

  private static SafetensorsFile parse(Path path, MemorySegment file, Arena arena)
      throws FormatException {
    long headerBytes = headerLength(path, file);
    long dataStart = Long.BYTES + headerBytes;
    byte[] utf8 = file.asSlice(Long.BYTES, headerBytes).toArray(ValueLayout.JAVA_BYTE);
    JsonObject header = Json.parseObject(path, Long.BYTES, utf8);
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, Object> member : header.members().entrySet()) {
      if (!member.getKey().equals(METADATA)) {
        entries.add(entry(path, member.getKey(), member.getValue()));
      }
    }
    // An empty tensor shares its start with its successor: the end decides.
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    checkCoverage(path, entries, dataStart, file.byteSize() - dataStart);
    List<StoredTensor> tensors = new ArrayList<>();
    for (Entry entry : entries) {
      MemorySegment data = file.asSlice(dataStart + entry.begin, entry.end - entry.begin);
      tensors.add(new StoredTensor(entry.info, data, false));
    }
    return new SafetensorsFile(path, arena, metadata(path, header), tensors);
  }

  private static long headerLength(Path path, MemorySegment file) throws FormatException {
    if (file.byteSize() < Long.BYTES + 2) {
      throw new FormatException(
          path, "file of " + file.byteSize() + " bytes; a safetensors file has at least 10");
    }
    long length = file.get(LONG, 0);
    if (length < 0 || length > MAX_HEADER_BYTES) {
      throw new FormatException(
          path,
          0,
          "header length "
              + Long.toUnsignedString(length)
              + " is beyond the limit of "
              + MAX_HEADER_BYTES
              + "; is this a safetensors file?");
    }
    if (length > file.byteSize() - Long.BYTES) {
      throw new FormatException(
          path,
          0,
          "header of " + length + " bytes in a file of " + file.byteSize() + "; is it cut off?");
    }
    if (length < 2 || file.get(ValueLayout.JAVA_BYTE, Long.BYTES) != '{') {
      throw new FormatException(path, Long.BYTES, "the header does not start with '{'");
    }
    return length;
  }

  private record Entry(TensorInfo info, long begin, long end) {}

  private static Entry entry(Path path, String name, Object member) throws FormatException {
    if (!(member instanceof JsonObject object)) {
      throw new FormatException(path, name, -1, "its header entry is not an object");
    }
    long[] shape;
    long[] offsets;
    String dtype;
    try {
      dtype = object.string("dtype");
      shape = object.integers("shape");
      offsets = object.integers("data_offsets");
    } catch (FormatException e) {
      throw wrap(path, name, e.problem(), e);
    }
    if (offsets.length != 2 || offsets[0] < 0 || offsets[1] < offsets[0]) {
      throw new FormatException(
          path, name, -1, "data_offsets " + object.get("data_offsets") + " are not a range");
    }
    TensorInfo info;
    try {
      info = new TensorInfo(name, ElementType.valueOf(dtype), shape);
    } catch (IllegalArgumentException e) {
      throw wrap(path, name, "dtype " + dtype + " with shape " + object.get("shape"), e);
    }
    long length = offsets[1] - offsets[0];
    if (length != info.byteCount()) {
      throw new FormatException(
          path,
          name,
          -1,
          info + " needs " + info.byteCount() + " bytes, data_offsets give " + length);
    }
    return new Entry(info, offsets[0], offsets[1]);
  }

  private static FormatException wrap(Path path, String name, String problem, Exception cause) {
    FormatException wrapped = new FormatException(path, name, -1, problem);
    wrapped.initCause(cause);
    return wrapped;
  }

  private static void checkCoverage(Path path, List<Entry> entries, long dataStart, long dataBytes)
      throws FormatException {
    long expected = 0;
    for (Entry entry : entries) {
      if (entry.end > dataBytes) {
        throw new FormatException(
            path,
            entry.info.name(),
            dataStart + entry.begin,
            "its data end at "
                + entry.end
                + " of "
                + dataBytes
                + " data bytes; is the file cut off?");
      }
      if (entry.begin != expected) {
        throw new FormatException(
            path,
            entry.info.name(),
            dataStart + entry.begin,
            (entry.begin < expected ? "its data overlap others" : "there is a hole before its data")
                + ": they begin at "
                + entry.begin
                + ", the data before end at "
                + expected);
      }
      expected = entry.end;
    }
    if (expected != dataBytes) {
      throw new FormatException(
          path,
          dataStart + expected,
          (dataBytes - expected) + " bytes at the end of the file belong to no tensor");
    }
  }

  private static Map<String, String> metadata(Path path, JsonObject header) throws FormatException {
    Map<String, String> metadata = new LinkedHashMap<>();
    if (header.has(METADATA)) {
      if (!(header.get(METADATA) instanceof JsonObject object)) {
        throw new FormatException(path, Long.BYTES, METADATA + " is not an object");
      }
      for (Map.Entry<String, Object> member : object.members().entrySet()) {
        if (!(member.getValue() instanceof String text)) {
          throw new FormatException(
              path, Long.BYTES, METADATA + " entry \"" + member.getKey() + "\" is not a string");
        }
        metadata.put(member.getKey(), text);
      }
    }
    return metadata;
  }

  @Override
  public boolean isLinearWeight(String name) {
    return LayerNames.isLinearWeight(info(name));
  }
}
