package org.quadrille.federated.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quadrille.federated.Batch;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.FisherKind;
import org.quadrille.federated.baseline.QuadraticClient;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** Training on a client: its recursion, its samples, its batches. */
class LocalTrainingTest {

  /** Notes which points it is asked about; the loss pulls the parameter to the point's number. */
  private static final class Notes implements ClientLikelihood {
    private final List<int[]> batches = new ArrayList<>();
    private final int points;

    Notes(int points) {
      this.points = points;
    }

    @Override
    public int dimension() {
      return 1;
    }

    @Override
    public DType dtype() {
      return DType.F64;
    }

    @Override
    public int points() {
      return points;
    }

    @Override
    public double loss(Tensor theta, Batch batch) {
      throw new AssertionError("not needed");
    }

    @Override
    public double gradient(Tensor theta, Batch batch, Tensor gradient) {
      int[] seen = new int[batch.size()];
      double g = 0;
      for (int i = 0; i < seen.length; i++) {
        seen[i] = batch.point(i);
        g += theta.get(0) - seen[i];
      }
      batches.add(seen);
      gradient.set(g, 0);
      return g;
    }

    @Override
    public void addFisher(Tensor theta, Batch batch, FisherKind kind, long key, Tensor fisher) {
      throw new AssertionError("not needed");
    }
  }

  @Test
  void epochsGoThroughThePointsWithoutReplacementAndDropTheRest() {
    Notes notes = new Notes(11);
    LocalTraining training = LocalTraining.of(3, 4, 0.01);
    TrainingTrace trace = training.run(notes, new double[1], QuadraticTerm.NONE, RandomKey.of(1));
    assertEquals(6, notes.batches.size());
    assertEquals(6, trace.steps());
    List<String> orders = new ArrayList<>();
    for (int epoch = 0; epoch < 3; epoch++) {
      int[] seen =
          notes.batches.subList(2 * epoch, 2 * epoch + 2).stream()
              .flatMapToInt(Arrays::stream)
              .toArray();
      orders.add(Arrays.toString(seen));
      assertEquals(8, Arrays.stream(seen).distinct().count());
      assertTrue(Arrays.stream(seen).allMatch(i -> i >= 0 && i < 11));
    }
    assertEquals(3, orders.stream().distinct().count());
  }

  @Test
  void theRecursionIsThatOfMomentum() {
    // theta pulled to 2 with curvature 1, decay 0.1, term 1/2 * 3 theta^2 - 0.5 theta
    ClientLikelihood client = new QuadraticClient(new double[][] {{1}}, new double[] {2}, 5);
    LocalTraining training = new LocalTraining(4, 100, 0.2, 0.6, 0.1, SampleKind.LAST, 1);
    QuadraticTerm term = new QuadraticTerm(new double[] {3}, new double[] {0.5});
    TrainingTrace trace = training.run(client, new double[] {1}, term, RandomKey.of(1));
    double theta = 1;
    double v = 0;
    double[] path = new double[4];
    for (int t = 0; t < 4; t++) {
      v = 0.6 * v + (theta - 2) + 0.1 * theta + 3 * theta - 0.5;
      theta -= 0.2 * v;
      path[t] = theta;
    }
    assertArrayEquals(new double[] {theta}, trace.last(), 1e-14);
    assertEquals(3, trace.samples().size());
    double mean = (path[1] + path[2] + path[3]) / 3;
    assertEquals(mean, trace.mean()[0], 1e-14);
    double variance = 0;
    for (int t = 1; t < 4; t++) {
      variance += (path[t] - mean) * (path[t] - mean) / 2;
    }
    assertEquals(variance, trace.variance()[0], 1e-14);
  }

  @Test
  void averagesOfEpochsAreSamplesToo() {
    Notes notes = new Notes(8);
    LocalTraining training =
        LocalTraining.of(2, 4, 0.1).withMomentum(0).withSamples(SampleKind.AVERAGE, 1);
    TrainingTrace trace =
        training.run(notes, new double[] {1}, QuadraticTerm.NONE, RandomKey.of(9));
    double theta = 1;
    double sum = 0;
    for (int step = 0; step < 4; step++) {
      double target = Arrays.stream(notes.batches.get(step)).average().orElseThrow();
      theta -= 0.1 * (theta - target);
      sum += step >= 2 ? theta / 2 : 0;
    }
    assertEquals(1, trace.samples().size());
    assertEquals(sum, trace.samples().getFirst()[0], 1e-12);
  }

  @Test
  void ratesBeyondTheStabilityBoundAreLowered() {
    LocalTraining training = LocalTraining.of(400, 10, 0.5);
    QuadraticTerm stiff = QuadraticTerm.around(new double[] {3}, 1000);
    assertEquals(0.9 * 3.8 / 1000, training.stableRate(stiff), 1e-15);
    assertEquals(0.5, training.stableRate(QuadraticTerm.NONE));
    ClientLikelihood client = new QuadraticClient(new double[][] {{1}}, new double[] {2}, 5);
    TrainingTrace trace = training.run(client, new double[] {3}, stiff, RandomKey.of(1));
    assertEquals((2 + 3000) / 1001.0, trace.last()[0], 1e-6);
  }

  @Test
  void divergenceIsAnAnswerNotAnError() {
    ClientLikelihood client = new QuadraticClient(new double[][] {{1e6}}, new double[] {2}, 5);
    TrainingTrace trace =
        LocalTraining.of(500, 10, 1)
            .run(client, new double[] {3}, QuadraticTerm.NONE, RandomKey.of(1));
    assertTrue(trace.diverged());
  }

  @Test
  void refusesBadSettings() {
    LocalTraining training = LocalTraining.of(1, 1, 0.1);
    ClientLikelihood client = new QuadraticClient(new double[][] {{1}}, new double[] {2}, 5);
    RandomKey key = RandomKey.of(1);
    assertThrows(IllegalArgumentException.class, () -> LocalTraining.of(0, 1, 0.1));
    assertThrows(IllegalArgumentException.class, () -> LocalTraining.of(1, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> training.withMomentum(1));
    assertThrows(IllegalArgumentException.class, () -> training.withSamples(SampleKind.LAST, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> training.run(client, new double[2], QuadraticTerm.NONE, key));
    assertThrows(
        IllegalArgumentException.class,
        () -> new QuadraticTerm(new double[] {Double.NaN}, new double[0]));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            training.run(
                client, new double[1], new QuadraticTerm(new double[2], new double[0]), key));
    assertThrows(
        IllegalArgumentException.class,
        () -> training.run(client, new double[1], QuadraticTerm.NONE, key).variance());
  }
}
