package org.quadrille.federated.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.quadrille.federated.Batch;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.Examples;
import org.quadrille.federated.FisherKind;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.federated.simulation.RandomStream;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** Gradients, Fisher information and second derivatives of every model. */
class ModelTest {

  private static final RandomKey KEY = RandomKey.of(11);

  private static Map<String, Model> models() {
    Map<String, Model> models = new LinkedHashMap<>();
    models.put("linear", Model.linearRegression(3, 2, true, 1.7));
    models.put("linear without bias", Model.linearRegression(4, 1, false, 0.5));
    models.put("logistic", Model.logisticRegression(3, true));
    models.put("tags", new Model(Network.of(new Affine(3, 4, true)), new Bernoulli()));
    models.put("softmax", Model.softmaxRegression(3, 4));
    models.put("perceptron", Model.perceptron(3, new int[] {5, 4}, 3));
    models.put(
        "smooth",
        new Model(
            Network.of(new Affine(3, 4, true), new TanhLayer(4), new Affine(4, 3, true)),
            new Categorical()));
    models.put(
        "smooth regression",
        new Model(
            Network.of(new Affine(3, 4, true), new TanhLayer(4), new Affine(4, 2, true)),
            new NormalOutcome(2)));
    models.put("convolutional", Model.convolutional(2, 5, 4, 2, 3, 3));
    return models;
  }

  @TestFactory
  List<DynamicTest> gradientsAreThoseOfTheLoss() {
    return forEach(
        (model, client, theta) -> {
          Tensor gradient = Tensor.zeros(DType.F64, theta.length());
          double loss = client.gradient(theta, gradient);
          assertEquals(client.loss(theta), loss, 1e-12 * Math.abs(loss));
          double scale = Math.max(1, max(gradient));
          for (int i = 0; i < theta.length(); i++) {
            assertEquals(
                difference(client, theta, i), gradient.get(i), 2e-7 * scale, "element " + i);
          }
        });
  }

  /** Enumeration of labels: sum over y of p(y) times the squared gradient for y. */
  @TestFactory
  List<DynamicTest> exactFisherIsTheExpectationOverLabels() {
    return forEach(
        (model, client, theta) -> {
          if (model.outcome() instanceof Categorical) {
            Examples given = examples(model, 6, DType.F64);
            Tensor expected = Tensor.zeros(DType.F64, theta.length());
            Tensor p = model.predict(theta, given.inputs());
            for (int i = 0; i < 6; i++) {
              for (int c = 0; c < model.network().outputs(); c++) {
                ClientLikelihood one =
                    model.on(
                        Examples.labelled(given.inputs().slice(0, i, i + 1).copy(), new int[] {c}));
                Tensor g = Tensor.zeros(DType.F64, theta.length());
                one.gradient(theta, g);
                for (int j = 0; j < theta.length(); j++) {
                  expected.set(expected.get(j) + p.get(i, c) * g.get(j) * g.get(j), j);
                }
              }
            }
            Tensor actual = fisher(model.on(given), theta, FisherKind.EXACT, 0);
            assertArrayEquals(expected.toDoubles(), actual.toDoubles(), 1e-12);
          } else {
            // Exact for these: the second derivatives of an affine model do not depend on y.
            if (model.network().isAffine()) {
              Tensor hessian = client.hessian(theta);
              Tensor actual = fisher(client, theta, FisherKind.EXACT, 0);
              for (int i = 0; i < theta.length(); i++) {
                assertEquals(hessian.get(i, i), actual.get(i), 1e-11);
              }
            }
          }
        });
  }

  @TestFactory
  List<DynamicTest> sampledFisherIsUnbiased() {
    return forEach(
        (model, client, theta) -> {
          Tensor exact = fisher(client, theta, FisherKind.EXACT, 0);
          int draws = 3000;
          double[] mean = new double[theta.length()];
          double[] square = new double[theta.length()];
          for (int s = 0; s < draws; s++) {
            Tensor f = fisher(client, theta, FisherKind.SAMPLED, KEY.child(s).value());
            for (int i = 0; i < mean.length; i++) {
              mean[i] += f.get(i) / draws;
              square[i] += f.get(i) * f.get(i) / draws;
            }
          }
          for (int i = 0; i < mean.length; i++) {
            double error = Math.sqrt(Math.max(0, square[i] - mean[i] * mean[i]) / draws);
            assertEquals(exact.get(i), mean[i], 5.5 * error + 1e-12, "element " + i);
          }
        });
  }

  @TestFactory
  List<DynamicTest> hessiansAreDifferencesOfGradients() {
    return forEach(
        (model, client, theta) -> {
          if (!model.network().isAffine()) {
            assertThrows(UnsupportedOperationException.class, () -> client.hessian(theta));
            return;
          }
          Tensor hessian = client.hessian(theta);
          Tensor up = Tensor.zeros(DType.F64, theta.length());
          Tensor down = Tensor.zeros(DType.F64, theta.length());
          double h = 1e-5;
          for (int i = 0; i < theta.length(); i++) {
            double kept = theta.get(i);
            theta.set(kept + h, i);
            client.gradient(theta, up);
            theta.set(kept - h, i);
            client.gradient(theta, down);
            theta.set(kept, i);
            for (int j = 0; j < theta.length(); j++) {
              assertEquals((up.get(j) - down.get(j)) / (2 * h), hessian.get(i, j), 1e-6);
            }
          }
        });
  }

  /** Sums over batches make the whole, also beyond the block of rows and in any order. */
  @TestFactory
  List<DynamicTest> batchesAddUp() {
    return forEach(
        (model, unused, theta) -> {
          int n = 300;
          ClientLikelihood client = model.on(examples(model, n, DType.F64));
          int[] order = Batch.all(n).points();
          KEY.stream().shuffle(order);
          Tensor whole = Tensor.zeros(DType.F64, theta.length());
          Tensor sum = Tensor.zeros(DType.F64, theta.length());
          double loss = client.gradient(theta, whole);
          Tensor part = Tensor.zeros(DType.F64, theta.length());
          double parts = 0;
          for (int from = 0; from < n; from += 37) {
            Batch batch = new Batch(order, from, Math.min(n, from + 37));
            parts += client.gradient(theta, batch, part);
            for (int i = 0; i < sum.length(); i++) {
              sum.set(sum.get(i) + part.get(i), i);
            }
          }
          assertEquals(loss, parts, 1e-11 * Math.abs(loss));
          assertArrayEquals(whole.toDoubles(), sum.toDoubles(), 1e-10 * max(whole));
          Tensor sampled = fisher(client, theta, FisherKind.SAMPLED, 5);
          Tensor inParts = Tensor.zeros(DType.F64, theta.length());
          client.addFisher(theta, new Batch(order, 0, 111), FisherKind.SAMPLED, 5, inParts);
          client.addFisher(theta, new Batch(order, 111, n), FisherKind.SAMPLED, 5, inParts);
          assertArrayEquals(sampled.toDoubles(), inParts.toDoubles(), 1e-10 * max(sampled));
        });
  }

  @TestFactory
  List<DynamicTest> sameBitsForThreadsAndBackends() {
    return forEach(
        (model, unused, unusedTheta) -> {
          Examples examples = examples(model, 300, DType.F32);
          Tensor theta = model.initial(DType.F32, KEY);
          Tensor expected = Tensor.zeros(DType.F32, theta.length());
          model.on(examples).gradient(theta, expected);
          for (int threads : new int[] {1, 4}) {
            Tensor actual = Tensor.zeros(DType.F32, theta.length());
            WorkerPool.of(threads).run(() -> model.on(examples).gradient(theta, actual));
            assertArrayEquals(expected.toFloats(), actual.toFloats());
          }
          Tensor scalar = Tensor.zeros(DType.F32, theta.length());
          KernelProvider.with(
              KernelProvider.scalar(), () -> model.on(examples).gradient(theta, scalar));
          assertArrayEquals(expected.toFloats(), scalar.toFloats());
        });
  }

  @Test
  void linearRegressionIsAGaussianFactor() {
    Model model = Model.linearRegression(3, 2, true, 1.7);
    ClientLikelihood client = model.on(examples(model, 9, DType.F64));
    Gaussian factor = client.factor().orElseThrow();
    Tensor a = model.initial(DType.F64, KEY.child(1));
    Tensor b = model.initial(DType.F64, KEY.child(2));
    assertEquals(
        client.loss(a) - client.loss(b), factor.logDensity(b) - factor.logDensity(a), 1e-10);
  }

  @Test
  void overflowIsReportedAsNaN() {
    Model model = Model.softmaxRegression(3, 4);
    ClientLikelihood client = model.on(examples(model, 5, DType.F64));
    Tensor huge = Tensor.zeros(DType.F64, model.parameters()).fill(1e308);
    Tensor gradient = Tensor.zeros(DType.F64, model.parameters());
    assertTrue(Double.isNaN(client.gradient(huge, gradient)));
    assertTrue(Double.isNaN(gradient.get(0)));
    assertThrows(
        IllegalArgumentException.class,
        () -> model.predict(huge, examples(model, 5, DType.F64).inputs()));
  }

  @Test
  void refusesWhatDoesNotFit() {
    Model model = Model.softmaxRegression(3, 4);
    Tensor inputs = Tensor.zeros(DType.F64, 2, 3);
    IllegalArgumentException label =
        assertThrows(
            IllegalArgumentException.class,
            () -> model.on(Examples.labelled(inputs, new int[] {0, 4})));
    assertTrue(label.getMessage().contains("label 4 of point 1"), label.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> Examples.labelled(inputs, new int[] {0, -1}));
    assertThrows(IllegalArgumentException.class, () -> Examples.labelled(inputs, new int[] {0}));
    assertThrows(
        IllegalArgumentException.class,
        () -> Examples.labelled(Tensor.zeros(DType.F64, 2, 3).fill(Double.NaN), new int[2]));
    assertThrows(
        IllegalArgumentException.class,
        () -> model.on(Examples.labelled(Tensor.zeros(DType.F64, 2, 4), new int[2])));
    assertThrows(
        IllegalArgumentException.class,
        () -> model.on(Examples.withTargets(inputs, Tensor.zeros(DType.F64, 2, 4))));
    ClientLikelihood client = model.on(Examples.labelled(inputs, new int[2]));
    assertThrows(IllegalArgumentException.class, () -> client.loss(Tensor.zeros(DType.F64, 15)));
    assertThrows(IllegalArgumentException.class, () -> client.loss(Tensor.zeros(DType.F32, 16)));
    assertThrows(
        IllegalArgumentException.class,
        () -> client.loss(Tensor.zeros(DType.F64, 16), new Batch(new int[] {2}, 0, 1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> Network.of(new Affine(3, 4, true), new Affine(5, 2, true)));
    assertThrows(IllegalArgumentException.class, () -> new Convolution(1, 4, 4, 2, 2));
    assertThrows(IllegalArgumentException.class, () -> new NormalOutcome(0));
  }

  private interface Check {
    void run(Model model, ClientLikelihood client, Tensor theta);
  }

  private static List<DynamicTest> forEach(Check check) {
    List<DynamicTest> tests = new ArrayList<>();
    models()
        .forEach(
            (name, model) ->
                tests.add(
                    DynamicTest.dynamicTest(
                        name,
                        () ->
                            check.run(
                                model,
                                model.on(examples(model, 6, DType.F64)),
                                model.initial(DType.F64, KEY)))));
    return tests;
  }

  private static Examples examples(Model model, int n, DType dtype) {
    RandomStream stream = KEY.child(99).stream();
    Tensor inputs = Tensor.zeros(dtype, n, model.network().inputs());
    fill(inputs, stream);
    int outputs = model.network().outputs();
    if (model.outcome() instanceof Categorical
        || outputs == 1 && model.outcome() instanceof Bernoulli) {
      int[] labels = new int[n];
      for (int i = 0; i < n; i++) {
        labels[i] = (int) stream.bounded(outputs == 1 ? 2 : outputs);
      }
      return Examples.labelled(inputs, labels);
    }
    Tensor targets = Tensor.zeros(dtype, n, outputs);
    fill(targets, stream);
    if (model.outcome() instanceof Bernoulli) {
      for (int i = 0; i < targets.length(); i++) {
        RowLoops.set(targets, i, RowLoops.get(targets, i) > 0 ? 1 : 0);
      }
    }
    return Examples.withTargets(inputs, targets);
  }

  private static void fill(Tensor x, RandomStream stream) {
    for (int i = 0; i < x.length(); i++) {
      RowLoops.set(x, i, stream.normal());
    }
  }

  private static Tensor fisher(ClientLikelihood client, Tensor theta, FisherKind kind, long key) {
    Tensor fisher = Tensor.zeros(theta.dtype(), theta.length());
    client.addFisher(theta, Batch.all(client.points()), kind, key, fisher);
    return fisher;
  }

  private static double difference(ClientLikelihood client, Tensor theta, int i) {
    double kept = theta.get(i);
    double h = 1e-6;
    theta.set(kept + h, i);
    double up = client.loss(theta);
    theta.set(kept - h, i);
    double down = client.loss(theta);
    theta.set(kept, i);
    return (up - down) / (2 * h);
  }

  private static double max(Tensor x) {
    double max = 0;
    for (double value : x.toDoubles()) {
      max = Math.max(max, Math.abs(value));
    }
    return max;
  }
}
