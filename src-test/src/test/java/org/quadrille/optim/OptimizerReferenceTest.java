package org.quadrille.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.quadrille.ReferenceData;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/** Trajectories of an independent implementation, step by step. */
class OptimizerReferenceTest {

  private static final double TOLERANCE = 1e-12;

  /** The settings that the file describes in words. */
  private static final Map<String, Optimizer> SETTINGS =
      Map.of(
          "adamw",
          new Adam(ParameterGroups.of(0.05, 0.1, DecayRule.PYTORCH)),
          "adamw_no_decay",
          new Adam(ParameterGroups.of(0.05), Adam.Options.DEFAULT.withBetas(0.9, 0.95)),
          "adamw_scheduled",
          new Adam(
              ParameterGroups.of(0.05, 0.1, DecayRule.PYTORCH),
              Adam.Options.DEFAULT.withBetas(0.9, 0.95)),
          "adamw_stepwise_decay",
          new Adam(
              ParameterGroups.of(0.05, 0.01, DecayRule.STEPWISE),
              Adam.Options.DEFAULT.withBetas(0.9, 0.95)),
          "adam_l2",
          new Adam(ParameterGroups.of(0.05, 0.1, DecayRule.GRADIENT)),
          "adamw_big_eps",
          new Adam(
              ParameterGroups.of(0.05, 0.1, DecayRule.PYTORCH), new Adam.Options(0.9, 0.999, 0.1)),
          "lion",
          new Lion(ParameterGroups.of(0.02, 0.001, DecayRule.STEPWISE), 0.9, 0.95),
          "sgd",
          new GradientDescent(ParameterGroups.of(0.02, 0.01, DecayRule.GRADIENT), 0.9));

  private static final Map<String, Double> PEAK =
      Map.of("adamw_scheduled", 0.05, "adamw_stepwise_decay", 0.05, "lion", 0.02);

  @TestFactory
  List<DynamicTest> quadratic() throws IOException {
    JsonObject file = Json.read(ReferenceData.file("low-rank", "optimizers.json"));
    Quadratic problem = new Quadratic(matrix(file.array("H")), file.numbers("b"));
    double[] schedule = file.numbers("schedule");
    JsonObject trajectories = file.object("trajectories");
    List<DynamicTest> tests = new ArrayList<>();
    for (String name : trajectories.members().keySet()) {
      tests.add(
          DynamicTest.dynamicTest(
              name,
              () -> {
                Optimizer optimizer = SETTINGS.get(name);
                Tensors parameters =
                    Tensors.of(
                        "theta", Tensor.of(file.numbers("theta0"), file.numbers("theta0").length));
                Tensors gradients = parameters.zerosLike();
                List<?> steps = trajectories.array(name);
                assertEquals(file.intValue("steps"), steps.size());
                for (int i = 0; i < steps.size(); i++) {
                  JsonObject expected = (JsonObject) steps.get(i);
                  double factor = PEAK.containsKey(name) ? schedule[i] : 1;
                  if (PEAK.containsKey(name)) {
                    assertEquals(expected.number("lr"), PEAK.get(name) * factor, 1e-17);
                  }
                  problem.lossAndGradient(parameters, gradients);
                  optimizer.step(parameters, gradients, factor);
                  check(expected, "theta", parameters.get("theta"));
                  check(expected, "m", optimizer.state(), "mean.theta");
                  check(expected, "v", optimizer.state(), "square.theta");
                }
              }));
    }
    assertEquals(SETTINGS.keySet(), trajectories.members().keySet());
    return tests;
  }

  private static void check(JsonObject expected, String key, Tensors state, String name)
      throws IOException {
    if (expected.get(key) != null) {
      check(expected, key, state.get(name));
    }
  }

  private static void check(JsonObject expected, String key, Tensor actual) throws IOException {
    assertArrayEquals(expected.numbers(key), actual.toDoubles(), TOLERANCE, key);
  }

  @TestFactory
  List<DynamicTest> clipping() throws IOException {
    JsonObject file = Json.read(ReferenceData.file("low-rank", "optimizers.json"));
    List<DynamicTest> tests = new ArrayList<>();
    for (Object entry : file.array("gradientClipping")) {
      JsonObject expected = (JsonObject) entry;
      tests.add(
          DynamicTest.dynamicTest(
              "norm " + expected.number("norm"),
              () -> {
                Tensors gradients = Tensors.empty();
                List<?> given = expected.array("grads");
                for (int i = 0; i < given.size(); i++) {
                  gradients.put("g" + i, tensor(given.get(i)));
                }
                GradientClipping clipping = GradientClipping.byNorm(expected.number("maxNorm"));
                assertEquals(expected.number("norm"), clipping.clip(gradients), TOLERANCE);
                assertEquals(
                    expected.number("factor"), clipping.factor(expected.number("norm")), TOLERANCE);
                List<?> clipped = expected.array("clipped");
                for (int i = 0; i < given.size(); i++) {
                  assertArrayEquals(
                      tensor(clipped.get(i)).doubles(),
                      gradients.get("g" + i).doubles(),
                      TOLERANCE);
                }
              }));
    }
    assertFalse(tests.isEmpty());
    return tests;
  }

  @TestFactory
  List<DynamicTest> givenGradients() throws IOException {
    JsonObject file = Json.read(ReferenceData.file("ligo", "optimizer.json"));
    List<DynamicTest> tests = new ArrayList<>();
    for (Object entry : file.array("cases")) {
      JsonObject test = (JsonObject) entry;
      tests.add(
          DynamicTest.dynamicTest(
              test.string("optimizer") + " " + test.number("momentum"), () -> replay(test)));
    }
    assertFalse(tests.isEmpty());
    return tests;
  }

  private static void replay(JsonObject test) throws IOException {
    double rate = test.number("lr");
    double decay = test.number("weight_decay");
    Optimizer optimizer =
        test.string("optimizer").equals("adamw")
            ? new Adam(
                ParameterGroups.of(rate, decay, DecayRule.PYTORCH),
                new Adam.Options(test.number("beta1"), test.number("beta2"), test.number("eps")))
            : new GradientDescent(
                ParameterGroups.of(rate, decay, DecayRule.GRADIENT), test.number("momentum"));
    double largest = test.number("clip_norm");
    GradientClipping clipping =
        GradientClipping.byNorm(largest > 0 ? largest : Double.POSITIVE_INFINITY);
    double[] start = test.object("start").numbers("data");
    Tensors parameters = Tensors.of("w", Tensor.of(start, start.length));
    double[] norms = test.numbers("grad_norms");
    for (int i = 0; i < norms.length; i++) {
      double[] g = ((JsonObject) test.array("grads").get(i)).numbers("data");
      Tensors gradients = Tensors.of("w", Tensor.of(g, g.length));
      assertEquals(norms[i], clipping.clip(gradients), 1e-12 * norms[i]);
      optimizer.step(parameters, gradients, 1);
      assertArrayEquals(
          ((JsonObject) test.array("after_each_step").get(i)).numbers("data"),
          parameters.get("w").doubles(),
          TOLERANCE);
    }
  }

  private static double[][] matrix(List<?> rows) {
    double[][] matrix = new double[rows.size()][];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] =
          ((List<?>) rows.get(i)).stream().mapToDouble(x -> ((Number) x).doubleValue()).toArray();
    }
    return matrix;
  }

  /** A list of rows, or of numbers. */
  private static Tensor tensor(Object list) {
    List<?> rows = (List<?>) list;
    if (rows.getFirst() instanceof Number) {
      double[] values = rows.stream().mapToDouble(x -> ((Number) x).doubleValue()).toArray();
      return Tensor.of(values, values.length);
    }
    double[][] matrix = matrix(rows);
    double[] values =
        java.util.Arrays.stream(matrix).flatMapToDouble(java.util.Arrays::stream).toArray();
    return Tensor.of(values, matrix.length, matrix[0].length);
  }
}
