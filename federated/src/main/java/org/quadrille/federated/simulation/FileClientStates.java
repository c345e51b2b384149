package org.quadrille.federated.simulation;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.quadrille.linalg.DType;

/**
 * What clients remember, on the disk: records are appended to one file, the latest of a client
 * counts, and only its place (8 bytes a client) lies in memory.
 *
 * <p>A record is, little endian: client, number of values, the values in single or double
 * precision, CRC-32C of all that. When less than half of the file is still valid it is rewritten
 * under the next name of a sequence ({@code name.0}, {@code name.1}, ...); the old file stays until
 * a checkpoint knows the new one, so a run stopped at any moment goes on from its last checkpoint.
 */
public final class FileClientStates implements ClientStates {
  private static final int FRAME = 12;
  private static final long REWRITE_BYTES = 64L << 20;

  private final Path base;
  private final DType dtype;
  private final long[] places;
  private StateSchema schema;
  private long generation;
  private long end;
  private int live;
  private FileChannel channel;

  /**
   * An empty store; what an earlier run left under this name is overwritten unless {@link #load}
   * follows.
   *
   * @param base the name, to which a number is added; its folder exists
   * @param clients how many clients there may be
   * @param dtype F32 for half the size
   */
  public FileClientStates(Path base, int clients, DType dtype) {
    if (clients < 1) {
      throw new IllegalArgumentException("clients: " + clients + " given, expected 1 or more");
    }
    this.base = base;
    this.dtype = dtype;
    this.places = new long[clients];
    Arrays.fill(places, -1);
  }

  @Override
  public Optional<StateArrays> get(int client) {
    long place = places[requireClient(client)];
    if (place < 0) {
      return Optional.empty();
    }
    ByteBuffer record = buffer();
    try {
      readFully(record, place);
    } catch (IOException e) {
      throw failed(e);
    }
    return Optional.of(unpack(record.flip(), client));
  }

  @Override
  public void put(int client, StateArrays state) {
    requireClient(client);
    StateSchema given = StateSchema.of(state);
    if (schema == null) {
      schema = given;
    } else if (!schema.equals(given)) {
      throw new IllegalArgumentException(
          "client " + client + ": state " + given + " given, expected " + schema);
    }
    try {
      ByteBuffer record = pack(client, PackedState.of(state, dtype));
      open();
      long place = end;
      writeFully(channel, record, place);
      end = place + recordBytes();
      live += places[client] < 0 ? 1 : 0;
      places[client] = place;
      if (end > REWRITE_BYTES && end > 2L * recordBytes() * live) {
        rewrite();
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public int[] visited() {
    return IntStream.range(0, places.length).filter(client -> places[client] >= 0).toArray();
  }

  @Override
  public void save(DataOutput out) throws IOException {
    if (channel != null) {
      channel.force(false);
    }
    out.writeInt(places.length);
    out.writeUTF(dtype.name());
    out.writeLong(generation);
    out.writeLong(end);
    out.writeBoolean(schema != null);
    if (schema != null) {
      out.writeInt(schema.names().size());
      for (int i = 0; i < schema.names().size(); i++) {
        out.writeUTF(schema.names().get(i));
        out.writeInt(schema.lengths()[i]);
      }
    }
  }

  @Override
  public void load(DataInput in) throws IOException {
    int clients = in.readInt();
    String precision = in.readUTF();
    if (clients != places.length || !precision.equals(dtype.name())) {
      throw new IOException(
          base
              + ": the checkpoint is of "
              + clients
              + " clients in "
              + precision
              + ", expected "
              + places.length
              + " in "
              + dtype);
    }
    close();
    generation = in.readLong();
    end = in.readLong();
    schema = in.readBoolean() ? readSchema(in) : null;
    Arrays.fill(places, -1);
    if (end > 0) {
      channel =
          FileChannel.open(file(generation), StandardOpenOption.READ, StandardOpenOption.WRITE);
      // What a stopped run appended after its checkpoint never happened.
      channel.truncate(end);
      index();
    }
    live = visited().length;
  }

  /** Deletes files of earlier generations. */
  @Override
  public void saved() throws IOException {
    long old = generation - 1;
    while (old >= 0 && Files.deleteIfExists(file(old))) {
      old--;
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }

  private static StateSchema readSchema(DataInput in) throws IOException {
    int count = in.readInt();
    String[] names = new String[count];
    int[] lengths = new int[count];
    for (int i = 0; i < count; i++) {
      names[i] = in.readUTF();
      lengths[i] = in.readInt();
    }
    return new StateSchema(Arrays.asList(names), lengths);
  }

  private void index() throws IOException {
    ByteBuffer record = buffer();
    for (long place = 0; place < end; place += recordBytes()) {
      record.clear();
      readFully(record, place);
      int client = record.getInt(0);
      unpack(record.flip(), requireClient(client));
      places[client] = place;
    }
  }

  private void rewrite() throws IOException {
    long next = generation + 1;
    try (FileChannel target = create(file(next))) {
      ByteBuffer record = buffer();
      long place = 0;
      for (int client : visited()) {
        record.clear();
        readFully(record, places[client]);
        writeFully(target, record.flip(), place);
        places[client] = place;
        place += recordBytes();
      }
      end = place;
      target.force(false);
    }
    channel.close();
    channel = FileChannel.open(file(next), StandardOpenOption.READ, StandardOpenOption.WRITE);
    generation = next;
  }

  private void open() throws IOException {
    if (channel == null) {
      channel = create(file(generation));
    }
  }

  private static FileChannel create(Path path) throws IOException {
    return FileChannel.open(
        path,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }

  private Path file(long number) {
    return base.resolveSibling(base.getFileName() + "." + number);
  }

  private int recordBytes() {
    return FRAME + schema.length() * (dtype == DType.F32 ? Float.BYTES : Double.BYTES);
  }

  private ByteBuffer buffer() {
    return ByteBuffer.allocate(recordBytes()).order(ByteOrder.LITTLE_ENDIAN);
  }

  private ByteBuffer pack(int client, PackedState state) {
    ByteBuffer record = buffer().putInt(client).putInt(schema.length());
    if (dtype == DType.F32) {
      for (float value : state.floats()) {
        record.putFloat(value);
      }
    } else {
      for (double value : state.doubles()) {
        record.putDouble(value);
      }
    }
    return record.putInt(checksum(record)).flip();
  }

  private StateArrays unpack(ByteBuffer record, int client) {
    int at = record.limit() - Integer.BYTES;
    int found = record.getInt(at);
    if (record.getInt(0) != client
        || record.getInt(4) != schema.length()
        || found != checksum(record.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(at))) {
      throw failed(
          new IOException("the state of client " + client + " is damaged; start the run again"));
    }
    record.position(8);
    float[] floats = dtype == DType.F32 ? new float[schema.length()] : null;
    double[] doubles = dtype == DType.F32 ? null : new double[schema.length()];
    for (int i = 0; i < schema.length(); i++) {
      if (floats != null) {
        floats[i] = record.getFloat();
      } else {
        doubles[i] = record.getDouble();
      }
    }
    return new PackedState(schema, floats, doubles).unpack();
  }

  /** Of all bytes before the position. */
  private static int checksum(ByteBuffer record) {
    CRC32C checksum = new CRC32C();
    checksum.update(record.duplicate().flip());
    return (int) checksum.getValue();
  }

  private void readFully(ByteBuffer record, long place) throws IOException {
    while (record.hasRemaining()) {
      if (channel.read(record, place + record.position()) < 0) {
        throw new IOException("the file ends early, at byte " + (place + record.position()));
      }
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer record, long place)
      throws IOException {
    while (record.hasRemaining()) {
      channel.write(record, place + record.position());
    }
  }

  private int requireClient(int client) {
    if (client < 0 || client >= places.length) {
      throw new IllegalArgumentException(
          "client " + client + " given, expected 0 to " + (places.length - 1));
    }
    return client;
  }

  private UncheckedIOException failed(IOException cause) {
    return new UncheckedIOException(
        new IOException(file(generation) + ": " + cause.getMessage(), cause));
  }
}
