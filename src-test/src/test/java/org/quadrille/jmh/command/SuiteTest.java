package org.quadrille.jmh.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SuiteTest {
  private static final Suite COUNTING =
      Suite.of("counting", "Counting", CountingBenchmark.class)
          .quick("n", "10")
          .onlyIf(trial -> trial.number("threads", 1) == 1 || !trial.library().equals("slow"));

  @Test
  void casesAreAllCombinationsWithOursFirst() {
    List<Case> cases = COUNTING.cases(false, Map.of());
    assertEquals(
        List.of("spin 10 1 thread", "spin 20 1 thread", "spin 10 2 threads", "spin 20 2 threads"),
        cases.stream().map(Case::name).toList());
    assertEquals(
        List.of("quadrille", "slow"),
        cases.getFirst().trials().stream().map(Trial::library).toList());
    assertEquals(
        List.of("quadrille"), cases.getLast().trials().stream().map(Trial::library).toList());
    assertNull(cases.getFirst().floor());
  }

  @Test
  void quickAndChosenValuesReplaceThoseOfTheAnnotation() {
    assertEquals(2, COUNTING.cases(true, Map.of()).size());
    List<Case> chosen = COUNTING.cases(true, Map.of("n", List.of("7"), "threads", List.of("3")));
    assertEquals(List.of("spin 7 3 threads"), chosen.stream().map(Case::name).toList());
  }

  @Test
  void unknownParameterIsRefusedWithThoseThatExist() {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> COUNTING.cases(false, Map.of("colour", List.of("red"))));
    assertEquals(
        "suite counting has no parameter colour; it has threads, n, library", e.getMessage());
  }

  @Test
  void everySuiteCanBeMeasuredAndNamed() {
    for (Suite suite : Suites.all()) {
      for (boolean quick : new boolean[] {false, true}) {
        List<Case> cases = suite.cases(quick, Map.of());
        assertTrue(cases.size() > 0, suite.name());
        assertEquals(cases.size(), cases.stream().map(Case::name).distinct().count(), suite.name());
        for (Case each : cases) {
          assertEquals(Trial.OURS, each.trials().getFirst().library(), each.name());
          assertTrue(
              BenchmarkParameters.methods(each.what().benchmark()).contains(each.what().method()));
        }
      }
    }
  }

  @Test
  void quickIsQuick() {
    Suite gemm = Suites.find("gemm").orElseThrow();
    double seconds =
        new ForkedStopwatch(Effort.QUICK, List.of(), System.out, "")
                .jobs(gemm.cases(true, Map.of()))
                .size()
            * (Effort.QUICK.seconds() + 0.7);
    assertTrue(seconds < 120, seconds + " s");
  }
}
