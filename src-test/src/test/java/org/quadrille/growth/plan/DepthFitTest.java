package org.quadrille.growth.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.JsonObject;
import org.quadrille.growth.GrowthLearning;
import org.quadrille.growth.GrowthOperator;
import org.quadrille.growth.GrowthOrder;
import org.quadrille.growth.GrowthPlan;
import org.quadrille.growth.GrowthTerm;
import org.quadrille.growth.LearnedGrowth;
import org.quadrille.growth.LearningSettings;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.Objective;
import org.quadrille.transformer.Architecture;

/** Mixtures of layers between models, by least squares. */
class DepthFitTest {
  @TempDir private Path folder;

  /** Against least squares by EJML's QR, without the Gram matrix. */
  @Test
  void agreesWithEjml() {
    Tensor source = GaussianMatrix.of(DType.F64, 1, 3, 40);
    Tensor target = GaussianMatrix.of(DType.F64, 2, 5, 40);
    DepthFit.Kind kind = DepthFit.fit("w", source, target, true);
    DMatrixRMaj a = new DMatrixRMaj(40, 3, true, source.transpose().toDoubles());
    DMatrixRMaj b = new DMatrixRMaj(40, 5, true, target.transpose().toDoubles());
    DMatrixRMaj w = new DMatrixRMaj(3, 5);
    var solver = LinearSolverFactory_DDRM.leastSquares(40, 3);
    assertTrue(solver.setA(a.copy()));
    solver.solve(b.copy(), w);
    for (int l = 0; l < 5; l++) {
      double rest = 0;
      double norm = 0;
      for (int i = 0; i < 40; i++) {
        double fitted = 0;
        for (int j = 0; j < 3; j++) {
          fitted += a.get(i, j) * w.get(j, l);
        }
        rest += (b.get(i, l) - fitted) * (b.get(i, l) - fitted);
        norm += b.get(i, l) * b.get(i, l);
      }
      assertEquals(Math.sqrt(rest / norm), kind.residual()[l], 1e-12);
      for (int j = 0; j < 3; j++) {
        assertEquals(w.get(j, l), kind.mixture().get(l, j), 1e-12);
        double product = 0;
        double square = 0;
        for (int i = 0; i < 40; i++) {
          product += a.get(i, j) * b.get(i, l);
          square += a.get(i, j) * a.get(i, j);
        }
        assertEquals(product / Math.sqrt(square * norm), kind.cosine().get(l, j), 1e-13);
      }
    }
  }

  @Test
  void findsThePlantedMixtureAndItsLargestEntries() {
    Tensor source = GaussianMatrix.of(DType.F64, 3, 4, 50);
    Tensor planted = GaussianMatrix.of(DType.F64, 4, 6, 4);
    Tensor target = org.quadrille.linalg.MatrixProduct.multiply(planted, source);
    DepthFit.Kind kind = DepthFit.fit("w", source, target, true);
    assertTrue(Norms.max(Arithmetic.subtract(kind.mixture(), planted)) < 1e-12);
    int[] largest = kind.largest();
    for (int l = 0; l < 6; l++) {
      for (int j = 0; j < 4; j++) {
        assertTrue(Math.abs(planted.get(l, j)) <= Math.abs(planted.get(l, largest[l])));
      }
      assertTrue(kind.residual()[l] < 1e-12);
    }
  }

  /** Equal layers share the weight; layers of zeros get none and spoil nothing. */
  @Test
  void dependentLayersGetTheMixtureOfLeastNorm() {
    Tensor source = Tensor.zeros(DType.F64, 3, 10);
    Tensor row = GaussianMatrix.of(DType.F64, 5, 1, 10).row(0);
    source.row(0).assign(row);
    source.row(1).assign(row);
    Tensor target = Tensor.zeros(DType.F64, 2, 10);
    target.row(0).assign(Arithmetic.scale(4, row.copy()));
    DepthFit.Kind kind = DepthFit.fit("w", source, target, false);
    assertArrayEquals(new double[] {2, 2, 0}, kind.mixture().row(0).toDoubles(), 1e-12);
    assertArrayEquals(new double[3], kind.mixture().row(1).toDoubles(), 1e-12);
    assertEquals(0, kind.residual()[0], 1e-12);
    assertEquals(0, kind.residual()[1]);
    assertArrayEquals(new double[3], kind.cosine().row(1).toDoubles());
    DepthFit.Kind nothing =
        DepthFit.fit("w", Tensor.zeros(DType.F64, 2, 4), Tensor.zeros(DType.F64, 2, 4), false);
    assertEquals(0, Norms.max(nothing.mixture()));
    assertThrows(
        IllegalArgumentException.class,
        () -> DepthFit.fit("w", source, Tensor.zeros(DType.F64, 2, 9), false));
  }

  /** The operator of a fit makes the target; learning by descent comes to the same mixtures. */
  @Test
  void operatorOfTheFitAndLearningAgree() throws IOException {
    Architecture small = Architecture.gpt(7, 6, 8, 2, 2);
    Architecture large = Architecture.gpt(7, 6, 8, 2, 3);
    Tensors from = StoredModels.random(small, DType.F64, 1);
    GrowthPlan plan = GrowthPlan.of(small, large);
    GrowthTerm planted = GrowthTerm.of(GrowthOrder.WIDTH_FIRST);
    long seed = 10;
    for (String name : plan.depthNames()) {
      planted = planted.withDepth(name, Dense.of(GaussianMatrix.of(DType.F64, seed++, 3, 2)));
    }
    GrowthOperator truth = GrowthOperator.of(plan, DType.F64, planted);
    Tensors to = truth.apply(from);
    Path source = StoredModels.gpt(folder.resolve("small.safetensors"), from, 2);
    Path target = StoredModels.gpt(folder.resolve("large.safetensors"), to, 3);
    JsonObject config = new JsonObject().put("n_head", 2L);
    try (Checkpoint a = Checkpoint.open(source);
        Checkpoint b = Checkpoint.open(target)) {
      ModelPlan gpt = ModelPlan.named("gpt2");
      DepthFit fit = DepthFit.of(gpt.bind(a, config), gpt.bind(b, config));
      GrowthOperator found = fit.operator(plan, DType.F64);
      found
          .parameters()
          .forEach(
              (name, w) ->
                  assertTrue(
                      Norms.max(Arithmetic.subtract(w, truth.parameters().get(name))) < 1e-10,
                      name));
      Tensors again = found.apply(from);
      for (String name : to.names()) {
        assertTrue(Norms.max(Arithmetic.subtract(again.get(name), to.get(name))) < 1e-10, name);
      }
      assertThrows(
          IllegalArgumentException.class, () -> new DepthFit(List.of()).operator(plan, DType.F64));
    }
    GrowthTerm start = GrowthTerm.of(GrowthOrder.WIDTH_FIRST);
    for (String name : plan.depthNames()) {
      start = start.withDepth(name, Dense.of(Tensor.zeros(DType.F64, 3, 2)));
    }
    LearnedGrowth learned =
        GrowthLearning.of(
                GrowthOperator.of(plan, DType.F64, start),
                from,
                step -> distance(to),
                LearningSettings.OURS.withRate(0.1).withSteps(400).withCourse(0, 0.001))
            .run();
    learned
        .operator()
        .parameters()
        .forEach(
            (name, w) ->
                assertTrue(
                    Norms.max(Arithmetic.subtract(w, truth.parameters().get(name))) < 1e-2, name));
  }

  /** {@code |theta - target|^2 / 2}. */
  private static Objective distance(Tensors target) {
    return new Objective() {
      @Override
      public double loss(Tensors given) {
        return lossAndGradient(given, given.zerosLike());
      }

      @Override
      public double lossAndGradient(Tensors given, Tensors gradients) {
        double[] loss = {0};
        given.forEach(
            (name, tensor) -> {
              Tensor difference = Arithmetic.subtract(tensor, target.get(name));
              loss[0] += Arithmetic.dot(difference, difference) / 2;
              gradients.get(name).assign(difference);
            });
        return loss[0];
      }
    };
  }
}
