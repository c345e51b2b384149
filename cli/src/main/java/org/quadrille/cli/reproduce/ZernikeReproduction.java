package org.quadrille.cli.reproduce;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Progress;
import org.quadrille.cli.reproduce.disk.BasisExperiment;
import org.quadrille.cli.reproduce.disk.EvaluationExperiment;
import org.quadrille.cli.reproduce.disk.Experiment;
import org.quadrille.cli.reproduce.disk.InterpolationExperiment;
import org.quadrille.cli.reproduce.disk.QuadratureExperiment;
import org.quadrille.cli.reproduce.disk.RuleExperiment;

/**
 * Evaluation, quadrature and interpolation on the disk, in kind as the report's experiments: its
 * functions are compared with closed forms, not with its printed tables.
 */
public final class ZernikeReproduction implements Reproduction {
  private final List<Experiment> done = new ArrayList<>();

  /** The claims of the report. */
  public ZernikeReproduction() {}

  @Override
  public String paper() {
    return "Zernike Polynomials: Evaluation, Quadrature, and Interpolation (Greengard, Serkh, 2018)";
  }

  @Override
  public List<Claim> run(boolean quick, long seed, Console console) {
    List<Supplier<Experiment>> experiments =
        List.of(
            () -> new EvaluationExperiment(quick),
            () -> new RuleExperiment(quick),
            () -> new QuadratureExperiment(quick),
            () -> new InterpolationExperiment(quick, seed),
            BasisExperiment::new);
    List<Claim> claims = new ArrayList<>();
    try (Progress progress = console.progress("measuring", experiments.size(), "experiments")) {
      for (Supplier<Experiment> experiment : experiments) {
        Experiment measured = experiment.get();
        done.add(measured);
        claims.addAll(measured.claims());
        progress.advance(1);
      }
    }
    return claims;
  }

  @Override
  public void write(Path folder) throws IOException {
    for (Experiment experiment : done) {
      experiment.write(folder);
    }
  }
}
