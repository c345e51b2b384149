package org.quadrille.lowrank.spectrum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Tensor;

class UpdateProfileTest {
  @TempDir private Path folder;

  private static UpdateProfile profile(String name, int rank, long seed) {
    Tensor base = GaussianMatrix.of(DType.F32, seed, 40, 30);
    LowRank change =
        LowRank.of(
            GaussianMatrix.of(DType.F32, seed + 1, 40, rank),
            GaussianMatrix.of(DType.F32, seed + 2, rank, 30),
            0.05);
    return UpdateProfile.of(name, base, Arithmetic.add(base, change.toDense()), true);
  }

  @Test
  void profileOfAnAdapter() throws IOException {
    UpdateProfile profile = profile("encoder.layer.3.attention.self.query.weight", 2, 7);
    JsonObject json = Json.parseObject(Json.write(profile.toJson()));
    assertEquals(2, json.intValue("r99"));
    assertTrue(json.intValue("r50") <= 2);
    assertEquals(MarchenkoPastur.rankForEnergy(40, 30, 0.9), json.number("gaussianReference"));
    double relative = profile.update().frobeniusNorm() / profile.base().frobeniusNorm();
    assertEquals(relative, json.number("relativeNorm"));
    assertTrue(relative > 0.03 && relative < 0.2);
    assertTrue(json.number("normalizedRank") < 0.2);
    assertTrue(json.intValue("intruders") >= 0);
    assertEquals(profile.base().rankForEnergy(0.9), json.intValue("baseR90"));
  }

  @Test
  void groupsAndFiles() throws IOException {
    ProfileTable table =
        new ProfileTable(
            List.of(
                profile("encoder.layer.0.attention.self.query.weight", 1, 1),
                profile("encoder.layer.0.output.dense.weight", 3, 2),
                profile("encoder.layer.1.attention.self.query.weight", 3, 3),
                profile("pooler, \"odd\"", 2, 4)));
    assertEquals(
        List.of("query", "output", "pooler, \"odd\""),
        table.byKind().stream().map(ProfileTable.Group::name).toList());
    assertEquals(2, table.byKind().get(0).count());
    assertEquals(
        List.of("layer 0", "layer 1", "other"),
        table.byLayer().stream().map(ProfileTable.Group::name).toList());
    double mean =
        (table.profiles().get(0).update().rankForEnergy(0.9)
                + table.profiles().get(2).update().rankForEnergy(0.9))
            / 2.0;
    assertEquals(mean, table.byKind().get(0).r90());
    Path csv = folder.resolve("profile.csv");
    table.writeCsv(csv);
    List<String> lines = Files.readAllLines(csv);
    assertEquals(5, lines.size());
    assertTrue(lines.get(0).startsWith("name,rows,cols,r50,r90"));
    assertTrue(lines.get(1).startsWith("encoder.layer.0.attention.self.query.weight,40,30,1,1,"));
    assertTrue(lines.get(4).startsWith("\"pooler, \"\"odd\"\"\","));
    assertEquals(lines.get(0).split(",").length, lines.get(1).split(",").length);
    JsonObject document = (JsonObject) Json.parse(Json.write(table.toJson()));
    assertEquals(4, document.array("matrices").size());
    assertEquals(3, document.array("byLayer").size());
  }

  @Test
  void namesAreRead() {
    assertEquals(
        new ModuleName(3, "query"), ModuleName.of("encoder.layer.3.attention.self.query.weight"));
    assertEquals(new ModuleName(11, "mlp up"), ModuleName.of("model.layers.11.mlp.up.weight"));
    assertEquals(new ModuleName(-1, "head"), ModuleName.of("head.weight"));
    assertEquals(new ModuleName(-1, "weight"), ModuleName.of("weight"));
  }

  @Test
  void nothingChanged() {
    Tensor base = GaussianMatrix.of(DType.F64, 1, 5, 6);
    UpdateProfile profile = UpdateProfile.of("w", base, base, true);
    assertEquals(0, profile.relativeNorm());
    assertEquals(0, profile.relativeSpectralNorm());
    assertEquals(0, profile.update().rankForEnergy(0.9));
    assertEquals(0, profile.intruders());
    assertThrows(
        IllegalArgumentException.class,
        () -> UpdateProfile.of("w", base, GaussianMatrix.of(DType.F64, 1, 6, 5), false));
  }

  @Test
  void spectraUnderNoise() {
    for (double c : new double[] {0.001, 0.01, 0.03}) {
      double mean = 0;
      for (int seed = 0; seed < 4; seed++) {
        mean += NoiseStudy.draw(100, c, seed).meanAbsoluteDifference() / 4;
      }
      assertEquals(1, mean / NoiseStudy.expectedDifference(100, c), 0.12);
    }
    NoiseStudy large = NoiseStudy.draw(200, 1, 5);
    assertEquals(1, large.meanAbsoluteDifference() / NoiseStudy.expectedDifference(200, 1), 0.03);
    assertEquals(200, large.sum().length);
    assertEquals(1, large.noise()[0] / large.base()[0], 0.1);
    assertEquals(11.1, NoiseStudy.expectedDifference(1000, 1), 0.05);
    assertEquals(0, NoiseStudy.draw(10, 0, 1).meanAbsoluteDifference());
    assertThrows(IllegalArgumentException.class, () -> NoiseStudy.draw(0, 1, 1));
    assertThrows(
        IllegalArgumentException.class, () -> NoiseStudy.expectedDifference(10, Double.NaN));
  }
}
