package org.quadrille.cli.reproduce.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.cli.reproduce.Claim;
import org.quadrille.cli.reproduce.Claim.Verdict;
import org.quadrille.formats.CsvTable;

class ExperimentTest {
  @TempDir private Path folder;

  @Test
  void quadratureConvergesAsTheReportSays() throws IOException {
    Experiment experiment = new QuadratureExperiment(true);
    for (Claim claim : experiment.claims()) {
      assertEquals(Verdict.HOLDS, claim.verdict(), claim.toString());
    }
    experiment.write(folder);
    assertEquals(12, CsvTable.read(folder.resolve("quadrature.csv")).rows());
    assertTrue(Files.readString(folder.resolve("quadrature.svg")).contains("exp(3x-2y)"));
  }

  @Test
  void evaluationKeepsItsDigits() throws IOException {
    Experiment experiment = new EvaluationExperiment(true);
    for (Claim claim : experiment.claims()) {
      assertEquals(Verdict.HOLDS, claim.verdict(), claim.toString());
    }
    experiment.write(folder);
    double[] errors = CsvTable.read(folder.resolve("evaluation.csv")).numbers("recurrence");
    for (double error : errors) {
      assertTrue(error < 1e-14, "recurrence: " + error);
    }
  }
}
