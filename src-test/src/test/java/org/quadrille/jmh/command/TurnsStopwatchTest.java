package org.quadrille.jmh.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TurnsStopwatchTest {
  @Test
  void peerThatDoesThreeTimesTheWorkIsAboutThreeTimesAsSlow() {
    Case each =
        Suite.of("counting", "Counting", CountingBenchmark.class)
            .cases(false, Map.of("n", List.of("10"), "threads", List.of("1")))
            .getFirst();
    TurnsStopwatch stopwatch = new TurnsStopwatch(0.2);
    List<Stopwatch.Job> jobs = stopwatch.jobs(List.of(each));
    assertEquals(1, jobs.size());
    CountingBenchmark.prepared = 0;
    CountingBenchmark.calls = 0;
    Map<Trial, Measurement> results = stopwatch.time(jobs.getFirst());
    assertEquals(2, CountingBenchmark.prepared);
    assertTrue(CountingBenchmark.calls >= 8, CountingBenchmark.calls + " calls");
    Measurement ours = results.get(each.trials().get(0));
    Measurement slow = results.get(each.trials().get(1));
    assertEquals("GFLOP/s", ours.unit());
    assertEquals(3, ours.speedOver(slow), 0.8);
  }
}
