package org.quadrille.federated.baseline;

import org.quadrille.federated.server.ServerMemory;
import org.quadrille.federated.server.ServerOptimizer;
import org.quadrille.federated.simulation.StateArrays;

/** Parameters and the memory of a server optimizer as the arrays of a state. */
final class ServerMean {
  static final String PARAMETERS = "parameters";
  private static final String FIRST = "optimizer.first";
  private static final String SECOND = "optimizer.second";
  private static final String STEPS = "optimizer.steps";

  private ServerMean() {}

  static StateArrays start(double[] parameters, ServerOptimizer optimizer) {
    double[] copy = requireFinite(parameters).clone();
    return write(StateArrays.empty(), copy, optimizer.begin(copy.length));
  }

  /** The state after a step along a direction of ascent. */
  static StateArrays ascend(StateArrays state, double[] direction, ServerOptimizer optimizer) {
    double[] parameters = state.get(PARAMETERS).clone();
    ServerMemory memory =
        new ServerMemory((long) state.scalar(STEPS), state.get(FIRST), state.get(SECOND));
    ServerMemory next = optimizer.ascend(memory, parameters, direction);
    return write(state, parameters, next);
  }

  private static StateArrays write(StateArrays state, double[] parameters, ServerMemory memory) {
    return state
        .with(PARAMETERS, parameters)
        .with(FIRST, memory.first())
        .with(SECOND, memory.second())
        .with(STEPS, new double[] {memory.steps()});
  }

  static double[] requireFinite(double[] parameters) {
    if (parameters.length == 0) {
      throw new IllegalArgumentException("start: no parameters given, expected at least 1");
    }
    for (int i = 0; i < parameters.length; i++) {
      if (!Double.isFinite(parameters[i])) {
        throw new IllegalArgumentException(
            "start: " + parameters[i] + " given at " + i + ", expected finite numbers");
      }
    }
    return parameters;
  }

  static double norm(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  static boolean isFinite(StateArrays state) {
    for (double value : state.get(PARAMETERS)) {
      if (!Double.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
