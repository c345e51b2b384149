package org.quadrille.lowrank.adapter;

import java.util.function.Supplier;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.Optimizer;
import org.quadrille.optim.Schedule;

/**
 * ReLoRA (Lialin et al. 2023, algorithm 1): after every so many steps the update becomes part of
 * the frozen weights, the factors start anew, and the optimizer forgets. A sum of updates of rank r
 * can have a higher rank.
 *
 * <p>Use with {@link #schedule}, so that the new optimizer begins with small steps.
 */
public final class RestartingOptimizer implements Optimizer {
  private static final String STEP = "restart.step";
  private static final String BASE = "restart.base.";
  private static final String INNER = "restart.inner.";

  private final Supplier<Optimizer> fresh;
  private final Adapters adapters;
  private final long every;
  private Optimizer inner;
  private long step;

  /**
   * An optimizer.
   *
   * @param fresh makes a new optimizer for each round
   * @param adapters plain factors beside dense weights
   * @param every steps of a round, at least 1
   */
  public RestartingOptimizer(Supplier<Optimizer> fresh, Adapters adapters, long every) {
    requireRound(every);
    this.fresh = fresh;
    this.adapters = adapters;
    this.every = every;
    this.inner = fresh.get();
  }

  /**
   * A schedule that rises anew at the beginning of each round.
   *
   * @param whole over all rounds
   * @param every steps of a round
   * @param warmUp steps in which the rate of a round rises
   */
  public static Schedule schedule(Schedule whole, long every, long warmUp) {
    requireRound(every);
    if (warmUp < 0 || warmUp > every) {
      throw new IllegalArgumentException(
          "warm-up of " + warmUp + " steps, expected 0 to the " + every + " steps of a round");
    }
    return t -> {
      // Step t, from 1 on, is step (t - 1) mod k + 1 of its round.
      long within = t == 0 ? 0 : (t - 1) % every + 1;
      double rise = within < warmUp ? within / (double) warmUp : 1;
      return whole.factor(t) * (t <= every ? 1 : rise);
    };
  }

  private static void requireRound(long every) {
    if (every < 1) {
      throw new IllegalArgumentException("restart every " + every + " steps, expected at least 1");
    }
  }

  /** Restarts so far. */
  public long restarts() {
    return step / every;
  }

  @Override
  public void step(Tensors parameters, Tensors gradients, double rateFactor) {
    inner.step(parameters, gradients, rateFactor);
    step++;
    if (step % every == 0) {
      adapters.restart(Math.toIntExact(step / every));
      inner = fresh.get();
    }
  }

  @Override
  public Tensors state() {
    Tensors state = Tensors.empty();
    if (step == 0) {
      return state;
    }
    state.put(STEP, Tensor.of(new double[] {(double) step}, 1));
    inner.state().forEach((name, tensor) -> state.put(INNER + name, tensor));
    if (restarts() > 0) {
      adapters
          .operators()
          .forEach((map, operator) -> state.put(BASE + map, operator.base().toDense()));
    }
    return state;
  }

  @Override
  public void load(Tensors state) {
    if (state.size() == 0) {
      return;
    }
    step = (long) state.get(STEP).get(0);
    Tensors ofInner = Tensors.empty();
    state.forEach(
        (name, tensor) -> {
          if (name.startsWith(INNER)) {
            ofInner.put(name.substring(INNER.length()), tensor);
          }
        });
    inner = fresh.get();
    inner.load(ofInner);
    if (restarts() > 0) {
      adapters
          .operators()
          .forEach((map, operator) -> operator.rebase(Dense.of(state.get(BASE + map).copy())));
    }
  }
}
