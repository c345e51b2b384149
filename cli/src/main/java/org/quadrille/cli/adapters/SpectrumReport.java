package org.quadrille.cli.adapters;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.quadrille.cli.console.Machine;
import org.quadrille.cli.console.Units;
import org.quadrille.cli.report.HeatMap;
import org.quadrille.cli.report.LineChart;
import org.quadrille.cli.report.ReportPage;
import org.quadrille.cli.report.ReportPage.Tile;
import org.quadrille.formats.AtomicFile;
import org.quadrille.lowrank.spectrum.ModuleName;
import org.quadrille.lowrank.spectrum.ProfileTable;
import org.quadrille.lowrank.spectrum.Spectrum;
import org.quadrille.lowrank.spectrum.UpdateProfile;

/** The page of {@code adapters spectrum}: spectra, ranks by layer and module, tables. */
public final class SpectrumReport {
  private static final int SPECTRA = 4;

  private final ProfileTable table;
  private final String base;
  private final String tuned;

  /** A report about what leads from one model to another. */
  public SpectrumReport(ProfileTable table, String base, String tuned) {
    this.table = table;
    this.base = base;
    this.tuned = tuned;
  }

  /** Writes the page. */
  public void write(Path path) throws IOException {
    ReportPage page =
        new ReportPage("What training changed", "Weights of " + tuned + " minus those of " + base);
    page.tiles(tiles());
    page.section(
        "Rank by layer and module",
        "Singular values that hold 90 % of the update's sum of squares, over what noise of the same"
            + " shape needs: 1 means as high a rank as noise, 0 a low-rank update.",
        heatMap("rank over noise", p -> p.update().normalizedRank(0.9)));
    page.section(
        "Rank for 90 % of the energy",
        "The same ranks as plain numbers.", heatMap("rank", p -> p.update().rankForEnergy(0.9)));
    page.section(
        "Size of the update",
        "Norm of the update over the norm of the base weight.",
        heatMap("relative norm", UpdateProfile::relativeNorm));
    for (UpdateProfile profile : representatives()) {
      page.section(
          profile.name(),
          "Singular values of the base, the tuned weight and the update; values below 1e-4 of the"
              + " largest are left out.",
          spectra(profile));
    }
    page.section("All weights", "Ranks of the update for shares of its energy.", weights());
    page.footer(
        "Quadrille " + Machine.version() + ", JDK " + Machine.jdk() + ". Data: profile.csv.");
    AtomicFile.writeText(path, page.render());
  }

  private List<Tile> tiles() {
    List<UpdateProfile> profiles = table.profiles();
    return List.of(
        new Tile(Integer.toString(profiles.size()), "weights compared"),
        new Tile(Units.fixed(mean(p -> p.update().rankForEnergy(0.9)), 0), "mean rank at 90 %"),
        new Tile(Units.fixed(mean(p -> p.update().normalizedRank(0.9)), 2), "of noise's rank"),
        new Tile(Units.fixed(mean(p -> p.update().stableRank()), 1), "mean stable rank"),
        new Tile(Units.fixed(mean(UpdateProfile::relativeNorm), 3), "mean relative norm"));
  }

  private double mean(ToDoubleFunction<UpdateProfile> value) {
    return table.profiles().stream().mapToDouble(value).average().orElse(0);
  }

  private String heatMap(String valueName, ToDoubleFunction<UpdateProfile> value) {
    HeatMap map = new HeatMap(valueName, "layer", valueName);
    for (UpdateProfile profile : table.profiles()) {
      ModuleName name = ModuleName.of(profile.name());
      double number = value.applyAsDouble(profile);
      map.cell(
          name.kind(),
          name.layer() < 0 ? "-" : Integer.toString(name.layer()),
          number,
          String.format(Locale.ROOT, "%s: %.4g", profile.name(), number));
    }
    return map.render();
  }

  /** One weight of each kind from the middle layer, evenly over the kinds. */
  private List<UpdateProfile> representatives() {
    Map<String, List<UpdateProfile>> byKind = new LinkedHashMap<>();
    for (UpdateProfile profile : table.profiles()) {
      String kind = ModuleName.of(profile.name()).kind();
      byKind.computeIfAbsent(kind, key -> new ArrayList<>()).add(profile);
    }
    List<UpdateProfile> middle =
        byKind.values().stream().map(list -> list.get(list.size() / 2)).toList();
    int count = Math.min(SPECTRA, middle.size());
    return IntStream.range(0, count).mapToObj(i -> middle.get(i * middle.size() / count)).toList();
  }

  private static String spectra(UpdateProfile profile) {
    LineChart chart =
        new LineChart("singular values of " + profile.name(), "index", "singular value")
            .logarithmic();
    line(chart, "base", profile.base(), false);
    line(chart, "tuned", profile.tuned(), true);
    line(chart, "update", profile.update(), false);
    return chart.render();
  }

  private static void line(LineChart chart, String name, Spectrum spectrum, boolean dashed) {
    int shown = 0;
    while (shown < spectrum.size() && spectrum.value(shown) > 1e-4 * spectrum.spectralNorm()) {
      shown++;
    }
    double[] index = IntStream.rangeClosed(1, shown).asDoubleStream().toArray();
    double[] values = IntStream.range(0, shown).mapToDouble(spectrum::value).toArray();
    if (shown == 0) {
      return;
    }
    if (dashed) {
      chart.dashedLine(name, name, index, values);
    } else {
      chart.line(name, name, index, values);
    }
  }

  private String weights() {
    List<List<String>> rows = new ArrayList<>();
    for (UpdateProfile profile : table.profiles()) {
      Spectrum update = profile.update();
      rows.add(
          List.of(
              profile.name(),
              update.rows() + " x " + update.cols(),
              Integer.toString(update.rankForEnergy(0.5)),
              Integer.toString(update.rankForEnergy(0.9)),
              Integer.toString(update.rankForEnergy(0.99)),
              Units.fixed(update.normalizedRank(0.9), 3),
              Units.fixed(update.stableRank(), 1),
              Units.fixed(update.effectiveRank(), 1),
              Units.fixed(profile.relativeNorm(), 4)));
    }
    return ReportPage.table(
        List.of(
            "weight", "shape", "r50", "r90", "r99", "over noise", "stable", "effective", "norm"),
        rows);
  }
}
