package org.quadrille.lowrank.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.quadrille.ReferenceData;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;

/** Measures of learning and forgetting against reference values and counting by hand. */
class StudyMeasuresTest {
  private static final double TOLERANCE = 1e-12;

  private static JsonObject data() throws IOException {
    return Json.read(ReferenceData.file("low-rank", "metrics.json"));
  }

  private static List<TradeOff.Point> points(List<?> rows) {
    List<TradeOff.Point> points = new ArrayList<>();
    for (Object row : rows) {
      List<?> pair = (List<?>) row;
      points.add(new TradeOff.Point(number(pair.get(0)), number(pair.get(1))));
    }
    return points;
  }

  private static double number(Object value) {
    return ((Number) value).doubleValue();
  }

  @Test
  void passAtK() throws IOException {
    for (Object each : data().array("passAtK")) {
      JsonObject row = (JsonObject) each;
      assertEquals(
          row.number("value"),
          PassAtK.estimate(row.intValue("n"), row.intValue("c"), row.intValue("k")),
          TOLERANCE,
          row.toString());
    }
    // All draws of 2 out of 5, of which 2 are right: 1 - 3 / 10.
    assertEquals(0.7, PassAtK.estimate(5, 2, 2), TOLERANCE);
    PassAtK.Mean mean = PassAtK.mean(4, new int[] {0, 4, 4, 0}, 1);
    assertEquals(0.5, mean.mean());
    assertEquals(Math.sqrt(0.25 / 3), mean.standardError(), TOLERANCE);
    assertThrows(IllegalArgumentException.class, () -> PassAtK.estimate(5, 2, 6));
    assertThrows(IllegalArgumentException.class, () -> PassAtK.estimate(5, 6, 2));
    assertThrows(IllegalArgumentException.class, () -> PassAtK.mean(4, new int[0], 1));
  }

  @Test
  void frontAndHypervolume() throws IOException {
    JsonObject pareto = data().object("pareto");
    List<TradeOff.Point> points = points(pareto.array("points"));
    assertEquals(points(pareto.array("front")), TradeOff.front(points));
    double[] reference = pareto.numbers("reference");
    TradeOff.Point corner = new TradeOff.Point(reference[0], reference[1]);
    assertEquals(pareto.number("hypervolume"), TradeOff.hypervolume(points, corner), TOLERANCE);
    // Random points that the front misses: the same area.
    Random random = new Random(4);
    int inside = 0;
    int draws = 200_000;
    for (int i = 0; i < draws; i++) {
      double t = random.nextDouble() * reference[0];
      double s = random.nextDouble() * reference[1];
      inside += points.stream().anyMatch(p -> p.target() <= t && p.source() <= s) ? 1 : 0;
    }
    double area = reference[0] * reference[1] * inside / draws;
    assertEquals(area, TradeOff.hypervolume(points, corner), 0.01);
    assertEquals(0, TradeOff.hypervolume(List.of(), corner));
    assertThrows(IllegalArgumentException.class, () -> new TradeOff.Point(Double.NaN, 1));
  }

  @Test
  void forgettingAtMatchedLearning() throws IOException {
    JsonObject matched = data().object("matched");
    List<TradeOff.Point> curve = points(matched.array("curve"));
    for (Object each : matched.array("queries")) {
      List<?> query = (List<?>) each;
      OptionalDouble source = TradeOff.sourceAt(curve, number(query.get(0)));
      if (query.get(1) == null) {
        assertTrue(source.isEmpty(), query.toString());
      } else {
        assertEquals(number(query.get(1)), source.orElseThrow(), TOLERANCE, query.toString());
      }
    }
  }

  @Test
  void diversity() throws IOException {
    JsonObject unique = data().object("uniqueStrings");
    List<String> texts = unique.array("strings").stream().map(String.class::cast).toList();
    assertEquals(unique.intValue("uniqueExact"), TextDiversity.unique(texts));
    assertEquals(unique.intValue("uniqueNormalized"), TextDiversity.uniqueNormalized(texts));
    assertEquals(
        unique.object("distinctChar2").number("ratio"),
        TextDiversity.distinct(texts, 2),
        TOLERANCE);
    assertEquals(
        unique.object("distinctChar3").number("ratio"),
        TextDiversity.distinct(texts, 3),
        TOLERANCE);
    // kitten to sitting takes 3 of 7.
    assertEquals(3.0 / 7, TextDiversity.meanEditDistance(List.of("kitten", "sitting")), TOLERANCE);
    assertEquals(0, TextDiversity.meanEditDistance(List.of("", "")));
    assertEquals(Math.log(4), TextDiversity.entropy(new double[] {.25, .25, .25, .25}), TOLERANCE);
    assertEquals(0, TextDiversity.entropy(new double[] {1, 0}));
    assertThrows(
        IllegalArgumentException.class, () -> TextDiversity.entropy(new double[] {.5, .2}));
    assertThrows(IllegalArgumentException.class, () -> TextDiversity.distinct(texts, 0));
    assertThrows(
        IllegalArgumentException.class, () -> TextDiversity.meanEditDistance(List.of("a")));
  }
}
