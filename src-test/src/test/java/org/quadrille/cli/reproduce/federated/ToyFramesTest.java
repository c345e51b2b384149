package org.quadrille.cli.reproduce.federated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.federated.FederatedData;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.gaussian.PrecisionShape;
import org.quadrille.federated.model.GaussianLikelihood;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.w3c.dom.Document;

/** Pictures of the toy in the plane. */
class ToyFramesTest {

  private static List<GaussianLikelihood> clients() {
    JsonObject file = FederatedData.file("toy2d.json");
    List<GaussianLikelihood> clients = new ArrayList<>();
    List<Object> means = FederatedData.list(file.get("client_means"));
    List<Object> covariances = FederatedData.list(file.get("client_covariances"));
    for (int k = 0; k < means.size(); k++) {
      Gaussian factor =
          Gaussian.ofMoments(
              FederatedData.tensor(means.get(k)), FederatedData.matrix(covariances.get(k)));
      clients.add(new GaussianLikelihood(factor, 1));
    }
    return clients;
  }

  @Test
  void showsTheDistancesOfTheReference(@TempDir Path folder) throws Exception {
    List<Path> files = new ToyFrames(clients()).write(folder.resolve("frames"), 10);
    assertEquals(11, files.size());
    JsonObject reference = FederatedData.file("toy2d.json");
    for (int i = 0; i < files.size(); i++) {
      String text = Files.readString(files.get(i));
      Document svg =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
      assertEquals("svg", svg.getDocumentElement().getTagName());
      if (i > 0) {
        for (JsonObject run : FederatedData.objects(reference, "runs")) {
          JsonObject iteration = FederatedData.objects(run, "iterations").get(i - 1);
          String expected =
              String.format(
                  Locale.ROOT,
                  "distance %.3f",
                  FederatedData.number(iteration, "distance_to_exact_mean"));
          assertTrue(text.contains(expected), files.get(i) + ": " + expected);
        }
      }
    }
  }

  @Test
  void sameTextAgain() {
    assertEquals(new ToyFrames(clients()).frames(3), new ToyFrames(clients()).frames(3));
  }

  @Test
  void refusesMoreThanAPlane() {
    Gaussian three = Gaussian.isotropic(PrecisionShape.FULL, 1, Tensor.zeros(DType.F64, 3));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ToyFrames(List.of(new GaussianLikelihood(three, 1))));
    assertThrows(IllegalArgumentException.class, () -> new ToyFrames(clients()).frames(-1));
  }
}
