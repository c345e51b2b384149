package org.quadrille.federated.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.quadrille.federated.simulation.Purpose;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.federated.simulation.RandomStream;
import org.quadrille.formats.AtomicFile;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;

/**
 * Which examples belong to which client.
 *
 * @param origin how it was made: the rule, its settings, its seed
 * @param clients indices of examples, ascending for each client; no example belongs to two
 */
public record Partition(String origin, List<int[]> clients) {

  /** Checks that no example is given twice. */
  public Partition {
    clients = List.copyOf(clients);
    Map<Integer, Integer> owners = new TreeMap<>();
    for (int k = 0; k < clients.size(); k++) {
      for (int example : clients.get(k)) {
        Integer other = owners.put(example, k);
        if (example < 0 || other != null) {
          throw new IllegalArgumentException(
              example < 0
                  ? "client " + k + ": example " + example + " given, expected 0 or more"
                  : "example " + example + " belongs to clients " + other + " and " + k);
        }
      }
    }
  }

  /** Examples dealt at random in equal shares; some are left over if the shares do not divide. */
  public static Partition even(long seed, int examples, int clients) {
    requireClients(clients);
    int[] order = order(RandomKey.of(seed).child(Purpose.PARTITION.code()).stream(), examples);
    List<int[]> parts = new ArrayList<>();
    int share = examples / clients;
    for (int k = 0; k < clients; k++) {
      parts.add(sorted(Arrays.copyOfRange(order, k * share, (k + 1) * share)));
    }
    return new Partition("even, seed " + seed, parts);
  }

  /**
   * Label skew: each client draws a distribution of labels from a symmetric Dirichlet distribution,
   * then its labels, then examples of these labels without replacement. A label that is used up is
   * replaced by the one with the most examples left.
   *
   * @param seed of all draws
   * @param labels of all examples, classes from 0
   * @param clients 1 or more
   * @param points examples of each client; all clients together have no more than there are
   * @param alpha of the Dirichlet distribution, above 0: small for clients of few labels
   */
  public static Partition dirichlet(
      long seed, int[] labels, int clients, int points, double alpha) {
    requireClients(clients);
    if (points < 0 || (long) clients * points > labels.length) {
      throw new IllegalArgumentException(
          "points: "
              + clients
              + " clients of "
              + points
              + " given, there are "
              + labels.length
              + " examples");
    }
    if (!(alpha > 0) || alpha == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("alpha: " + alpha + " given, expected a number above 0");
    }
    RandomKey key = RandomKey.of(seed).child(Purpose.PARTITION.code());
    LabelPiles piles = LabelPiles.of(labels, key.child(0).stream());
    List<int[]> parts = new ArrayList<>();
    for (int k = 0; k < clients; k++) {
      RandomStream stream = key.child(1, k).stream();
      double[] weights = dirichlet(stream, piles.classes(), alpha);
      int[] part = new int[points];
      for (int i = 0; i < points; i++) {
        part[i] = piles.take(chosen(weights, stream.uniform()));
      }
      parts.add(sorted(part));
    }
    return new Partition("dirichlet " + alpha + ", seed " + seed, parts);
  }

  /** One client for each name, in the order in which names first occur. */
  public static Partition byName(List<String> names) {
    Map<String, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      groups.computeIfAbsent(names.get(i), _ -> new ArrayList<>()).add(i);
    }
    return new Partition(
        "by name",
        groups.values().stream()
            .map(group -> group.stream().mapToInt(Integer::intValue).toArray())
            .toList());
  }

  /** Reads what {@link #write} wrote. */
  public static Partition read(Path path) throws IOException {
    JsonObject json = Json.read(path);
    List<int[]> clients = new ArrayList<>();
    for (Object client : json.array("clients")) {
      if (!(client instanceof List<?> indices)) {
        throw new FormatException(path, "clients: expected arrays of indices");
      }
      int[] part = new int[indices.size()];
      for (int i = 0; i < part.length; i++) {
        if (!(indices.get(i) instanceof Long index) || index > Integer.MAX_VALUE) {
          throw new FormatException(path, "clients: " + indices.get(i) + " is no index");
        }
        part[i] = index.intValue();
      }
      clients.add(part);
    }
    return new Partition(json.string("origin"), clients);
  }

  /** Writes a JSON file. */
  public void write(Path path) throws IOException {
    AtomicFile.writeText(
        path, Json.write(new JsonObject().put("origin", origin).put("clients", clients)));
  }

  /** Examples of a client. */
  public int[] client(int k) {
    return clients.get(k).clone();
  }

  /** Mean over clients of how many different labels they have. */
  public double meanDistinctLabels(int[] labels) {
    double sum = 0;
    for (int[] client : clients) {
      sum += Arrays.stream(client).map(i -> labels[i]).distinct().count();
    }
    return sum / clients.size();
  }

  private static double[] dirichlet(RandomStream stream, int classes, double alpha) {
    double[] weights = new double[classes];
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      weights[c] = stream.gamma(alpha);
      sum += weights[c];
    }
    if (sum == 0) {
      // For tiny alpha every draw may vanish; its limit is a single label.
      weights[(int) stream.bounded(classes)] = 1;
      sum = 1;
    }
    for (int c = 0; c < classes; c++) {
      weights[c] /= sum;
    }
    return weights;
  }

  private static int chosen(double[] weights, double uniform) {
    double left = uniform;
    for (int c = 0; c < weights.length - 1; c++) {
      left -= weights[c];
      if (left < 0) {
        return c;
      }
    }
    return weights.length - 1;
  }

  private static int[] order(RandomStream stream, int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    stream.shuffle(order);
    return order;
  }

  private static int[] sorted(int[] values) {
    Arrays.sort(values);
    return values;
  }

  private static void requireClients(int clients) {
    if (clients < 1) {
      throw new IllegalArgumentException("clients: " + clients + " given, expected 1 or more");
    }
  }

  /** Shuffled examples of each label, taken from the top. */
  private record LabelPiles(int[][] piles, int[] left) {

    static LabelPiles of(int[] labels, RandomStream stream) {
      int classes = 0;
      for (int label : labels) {
        classes = Math.max(classes, label + 1);
      }
      int[] left = new int[classes];
      for (int label : labels) {
        left[label]++;
      }
      int[][] piles = new int[classes][];
      for (int c = 0; c < classes; c++) {
        piles[c] = new int[left[c]];
      }
      int[] at = new int[classes];
      for (int example : order(stream, labels.length)) {
        int label = labels[example];
        piles[label][at[label]++] = example;
      }
      return new LabelPiles(piles, left);
    }

    int classes() {
      return piles.length;
    }

    int take(int label) {
      int from = label;
      if (left[from] == 0) {
        for (int c = 0; c < left.length; c++) {
          from = left[c] > left[from] ? c : from;
        }
      }
      return piles[from][--left[from]];
    }
  }
}
