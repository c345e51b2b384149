package org.quadrille.formats;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.quadrille.linalg.Tensor;

/**
 * The variables of a TensorFlow checkpoint or saved model: {@code NAME.index}, a LevelDB table of
 * names, and {@code NAME.data-00000-of-00001}, the numbers, possibly in several shards.
 *
 * <p><b>Linear weights</b> are the floating-point matrices named {@code kernel}. They are stored
 * {@code [in, out]}; {@link #info} and {@link #read} show them as {@code [out, in]}, {@link #bytes}
 * stays as stored. All other variables keep their shape.
 *
 * <p>Checksums: those of the index are checked when it is opened, that of a variable each time it
 * is read, or by {@link #verify}. Variables of strings (TensorFlow's own bookkeeping) are left out.
 * Not read: big-endian files, compressed index blocks, partitioned variables.
 *
 * <p>Names come in the order of their bytes. <b>Cost</b>: opening reads the index only.
 */
public final class TensorFlowBundle extends MappedCheckpoint {
  private static final Pattern KERNEL =
      Pattern.compile("(.*/)?kernel(/\\.ATTRIBUTES/VARIABLE_VALUE)?");

  private final Map<String, Integer> checksums;

  private TensorFlowBundle(
      Path path, Arena arena, List<StoredTensor> tensors, Map<String, Integer> checksums) {
    super(path, arena, Map.of(), tensors);
    this.checksums = checksums;
  }

  /**
   * Opens a bundle.
   *
   * @param index the {@code .index} file; the shards lie beside it
   * @throws FormatException if a file breaks a rule of the format
   * @throws NoSuchFileException if the index or a shard that holds a variable is missing
   */
  public static TensorFlowBundle open(Path index) throws IOException {
    return MappedFile.parsed(arena -> parse(index, arena));
  }

  private static TensorFlowBundle parse(Path index, Arena arena) throws IOException {
    Map<String, MemorySegment> table = LevelDbTable.read(index, MappedFile.map(index, arena));
    MemorySegment header = table.get("");
    if (header == null) {
      throw new FormatException(index, "the table has no header; is this a TensorFlow bundle?");
    }
    long shardCount = shardCount(new ProtobufReader(index, header, -1));
    Map<Long, MemorySegment> shards = new HashMap<>();
    List<StoredTensor> tensors = new ArrayList<>();
    Map<String, Integer> checksums = new HashMap<>();
    for (Map.Entry<String, MemorySegment> row : table.entrySet()) {
      if (row.getKey().isEmpty()) {
        continue;
      }
      BundleEntry entry = BundleEntry.parse(index, row.getKey(), row.getValue());
      if (entry.isText()) {
        continue;
      }
      long shard = entry.shard();
      if (shard < 0 || shard >= shardCount) {
        throw entry.error(index, "shard " + shard + " of " + shardCount);
      }
      if (!shards.containsKey(shard)) {
        shards.put(shard, MappedFile.map(shardPath(index, shard, shardCount), arena));
      }
      tensors.add(stored(index, entry, shards.get(shard)));
      checksums.put(row.getKey(), entry.checksum());
    }
    return new TensorFlowBundle(index, arena, tensors, checksums);
  }

  /** BundleHeaderProto: 1 num_shards, 2 endianness (0 little). */
  private static long shardCount(ProtobufReader header) throws FormatException {
    long count = 0;
    while (header.next()) {
      switch (header.field()) {
        case 1 -> count = header.varint();
        case 2 -> {
          if (header.varint() != 0) {
            throw header.error("the bundle is big-endian; expected little-endian");
          }
        }
        default -> header.skip();
      }
    }
    return count;
  }

  private static Path shardPath(Path index, long shard, long count) {
    String name = index.getFileName().toString();
    String prefix =
        name.endsWith(".index") ? name.substring(0, name.length() - ".index".length()) : name;
    return index.resolveSibling(String.format("%s.data-%05d-of-%05d", prefix, shard, count));
  }

  private static StoredTensor stored(Path index, BundleEntry entry, MemorySegment shard)
      throws FormatException {
    TensorInfo info = entry.info(index);
    long size = info.byteCount();
    if (entry.size() != size) {
      throw entry.error(index, info + " needs " + size + " bytes, the index gives " + entry.size());
    }
    if (entry.offset() < 0 || entry.offset() > shard.byteSize() - size) {
      throw entry.error(
          index,
          size
              + " bytes at "
              + entry.offset()
              + " lie beyond the end of the data file of "
              + shard.byteSize()
              + "; is it cut off?");
    }
    MemorySegment data = shard.asSlice(entry.offset(), size);
    if (!isKernel(info)) {
      return new StoredTensor(info, data, false);
    }
    TensorInfo shown = new TensorInfo(info.name(), info.type(), info.size(1), info.size(0));
    return new StoredTensor(shown, data, true);
  }

  private static boolean isKernel(TensorInfo info) {
    return info.rank() == 2
        && info.type().isFloatingPoint()
        && KERNEL.matcher(info.name()).matches();
  }

  /** Reads one variable after checking its checksum; otherwise as described in the interface. */
  @Override
  public Tensor read(String name) throws IOException {
    verify(name);
    return super.read(name);
  }

  /**
   * Checks the data of one variable against the checksum in the index.
   *
   * @throws FormatException if they do not match
   * @throws IllegalArgumentException if there is no variable of that name
   */
  public void verify(String name) throws FormatException {
    if (MaskedChecksum.of(bytes(name)) != checksums.get(name)) {
      throw new FormatException(
          path(), name, -1, "its data do not match their checksum; the data file is damaged");
    }
  }

  /**
   * Checks the data of all variables.
   *
   * @throws FormatException naming the first that does not match
   */
  public void verify() throws FormatException {
    for (String name : names()) {
      verify(name);
    }
  }

  @Override
  public boolean isLinearWeight(String name) {
    return isKernel(info(name));
  }

  /** The index of a bundle in a folder: one {@code .index} file in it or in {@code variables}. */
  static List<Path> indexFiles(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path place : List.of(folder, folder.resolve("variables"))) {
      if (Files.isDirectory(place)) {
        try (var entries = Files.list(place)) {
          entries.filter(file -> file.toString().endsWith(".index")).sorted().forEach(found::add);
        }
      }
    }
    return found;
  }
}
