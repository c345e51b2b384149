package org.quadrille.cli.federate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.Examples;
import org.quadrille.federated.metrics.Fairness;
import org.quadrille.federated.metrics.MarginalPrediction;
import org.quadrille.federated.metrics.Scores;
import org.quadrille.federated.simulation.Algorithm;
import org.quadrille.federated.simulation.ClientSource;
import org.quadrille.federated.simulation.Purpose;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.federated.simulation.RoundRecord;
import org.quadrille.federated.simulation.Simulation;
import org.quadrille.federated.simulation.SimulationSettings;
import org.quadrille.federated.simulation.StateArrays;
import org.quadrille.linalg.Tensor;

/**
 * One run of a method on a task: a warm start by averaging, then the method.
 *
 * <p>All methods with one seed share the warm start, the clients of every round and the order of
 * their examples, so their differences are paired.
 */
public final class FederatedRun {
  /** Draws of the posterior for marginal predictions. */
  public static final int DRAWS = 20;

  private final FederatedTask task;
  private final MethodSettings method;
  private final SimulationSettings settings;
  private final Examples evaluated;
  private final int rounds;
  private final int evaluateEvery;
  private Path folder;
  private Consumer<RoundRecord> listener = record -> {};
  private BooleanSupplier stop = () -> false;

  /**
   * What a run came to.
   *
   * @param records of the rounds after the warm start
   * @param warmRounds before them
   * @param finalScores by name: accuracy, loss, brier, ece at the mean; marginalAccuracy, ... over
   *     the posterior where there is one; clientAccuracy... over clients, each on its own examples
   * @param algorithm that was run
   * @param server its last state
   */
  public record Outcome(
      List<RoundRecord> records,
      int warmRounds,
      Map<String, Double> finalScores,
      Algorithm<ClientLikelihood> algorithm,
      StateArrays server) {}

  /**
   * A run.
   *
   * @param settings seed, clients of a round, availability
   * @param evaluated examples that are predicted
   * @param rounds after the warm start
   * @param evaluateEvery rounds between evaluations
   */
  public FederatedRun(
      FederatedTask task,
      MethodSettings method,
      SimulationSettings settings,
      Examples evaluated,
      int rounds,
      int evaluateEvery) {
    this.task = task;
    this.method = method;
    this.settings = settings;
    this.evaluated = evaluated;
    this.rounds = rounds;
    this.evaluateEvery = evaluateEvery;
  }

  /** Checkpoints go there, and the run goes on from those it finds. */
  public FederatedRun in(Path out) {
    folder = out;
    return this;
  }

  /** Hears of every round. */
  public FederatedRun telling(Consumer<RoundRecord> hearer) {
    listener = hearer;
    return this;
  }

  /** Ends early, with a checkpoint, when this is true. */
  public FederatedRun stoppingWhen(BooleanSupplier condition) {
    stop = condition;
    return this;
  }

  /**
   * Averaging from random parameters.
   *
   * @param warm its rounds; 0: the random parameters
   */
  public double[] warmStart(MethodSettings averaging, int warm) {
    double[] start = task.start(settings.seed());
    if (warm == 0) {
      return start;
    }
    Algorithm<ClientLikelihood> algorithm = Methods.of(averaging, task, start);
    Simulation<ClientLikelihood> simulation = Simulation.of(algorithm, task.source(), settings);
    simulation.run(warm);
    return algorithm.parameters(simulation.server());
  }

  /**
   * Runs the method.
   *
   * @param start parameters of {@link #warmStart}
   * @param warm rounds they took
   */
  public Outcome run(double[] start, int warm) throws IOException {
    Algorithm<ClientLikelihood> algorithm = Methods.of(method, task, start);
    ClientSource<ClientLikelihood> source = task.source();
    // Other clients than those of the warm start, the same for all methods.
    SimulationSettings later =
        new SimulationSettings(
            RandomKey.of(settings.seed()).child(warm).value(),
            settings.perRound(),
            settings.overSelection(),
            settings.availability(),
            settings.wire());
    Simulation<ClientLikelihood> simulation =
        Simulation.of(algorithm, source, later)
            .evaluating(evaluateEvery, server -> scores(algorithm.parameters(server)).toMap())
            .telling(listener);
    if (folder != null) {
      simulation.checkpointing(folder.resolve("checkpoint.bin"), Math.max(1, rounds / 20));
      simulation.resume();
    }
    List<RoundRecord> records = simulation.run(rounds, stop);
    return new Outcome(
        records, warm, finalScores(algorithm, simulation.server()), algorithm, simulation.server());
  }

  private Map<String, Double> finalScores(
      Algorithm<ClientLikelihood> algorithm, StateArrays server) {
    double[] parameters = algorithm.parameters(server);
    Map<String, Double> all = new TreeMap<>(scores(parameters).toMap());
    Optional<Tensor> marginal =
        MarginalPrediction.of(
            algorithm,
            server,
            DRAWS,
            RandomKey.of(settings.seed()).child(Purpose.POSTERIOR_DRAWS.code()),
            theta -> task.model().predict(tensor(theta), evaluated.inputs()));
    marginal.ifPresent(
        p ->
            Scores.of(p, evaluated.labels())
                .toMap()
                .forEach((name, value) -> all.put("marginal." + name, value)));
    Tensor theta = tensor(parameters);
    double[] accuracies =
        task.clients().stream()
            .filter(client -> client.count() > 0)
            .mapToDouble(
                client ->
                    Scores.of(task.model().predict(theta, client.inputs()), client.labels())
                        .accuracy())
            .toArray();
    all.putAll(Fairness.of(accuracies).toMap("clientAccuracy"));
    return all;
  }

  private Scores scores(double[] parameters) {
    return Scores.of(
        task.model().predict(tensor(parameters), evaluated.inputs()), evaluated.labels());
  }

  private Tensor tensor(double[] parameters) {
    return Tensor.of(parameters, parameters.length).to(evaluated.inputs().dtype());
  }
}
