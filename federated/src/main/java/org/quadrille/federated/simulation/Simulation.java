package org.quadrille.federated.simulation;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;

/**
 * Runs an algorithm over clients, round by round.
 *
 * {@snippet :
 * Simulation<ClientLikelihood> simulation =
 *     Simulation.of(algorithm, clients, SimulationSettings.of(seed, 10));
 * simulation.evaluating(10, state -> Map.of("accuracy", accuracy(algorithm.parameters(state))));
 * List<RoundRecord> records = simulation.run(100);
 * }
 *
 * <p>Same settings, same bits: for any number of threads, any executor, and when a run stops and
 * goes on from its checkpoint. Memory: the state of the server, the replies of a round for stateful
 * algorithms, else sums only, and what the store of client states keeps. Not thread safe.
 *
 * @param <D> what a client holds
 */
public final class Simulation<D> {
  private final Algorithm<D> algorithm;
  private final ClientSource<D> source;
  private final SimulationSettings settings;
  private final long points;
  private final PendingReplies pending = new PendingReplies();
  private final List<RoundRecord> records = new ArrayList<>();
  private RoundExecutor<D> executor = new LocalExecutor<>();
  private ClientStates states = new MemoryClientStates();
  private Evaluation evaluation = server -> Map.of();
  private int evaluateEvery;
  private Consumer<RoundRecord> listener = record -> {};
  private Path checkpoint;
  private int saveEvery;
  private StateArrays server;
  private long round;

  private Simulation(Algorithm<D> algorithm, ClientSource<D> source, SimulationSettings settings) {
    if (settings.perRound() > source.clients()) {
      throw new IllegalArgumentException(
          "perRound: "
              + settings.perRound()
              + " clients given, there are only "
              + source.clients());
    }
    this.algorithm = algorithm;
    this.source = source;
    this.settings = settings;
    this.points = source.points();
    this.server = algorithm.start();
  }

  /** A simulation before its first round. */
  public static <D> Simulation<D> of(
      Algorithm<D> algorithm, ClientSource<D> source, SimulationSettings settings) {
    return new Simulation<>(algorithm, source, settings);
  }

  /** Lets clients compute elsewhere. */
  public Simulation<D> executor(RoundExecutor<D> other) {
    executor = other;
    return this;
  }

  /** Keeps what clients remember elsewhere; to be called before the first round. */
  public Simulation<D> states(ClientStates store) {
    states = store;
    return this;
  }

  /**
   * Measures after every {@code every}-th round, and after the last of {@link #run}.
   *
   * @param every rounds, 1 or more
   */
  public Simulation<D> evaluating(int every, Evaluation what) {
    if (every < 1) {
      throw new IllegalArgumentException("every: " + every + " rounds given, expected 1 or more");
    }
    evaluateEvery = every;
    evaluation = what;
    return this;
  }

  /** Hears of every round when it is done. */
  public Simulation<D> telling(Consumer<RoundRecord> hearer) {
    listener = hearer;
    return this;
  }

  /**
   * Saves everything after every {@code every}-th round.
   *
   * @param path of the file; its folder exists
   * @param every rounds, 1 or more
   */
  public Simulation<D> checkpointing(Path path, int every) {
    if (every < 1) {
      throw new IllegalArgumentException("every: " + every + " rounds given, expected 1 or more");
    }
    checkpoint = path;
    saveEvery = every;
    return this;
  }

  /**
   * Goes on from the checkpoint if there is one.
   *
   * @return whether there was one
   * @throws IOException if it is damaged or of other settings
   */
  public boolean resume() throws IOException {
    if (checkpoint == null || !Files.exists(checkpoint)) {
      return false;
    }
    CheckpointFile.read(checkpoint, this::load);
    return true;
  }

  /** Begins with another state of the server, for example of a run of another algorithm. */
  public Simulation<D> startingAt(StateArrays state) {
    server = state;
    return this;
  }

  /** The state of the server. */
  public StateArrays server() {
    return server;
  }

  /** What clients remember. */
  public ClientStates states() {
    return states;
  }

  /** Rounds done, those before a checkpoint included. */
  public long round() {
    return round;
  }

  /** What happened in all rounds so far. */
  public List<RoundRecord> records() {
    return List.copyOf(records);
  }

  /**
   * Runs until a number of rounds is done, those before a checkpoint included.
   *
   * @return the records of all rounds
   */
  public List<RoundRecord> run(long rounds) {
    return run(rounds, () -> false);
  }

  /**
   * Runs until a number of rounds is done or a stop is asked for; saves a checkpoint at a stop if
   * one is wanted.
   */
  public List<RoundRecord> run(long rounds, BooleanSupplier stop) {
    while (round < rounds && !stop.getAsBoolean()) {
      boolean last = round + 1 == rounds;
      RoundRecord record = step(evaluateEvery > 0 && (last || (round + 1) % evaluateEvery == 0));
      records.add(record);
      listener.accept(record);
      if (checkpoint != null && (last || round % saveEvery == 0)) {
        save();
      }
    }
    if (checkpoint != null && round < rounds) {
      save();
    }
    return records();
  }

  private RoundRecord step(boolean evaluate) {
    long start = System.nanoTime();
    RoundPlan plan = RoundPlan.of(settings, round, source.clients(), points);
    RoundWork<D> work =
        new RoundWork<>(
            algorithm,
            source,
            plan.spec(),
            Wire.round(server, settings.wire()),
            plan.clients(),
            plan.onTime(),
            states::get,
            settings.wire());
    long clientStart = System.nanoTime();
    List<ReplyBlock> blocks = executor.execute(work);
    double clientSeconds = (System.nanoTime() - clientStart) * 1e-9;
    RoundTally tally = new RoundTally(algorithm, plan, pending, settings.availability());
    blocks.forEach(tally::add);
    List<ClientReply> accepted = tally.close();
    ServerOutcome outcome = algorithm.server(server, tally.sum(), plan.spec());
    server = outcome.state();
    remember(accepted, outcome);
    round++;
    double seconds = (System.nanoTime() - start) * 1e-9;
    return tally.record(
        outcome,
        settings.wire(),
        evaluate ? evaluation.of(server) : Map.of(),
        clientSeconds,
        seconds - clientSeconds);
  }

  private void remember(List<ClientReply> accepted, ServerOutcome outcome) {
    if (!algorithm.isStateful() || !outcome.isAccepted()) {
      return;
    }
    for (ClientReply reply : accepted) {
      algorithm
          .remember(states.get(reply.client()), reply, outcome.factor())
          .ifPresent(state -> states.put(reply.client(), state));
    }
  }

  private void save() {
    try {
      CheckpointFile.write(checkpoint, this::save);
      states.saved();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void save(DataOutput out) throws IOException {
    out.writeUTF(identity());
    out.writeLong(round);
    StateFormat.write(server, out);
    states.save(out);
    pending.save(out);
    byte[] json =
        Json.write(records.stream().map(RoundRecord::toJson).toList())
            .getBytes(StandardCharsets.UTF_8);
    out.writeInt(json.length);
    out.write(json);
  }

  private void load(DataInput in) throws IOException {
    String found = in.readUTF();
    if (!found.equals(identity())) {
      throw new IOException(
          checkpoint
              + ": of another run ("
              + found
              + "), expected "
              + identity()
              + "; delete it or choose another folder");
    }
    round = in.readLong();
    server = StateFormat.read(in);
    states.load(in);
    pending.load(in);
    byte[] json = new byte[in.readInt()];
    in.readFully(json);
    records.clear();
    for (Object record : (List<?>) Json.parse(new String(json, StandardCharsets.UTF_8))) {
      records.add(RoundRecord.of((JsonObject) record));
    }
  }

  private String identity() {
    return algorithm.name()
        + " "
        + algorithm.settings()
        + " "
        + settings
        + " clients "
        + source.clients()
        + " points "
        + points;
  }
}
