package org.quadrille.federated.propagation;

import java.util.Map;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.server.ServerMemory;
import org.quadrille.federated.server.ServerOptimizer;
import org.quadrille.federated.simulation.ServerOutcome;
import org.quadrille.federated.simulation.StateArrays;

/** The server's step on natural parameters, shortened where it would leave the proper Gaussians. */
final class ServerStep {
  static final String APPROXIMATION = "approximation";
  private static final String FIRST = "optimizer.first";
  private static final String SECOND = "optimizer.second";
  private static final String STEPS = "optimizer.steps";
  private static final int HALVINGS = 5;

  private ServerStep() {}

  static StateArrays begin(Gaussian start, ServerOptimizer optimizer) {
    double[] natural = start.natural().clone();
    return write(StateArrays.empty(), natural, optimizer.begin(natural.length));
  }

  private static StateArrays write(StateArrays state, double[] natural, ServerMemory memory) {
    return state
        .with(APPROXIMATION, natural)
        .with(FIRST, memory.first())
        .with(SECOND, memory.second())
        .with(STEPS, new double[] {memory.steps()});
  }

  /**
   * One step along {@code delta} times the sum of the changes.
   *
   * @param sum of the changes of natural parameters, not modified
   */
  static ServerOutcome take(
      ExpectationPropagation settings, StateArrays state, double[] sum, double delta) {
    double[] before = state.get(APPROXIMATION);
    double[] direction = new double[sum.length];
    for (int i = 0; i < sum.length; i++) {
      direction[i] = delta * sum[i];
    }
    ServerMemory memory =
        new ServerMemory((long) state.scalar(STEPS), state.get(FIRST), state.get(SECOND));
    double[] after = before.clone();
    ServerMemory next = settings.optimizer().ascend(memory, after, direction);
    double part = 1;
    for (int halvings = 0; halvings <= HALVINGS; halvings++, part /= 2) {
      double[] shortened = halvings == 0 ? after : between(before, after, part);
      Gaussian q =
          Gaussian.ofNatural(settings.initial().shape(), settings.initial().dimension(), shortened);
      if (q.isProper()) {
        double factor = part * delta * settings.optimizer().rate();
        return ServerOutcome.of(write(state, shortened, next), factor)
            .withFigures(figures(q, halvings));
      }
    }
    return ServerOutcome.refused(state);
  }

  private static double[] between(double[] before, double[] after, double part) {
    double[] result = new double[before.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = before[i] + part * (after[i] - before[i]);
    }
    return result;
  }

  /** Precisions on the diagonal: their range and mean. */
  private static Map<String, Double> figures(Gaussian q, int halvings) {
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    double[] diagonal = q.precision().diagonal().toDoubles();
    for (double lambda : diagonal) {
      least = Math.min(least, lambda);
      most = Math.max(most, lambda);
    }
    return Map.of(
        "precisionMin",
        least,
        "precisionMax",
        most,
        "precisionMean",
        q.precision().trace() / diagonal.length,
        "halvings",
        (double) halvings);
  }
}
