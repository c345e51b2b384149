package org.quadrille.cli.federate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.Examples;
import org.quadrille.federated.data.ClientTable;
import org.quadrille.federated.data.Partition;
import org.quadrille.federated.data.Standardization;
import org.quadrille.federated.model.Model;
import org.quadrille.federated.simulation.ClientSource;
import org.quadrille.federated.simulation.Purpose;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.federated.simulation.RandomStream;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * A model and the examples of every client, with others to choose settings by and to test on.
 *
 * @param name of the data
 * @param model what is learnt
 * @param clients examples of each
 * @param validation belongs to no client
 * @param test belongs to no client
 * @param partition how examples were dealt
 */
public record FederatedTask(
    String name,
    Model model,
    List<Examples> clients,
    Examples validation,
    Examples test,
    Partition partition) {

  /**
   * What task.
   *
   * @param data digits, fashion, mnist, blobs or csv
   * @param path folder of IDX files, or the CSV file; null: the usual place
   * @param clientColumn of a CSV file
   * @param classColumn of a CSV file
   * @param model softmax, mlp:WIDTH or cnn:FILTERS
   * @param clients how many, where they are made
   * @param points of each
   * @param alpha of the Dirichlet distribution of their labels; infinite: dealt evenly
   * @param seed of the deal
   */
  public record Choice(
      String data,
      Path path,
      String clientColumn,
      String classColumn,
      String model,
      int clients,
      int points,
      double alpha,
      long seed) {}

  /**
   * Reads and deals the examples.
   *
   * @throws IllegalArgumentException if the choice is none of those there are
   */
  public static FederatedTask of(Choice choice) throws IOException {
    if (choice.data().equals("csv")) {
      return ofTable(choice);
    }
    LabelledData data =
        switch (choice.data()) {
          case "digits" -> LabelledData.digits();
          case "blobs" -> LabelledData.blobs(7, 20, 6000);
          case "fashion", "mnist" ->
              LabelledData.pictures(
                  choice.data(), choice.path() == null ? LabelledData.FASHION : choice.path());
          default ->
              throw new IllegalArgumentException(
                  "no task \""
                      + choice.data()
                      + "\"; there are digits, fashion, mnist, blobs and csv");
        };
    return deal(data, choice);
  }

  private static FederatedTask deal(LabelledData data, Choice choice) {
    int[] labels = data.train().labels();
    Partition partition =
        Double.isInfinite(choice.alpha())
            ? Partition.even(choice.seed(), choice.clients() * choice.points(), choice.clients())
            : Partition.dirichlet(
                choice.seed(), labels, choice.clients(), choice.points(), choice.alpha());
    Set<Integer> dealt = new HashSet<>();
    partition.clients().forEach(client -> Arrays.stream(client).forEach(dealt::add));
    int[] rest = new int[labels.length - dealt.size()];
    int at = 0;
    for (int i = 0; i < labels.length; i++) {
      if (!dealt.contains(i)) {
        rest[at++] = i;
      }
    }
    RandomKey.of(choice.seed()).child(Purpose.PARTITION.code(), 2).stream().shuffle(rest);
    int[] validation = Arrays.copyOf(rest, Math.min(2000, rest.length));
    return new FederatedTask(
        choice.data(),
        model(
            choice.model(), data.train().width(), LabelledData.classes(data.train()), data.side()),
        partition.clients().stream().map(data.train()::select).toList(),
        validation.length == 0 ? data.test() : data.train().select(validation),
        data.test(),
        partition);
  }

  /** Real clients: of each, a sixth of its examples for validation and a sixth for the test. */
  private static FederatedTask ofTable(Choice choice) throws IOException {
    if (choice.path() == null) {
      throw new IllegalArgumentException("the task csv needs a file; give it with --data");
    }
    ClientTable table =
        ClientTable.read(choice.path(), choice.clientColumn(), choice.classColumn(), DType.F32);
    List<int[]> train = new ArrayList<>();
    List<Integer> validation = new ArrayList<>();
    List<Integer> test = new ArrayList<>();
    for (int k = 0; k < table.clientNames().size(); k++) {
      int[] own = table.clients().client(k);
      RandomStream stream =
          RandomKey.of(choice.seed()).child(Purpose.PARTITION.code(), 3, k).stream();
      stream.shuffle(own);
      int sixth = own.length / 6;
      Arrays.stream(own, 0, sixth).forEach(validation::add);
      Arrays.stream(own, sixth, 2 * sixth).forEach(test::add);
      train.add(Arrays.copyOfRange(own, 2 * sixth, own.length));
    }
    if (test.isEmpty()) {
      throw new IllegalArgumentException(
          choice.path() + ": no client has 6 examples; there is nothing to test on");
    }
    int[] all = train.stream().flatMapToInt(Arrays::stream).toArray();
    Tensor inputs =
        Standardization.fit(table.examples().inputs(), all).apply(table.examples().inputs());
    Examples examples = Examples.labelled(inputs, table.examples().labels());
    return new FederatedTask(
        choice.path().getFileName().toString(),
        model(choice.model(), examples.width(), table.classNames().size(), 0),
        train.stream().map(examples::select).toList(),
        examples.select(validation.stream().mapToInt(i -> i).toArray()),
        examples.select(test.stream().mapToInt(i -> i).toArray()),
        table.clients());
  }

  private static Model model(String name, int inputs, int classes, int side) {
    String[] parts = name.split(":", 2);
    int size = parts.length == 1 ? 32 : Integer.parseInt(parts[1]);
    return switch (parts[0]) {
      case "softmax" -> Model.softmaxRegression(inputs, classes);
      case "mlp" -> Model.perceptron(inputs, new int[] {size}, classes);
      case "cnn" -> {
        if (side == 0) {
          throw new IllegalArgumentException("the model cnn needs pictures");
        }
        yield Model.convolutional(1, side, side, parts.length == 1 ? 8 : size, 32, classes);
      }
      default ->
          throw new IllegalArgumentException(
              "no model \"" + name + "\"; there are softmax, mlp:WIDTH and cnn:FILTERS");
    };
  }

  /** The clients as an algorithm sees them. */
  public ClientSource<ClientLikelihood> source() {
    return ClientSource.of(clients.stream().map(model::on).toList(), ClientLikelihood::points);
  }

  /** First parameters. */
  public double[] start(long seed) {
    return model.initial(DType.F32, RandomKey.of(seed).child(Purpose.START.code())).toDoubles();
  }

  /** Examples of all clients together. */
  public long points() {
    return clients.stream().mapToLong(Examples::count).sum();
  }
}
