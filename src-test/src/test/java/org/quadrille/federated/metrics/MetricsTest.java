package org.quadrille.federated.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.quadrille.ReferenceData;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** Scores, calibration and learning curves against the reference. */
class MetricsTest {

  private static JsonObject reference() throws Exception {
    return Json.read(ReferenceData.file("fedep", "metrics.json"));
  }

  private static double[] numbers(Object list) {
    return ((List<?>) list).stream().mapToDouble(x -> ((Number) x).doubleValue()).toArray();
  }

  private static Tensor matrix(List<?> rows) {
    Tensor matrix = Tensor.zeros(DType.F64, rows.size(), numbers(rows.getFirst()).length);
    for (int i = 0; i < rows.size(); i++) {
      double[] row = numbers(rows.get(i));
      for (int j = 0; j < row.length; j++) {
        matrix.set(row[j], i, j);
      }
    }
    return matrix;
  }

  @Test
  void scoresAreThoseOfTheReference() throws Exception {
    for (Object item : reference().array("cases")) {
      JsonObject row = (JsonObject) item;
      Tensor probabilities = matrix(row.array("probabilities"));
      int[] labels = Arrays.stream(row.integers("labels")).mapToInt(l -> (int) l).toArray();
      Scores scores = Scores.of(probabilities, labels);
      assertEquals(row.number("accuracy"), scores.accuracy(), 1e-15);
      assertEquals(row.number("nll"), scores.logLoss(), 1e-12);
      assertEquals(row.number("brier"), scores.brier(), 1e-12);
      for (String bins : row.object("ece").members().keySet()) {
        JsonObject expected = row.object("ece").object(bins);
        Calibration calibration = Calibration.of(probabilities, labels, Integer.parseInt(bins));
        assertEquals(expected.number("ece"), calibration.expectedError(), 1e-12);
        assertEquals(expected.number("mce"), calibration.largestError(), 1e-12);
        List<?> filled = expected.array("bins");
        assertEquals(filled.size(), calibration.bins().size());
        for (int b = 0; b < filled.size(); b++) {
          double[] bin = numbers(filled.get(b));
          Calibration.Bin found = calibration.bins().get(b);
          assertArrayEquals(
              bin,
              new double[] {found.index(), found.count(), found.accuracy(), found.confidence()},
              1e-12);
        }
      }
      assertEquals(
          row.object("ece").object(Integer.toString(Scores.BINS)).number("ece"),
          scores.calibrationError(),
          1e-12);
    }
  }

  @Test
  void curvesAreThoseOfTheReference() throws Exception {
    JsonObject curve = reference().object("curve");
    double[] values = curve.numbers("accuracy");
    LearningCurve learning =
        new LearningCurve(IntStream.rangeClosed(1, values.length).toArray(), values);
    int window = curve.intValue("window");
    assertArrayEquals(
        curve.numbers("smoothed_trailing_mean_partial_at_start"),
        learning.trailingMean(window),
        1e-14);
    for (Object item : curve.array("rounds_to_target")) {
      JsonObject row = (JsonObject) item;
      OptionalInt rounds = learning.roundsTo(row.number("target"), window);
      if (row.get("first_round_1based") == null) {
        assertTrue(rounds.isEmpty());
      } else {
        assertEquals(row.intValue("first_round_1based"), rounds.getAsInt());
      }
    }
    assertEquals(values[values.length - 1], learning.meanAfter(values.length - 1), 1e-15);
  }

  @Test
  void spreadOverClients() {
    double[] values = IntStream.rangeClosed(1, 20).mapToDouble(i -> i / 20.0).toArray();
    Fairness fairness = Fairness.of(values);
    assertEquals(0.525, fairness.mean(), 1e-15);
    assertEquals(0.05, fairness.worst());
    assertEquals(0.075, fairness.worstTenth(), 1e-15);
    assertEquals(1, fairness.best());
    assertEquals(Math.sqrt((400 - 1) / 12.0) / 20, fairness.deviation(), 1e-14);
  }

  @Test
  void refusesBadInput() {
    Tensor half = matrix(List.of(List.of(0.5, 0.5)));
    assertThrows(IllegalArgumentException.class, () -> Scores.of(half, new int[] {2}));
    assertThrows(IllegalArgumentException.class, () -> Scores.of(half, new int[] {0, 1}));
    assertThrows(
        IllegalArgumentException.class,
        () -> Scores.of(matrix(List.of(List.of(Double.NaN, 0.5))), new int[] {0}));
    assertThrows(IllegalArgumentException.class, () -> Calibration.of(half, new int[] {0}, 0));
    assertThrows(IllegalArgumentException.class, () -> Fairness.of(new double[0]));
    assertThrows(
        IllegalArgumentException.class, () -> new LearningCurve(new int[] {1}, new double[2]));
  }
}
