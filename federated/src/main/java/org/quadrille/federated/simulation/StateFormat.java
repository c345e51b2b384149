package org.quadrille.federated.simulation;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** States and replies as bytes of a checkpoint. */
final class StateFormat {
  private static final int MOST = 1 << 28;

  private StateFormat() {}

  static void write(StateArrays state, DataOutput out) throws IOException {
    out.writeInt(state.arrays().size());
    for (Map.Entry<String, double[]> entry : state.arrays().entrySet()) {
      out.writeUTF(entry.getKey());
      write(entry.getValue(), out);
    }
  }

  static StateArrays read(DataInput in) throws IOException {
    int count = length(in);
    StateArrays state = StateArrays.empty();
    for (int i = 0; i < count; i++) {
      String name = in.readUTF();
      state = state.with(name, numbers(in));
    }
    return state;
  }

  static void write(double[] values, DataOutput out) throws IOException {
    out.writeInt(values.length);
    for (double value : values) {
      out.writeDouble(value);
    }
  }

  static double[] numbers(DataInput in) throws IOException {
    double[] values = new double[length(in)];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readDouble();
    }
    return values;
  }

  static void write(ClientReply reply, DataOutput out) throws IOException {
    out.writeInt(reply.client());
    out.writeLong(reply.round());
    out.writeUTF(reply.status().name());
    out.writeLong(reply.points());
    out.writeDouble(reply.weight());
    write(reply.contribution(), out);
    out.writeBoolean(reply.proposed() != null);
    if (reply.proposed() != null) {
      write(reply.proposed(), out);
    }
    // A map of few entries has no order of its own.
    List<String> names = new ArrayList<>(reply.figures().keySet());
    names.sort(null);
    out.writeInt(names.size());
    for (String name : names) {
      out.writeUTF(name);
      out.writeDouble(reply.figures().get(name));
    }
  }

  static ClientReply reply(DataInput in) throws IOException {
    int client = in.readInt();
    long round = in.readLong();
    ReplyStatus status = ReplyStatus.valueOf(in.readUTF());
    long points = in.readLong();
    double weight = in.readDouble();
    double[] contribution = numbers(in);
    StateArrays proposed = in.readBoolean() ? read(in) : null;
    Map<String, Double> figures = new HashMap<>();
    int count = length(in);
    for (int i = 0; i < count; i++) {
      String name = in.readUTF();
      figures.put(name, in.readDouble());
    }
    return new ClientReply(
        client, round, status, points, weight, contribution, proposed, Map.copyOf(figures));
  }

  private static int length(DataInput in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MOST) {
      throw new IOException("length " + length + " given, expected 0 to " + MOST);
    }
    return length;
  }
}
