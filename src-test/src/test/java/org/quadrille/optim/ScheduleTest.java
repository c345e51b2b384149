package org.quadrille.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.ReferenceData;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;

/** Learning-rate schedules against reference tables, and their laws. */
class ScheduleTest {

  @Test
  void agreesWithTheTables() throws IOException {
    int compared = 0;
    for (Object entry :
        Json.read(ReferenceData.file("low-rank", "lr_schedules.json")).array("cases")) {
      JsonObject test = (JsonObject) entry;
      Schedule schedule = schedule(test);
      if (test.get("factor") != null) {
        double[] factors = test.numbers("factor");
        assertEquals(test.intValue("N") + 1, factors.length);
        for (int t = 0; t < factors.length; t++) {
          assertEquals(factors[t], schedule.factor(t), 1e-15, test.string("kind") + " at " + t);
          compared++;
        }
      } else {
        for (Object sample : test.array("samples")) {
          List<?> pair = (List<?>) sample;
          assertEquals(
              ((Number) pair.get(1)).doubleValue(),
              schedule.factor(((Number) pair.get(0)).longValue()),
              1e-15);
          compared++;
        }
      }
    }
    assertTrue(compared > 400, compared + " factors");
  }

  private static Schedule schedule(JsonObject test) throws IOException {
    long warmUp = test.intValue("warmup");
    long total = test.intValue("N");
    return switch (test.string("kind")) {
      case "cosineWithWarmup" -> Schedule.cosine(warmUp, total, test.number("alphaF"));
      case "linearWithWarmup" -> Schedule.linear(warmUp, total, 0);
      default ->
          Schedule.inverseSquareRoot(warmUp, test.intValue("tScale"), test.number("alphaFDecay"))
              .coolDown(total, test.intValue("tCooldown"), test.number("alphaFCooldown"));
    };
  }

  @Test
  void agreesWithTheTablesOfRates() throws IOException {
    int compared = 0;
    for (Object entry :
        Json.read(ReferenceData.file("ligo", "optimizer.json")).array("schedules")) {
      JsonObject test = (JsonObject) entry;
      long warmUp = test.intValue("warmup");
      long total = test.intValue("total");
      double ratio = test.number("final_ratio");
      Schedule schedule =
          switch (test.string("kind")) {
            case "linear" -> Schedule.linear(warmUp, total, ratio);
            case "cosine" -> Schedule.cosine(warmUp, total, ratio);
            default -> Schedule.constant(warmUp);
          };
      double[] steps = ((JsonObject) test.get("step")).numbers("ints");
      double[] rates = ((JsonObject) test.get("lr")).numbers("data");
      for (int i = 0; i < steps.length; i++) {
        assertEquals(
            rates[i],
            test.number("peak") * schedule.factor((long) steps[i]),
            1e-15,
            test.string("kind") + " at " + steps[i]);
        compared++;
      }
    }
    assertTrue(compared > 40, compared + " rates");
  }

  @Property(tries = 200)
  void everyScheduleStaysBetweenZeroAndOneAndEndsWhereItShould(
      @ForAll @IntRange(min = 0, max = 50) int warmUp,
      @ForAll @IntRange(min = 0, max = 200) int more,
      @ForAll @IntRange(min = 0, max = 10) int tenths) {
    long total = Math.max(1, warmUp + more);
    double ratio = tenths / 10.0;
    List<Schedule> schedules =
        List.of(
            Schedule.constant(warmUp).coolDown(total, total / 3, ratio),
            Schedule.linear(warmUp, total, ratio),
            Schedule.cosine(warmUp, total, ratio),
            Schedule.inverseSquareRoot(warmUp, 7, 0.1).coolDown(total, more / 2, ratio));
    for (int i = 0; i < schedules.size(); i++) {
      Schedule schedule = schedules.get(i);
      double before = 1;
      for (long t = 0; t <= total + 3; t++) {
        double factor = schedule.factor(t);
        assertTrue(factor >= 0 && factor <= 1, i + " at " + t + ": " + factor);
        if (t > warmUp && (i == 1 || i == 2)) {
          assertTrue(factor <= before + 1e-15, i + " rises at " + t);
        }
        before = factor;
      }
      if (i == 1 || i == 2) {
        assertEquals(warmUp == total ? ratio : 1, schedule.factor(warmUp), 1e-15);
        assertEquals(ratio, schedule.factor(total + 100), 1e-15);
      }
    }
  }

  @Test
  void coolDownContinuesFromTheValueAtItsStart() {
    Schedule schedule = Schedule.cosine(10, 100, 0.1).coolDown(100, 20, 0);
    assertEquals(Schedule.cosine(10, 100, 0.1).factor(80), schedule.factor(80), 0);
    assertEquals(schedule.factor(80) / 2, schedule.factor(90), 1e-16);
    assertEquals(0, schedule.factor(100));
  }

  @Test
  void refusesNonsense() {
    assertThrows(IllegalArgumentException.class, () -> Schedule.constant(-1));
    assertThrows(IllegalArgumentException.class, () -> Schedule.linear(11, 10, 0));
    assertThrows(IllegalArgumentException.class, () -> Schedule.cosine(0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> Schedule.cosine(0, 10, Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> Schedule.inverseSquareRoot(0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> Schedule.constant(0).coolDown(10, 11, 0));
    assertThrows(IllegalArgumentException.class, () -> Schedule.constant(0).factor(-1));
  }
}
