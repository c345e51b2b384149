package org.quadrille.lowrank.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.lowrank.adapter.AdapterData.assertClose;
import static org.quadrille.lowrank.adapter.AdapterData.assertSameBits;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.formats.JsonObject;
import org.quadrille.kernels.cpu.DropoutMask;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.GradientCheck;

/** Laws of adapted maps: adjoints, gradients, invariances, and what stays the same bit for bit. */
class AdaptedOperatorTest {
  private static final String MAP = "layers.0.attention.query";

  /** Every form and magnitude, with all numbers away from their start. */
  private static List<AdaptedOperator> samples(DType dtype, int m, int n, int r) {
    Tensor w = GaussianMatrix.of(dtype, 1, m, n);
    Tensor left = GaussianMatrix.of(dtype, 2, m, r);
    Tensor right = GaussianMatrix.of(dtype, 3, r, n);
    Tensor inner = GaussianMatrix.of(dtype, 4, 1, r).row(0);
    Tensor outer = GaussianMatrix.of(dtype, 5, 1, m).row(0);
    Tensor size = GaussianMatrix.of(dtype, 6, 1, m).row(0);
    return List.of(
        sample(w, left, right, null, null, null, true, true, false),
        sample(w, left, right, null, null, null, true, false, false),
        sample(w, left, right, null, null, null, false, true, false),
        sample(w, left, right, inner, null, null, true, true, false),
        sample(w, left, right, inner, outer, null, false, false, false),
        sample(w, left, right, null, null, size, true, true, true),
        sample(w, left, right, inner, null, size, true, true, true));
  }

  private static AdaptedOperator sample(
      Tensor w,
      Tensor left,
      Tensor right,
      Tensor inner,
      Tensor outer,
      Tensor magnitude,
      boolean trainsLeft,
      boolean trainsRight,
      boolean full) {
    return new AdaptedOperator(
        Dense.of(w),
        new AdapterParts(
            left.copy(),
            right.copy(),
            inner == null ? null : inner.copy(),
            outer == null ? null : outer.copy(),
            magnitude == null ? null : magnitude.copy(),
            0.7,
            trainsLeft,
            trainsRight,
            full));
  }

  @Property(tries = 30)
  void appliesItsDenseForm(
      @ForAll @IntRange(min = 1, max = 70) int m,
      @ForAll @IntRange(min = 1, max = 70) int n,
      @ForAll @IntRange(min = 0, max = 5) int r,
      @ForAll @IntRange(min = 1, max = 67) int k) {
    for (AdaptedOperator operator : samples(DType.F64, m, n, r)) {
      Tensor dense = operator.toDense();
      Tensor x = GaussianMatrix.of(DType.F64, 7, n, k);
      Tensor y = GaussianMatrix.of(DType.F64, 8, m, k);
      double tolerance = 1e-12 * (n + m);
      assertClose("V x", MatrixProduct.multiply(dense, x), operator.apply(x), tolerance);
      Tensor back = MatrixProduct.multiply(dense.transpose(), y);
      assertClose("V' y", back, operator.applyTransposed(y), tolerance);
      Tensor sum = y.copy();
      operator.apply(-2, x, 3, sum);
      Tensor wanted = Arithmetic.scaled(3, y);
      Arithmetic.axpy(-2, MatrixProduct.multiply(dense, x), wanted);
      assertClose("3 y - 2 V x", wanted, sum, tolerance);
      double forward = Arithmetic.dot(operator.apply(x), y);
      double backward = Arithmetic.dot(x, operator.applyTransposed(y));
      assertEquals(forward, backward, tolerance * Norms.frobenius(x) * Norms.frobenius(y));
    }
  }

  @Test
  void gradientsAgreeWithDifferences() {
    Tensor wanted = GaussianMatrix.of(DType.F64, 9, 7, 6);
    for (AdaptedOperator operator : samples(DType.F64, 7, 6, 3)) {
      Tensors gradients = operator.parameters().zerosLike();
      GradientCheck.Worst worst =
          GradientCheck.worst(new Teacher(operator, wanted, ""), operator.parameters(), gradients);
      assertTrue(worst.error() < 1e-6, operator + ": " + worst);
    }
  }

  @Test
  void gradientIsTheProjectedDenseGradient() {
    AdaptedOperator operator = samples(DType.F64, 9, 8, 2).getFirst();
    Tensor x = GaussianMatrix.of(DType.F64, 7, 8, 20);
    Tensor g = GaussianMatrix.of(DType.F64, 8, 9, 20);
    Tensors gradients = operator.parameters().zerosLike();
    operator.accumulateGradients(x, g, gradients);
    Tensor dense = MatrixProduct.multiply(g, x.transpose());
    Tensor ofRight = MatrixProduct.multiply(operator.parts().left().transpose(), dense);
    Tensor ofLeft = MatrixProduct.multiply(dense, operator.parts().right().transpose());
    double s = operator.parts().scale();
    assertClose("dA", Arithmetic.scaled(s, ofRight), gradients.get("right"), 1e-13);
    assertClose("dB", Arithmetic.scaled(s, ofLeft), gradients.get("left"), 1e-13);
  }

  @Test
  void nothingAddedIsTheBaseBitForBit() {
    for (DType dtype : DType.values()) {
      Tensors weights = AdapterData.weights(dtype, 33, 20);
      Tensor x = GaussianMatrix.of(dtype, 7, 20, 19);
      Tensor wanted = Dense.of(weights.get(MAP + ".weight")).apply(x);
      for (AdapterConfig config :
          List.of(
              AdapterConfig.rank(0),
              AdapterConfig.rank(4),
              AdapterConfig.rank(4).withForm(AdapterForm.VECTORS),
              AdapterConfig.rank(4).withScale(ScaleRule.FIXED, 0))) {
        AdaptedOperator operator = Adapters.attach(weights, config).operators().get(MAP);
        // B = 0, b = 0 and s = 0 add zeros, which may only turn -0 into 0.
        assertSameBits("base", positive(wanted), positive(operator.apply(x)));
        assertSameBits("merged", weights.get(MAP + ".weight"), operator.toDense());
      }
      AdaptedOperator dora =
          Adapters.attach(weights, AdapterConfig.rank(4).withMagnitude(Magnitude.FULL))
              .operators()
              .get(MAP);
      assertClose("c = m", wanted, dora.apply(x), dtype == DType.F32 ? 1e-6 : 1e-14);
    }
  }

  private static Tensor positive(Tensor x) {
    Tensor copy = x.copy();
    for (int i = 0; i < x.size(0); i++) {
      for (int j = 0; j < x.size(1); j++) {
        copy.set(x.get(i, j) + 0.0, i, j);
      }
    }
    return copy;
  }

  @Test
  void anyBasisOfTheFactorsIsTheSameUpdate() {
    AdaptedOperator operator = samples(DType.F64, 9, 8, 3).getFirst();
    Tensor turn = GaussianMatrix.of(DType.F64, 11, 3, 3);
    Tensor right = MatrixProduct.multiply(turn, operator.parts().right());
    // B T^-1 solves X T = B.
    Tensor left =
        org.quadrille.linalg.Qr.decompose(turn.transpose().copy())
            .solve(operator.parts().left().transpose().copy())
            .transpose()
            .copy();
    AdaptedOperator turned =
        AdapterData.operator(
            operator.base().toDense(), left, right, null, operator.parts().scale(), false);
    assertClose("merged", operator.toDense(), turned.toDense(), 1e-11);
  }

  @Test
  void sameBitsForThreadsAndBackends() {
    for (DType dtype : DType.values()) {
      for (int i = 0; i < 7; i++) {
        Tensor one = WorkerPool.of(1).call(result(dtype, i)::get);
        Tensor four = WorkerPool.of(4).call(result(dtype, i)::get);
        Tensor[] scalar = new Tensor[1];
        int index = i;
        KernelProvider.with(KernelProvider.scalar(), () -> scalar[0] = result(dtype, index).get());
        assertSameBits("threads", one, four);
        assertSameBits("backends", one, scalar[0]);
      }
    }
  }

  /** Outputs, inputs and gradients in one tensor, with dropout. */
  private static java.util.function.Supplier<Tensor> result(DType dtype, int index) {
    return () -> {
      AdaptedOperator operator = samples(dtype, 130, 70, 5).get(index);
      operator.dropping(new DropoutMask(0.3, 5));
      Tensor x = GaussianMatrix.of(dtype, 7, 200, 70).transpose();
      Tensor y = GaussianMatrix.of(dtype, 8, 200, 130).transpose();
      Tensors gradients = operator.parameters().zerosLike();
      operator.accumulateGradients(x, y, gradients);
      double[] all = operator.apply(x).toDoubles();
      double[] back = operator.applyTransposed(y).toDoubles();
      double[] more = java.util.Arrays.copyOf(all, all.length + back.length);
      System.arraycopy(back, 0, more, all.length, back.length);
      for (String name : gradients.names()) {
        double[] g = gradients.get(name).toDoubles();
        int at = more.length;
        more = java.util.Arrays.copyOf(more, at + g.length);
        System.arraycopy(g, 0, more, at, g.length);
      }
      return Tensor.of(more, more.length);
    };
  }

  @Test
  void dropoutIsTheSameInBothDirections() {
    AdaptedOperator operator = samples(DType.F64, 9, 400, 3).getFirst();
    operator.dropping(new DropoutMask(0.25, 3));
    Tensor x = GaussianMatrix.of(DType.F64, 7, 400, 30);
    Tensor y = GaussianMatrix.of(DType.F64, 8, 9, 30);
    double forward = Arithmetic.dot(operator.apply(x), y);
    double backward = Arithmetic.dot(x, operator.applyTransposed(y));
    assertEquals(forward, backward, 1e-10);
    // A quarter of the inputs is dropped, the rest is 4/3 as large.
    Tensor ones = Tensor.zeros(DType.F64, 400, 30).fill(1);
    Tensor dropped = Tensor.zeros(DType.F64, 400, 30);
    FeatureLoops.drop(new DropoutMask(0.25, 3), ones, dropped);
    double mean = Arithmetic.dot(dropped, ones) / ones.length();
    assertEquals(1, mean, 0.02);
    assertTrue(Norms.max(dropped) == 4.0 / 3);
  }

  @Test
  void neverLearnsMoreThanItsRank() throws IOException {
    JsonObject data = AdapterData.read("linear_teacher.json");
    Tensor start = AdapterData.tensor(data.get("W0"));
    Tensor wanted = AdapterData.tensor(data.get("Wstar"));
    double[] sigma = data.numbers("sigma");
    for (Object each : data.array("loraRuns")) {
      JsonObject run = (JsonObject) each;
      int r = run.intValue("r");
      Tensor right = AdapterData.tensor(run.get("A0"));
      Tensor left = Tensor.zeros(DType.F64, start.size(0), r);
      AdaptedOperator operator =
          AdapterData.operator(start, left, right, null, run.number("s"), false);
      Teacher teacher = new Teacher(operator, wanted, "");
      double[] expected = run.numbers("lossAfterStep");
      double best = 0;
      for (int i = r; i < sigma.length; i++) {
        best += sigma[i] * sigma[i] / 2;
      }
      for (double loss : expected) {
        Tensors gradients = operator.parameters().zerosLike();
        teacher.lossAndGradient(null, gradients);
        Arithmetic.axpy(-run.number("eta"), gradients.get("left"), left);
        Arithmetic.axpy(-run.number("eta"), gradients.get("right"), right);
        assertEquals(loss, teacher.loss(null), 1e-11 * Math.max(1, loss));
        assertTrue(teacher.loss(null) >= best - 1e-12);
      }
      assertClose("A", AdapterData.tensor(run.get("A")), right, 1e-11);
      assertClose("B", AdapterData.tensor(run.get("B")), left, 1e-11);
    }
    JsonObject full = data.object("fullRun");
    Tensor w = start.copy();
    int step = 0;
    for (double loss : full.numbers("lossAfterStep")) {
      Tensor residual = Arithmetic.subtract(w, wanted);
      Arithmetic.axpy(-full.number("eta"), residual, w);
      Tensor now = Arithmetic.subtract(w, wanted);
      assertEquals(loss, Arithmetic.dot(now, now) / 2, 1e-11 * Math.max(1, loss));
      step++;
      // The error falls by 1 - eta at every step: no rank is out of reach.
      double factor = Math.pow(1 - full.number("eta"), 2.0 * step);
      Tensor first = Arithmetic.subtract(start, wanted);
      assertEquals(factor * Arithmetic.dot(first, first) / 2, loss, 1e-11 * loss + 1e-15);
    }
    for (Object each : data.array("optimalLoss")) {
      JsonObject optimal = (JsonObject) each;
      Svd svd = Svd.exact(Arithmetic.subtract(wanted, start));
      Tensor rest =
          Arithmetic.subtract(
              Arithmetic.subtract(wanted, start),
              svd.truncate(optimal.intValue("r")).reconstruct());
      assertEquals(optimal.number("loss"), Arithmetic.dot(rest, rest) / 2, 1e-11);
    }
  }

  @Test
  void scaleRules() {
    assertEquals(2, ScaleRule.ALPHA_OVER_RANK.scale(32, 16));
    assertEquals(8, ScaleRule.ALPHA_OVER_ROOT_RANK.scale(32, 16));
    assertEquals(32, ScaleRule.FIXED.scale(32, 16));
    AdapterConfig config =
        AdapterConfig.rank(8).withOverrides(Map.of("feedforward", 2), Map.of("query$", 1.0));
    assertEquals(2, config.rankOf("layers.3.feedforward.up"));
    assertEquals(8, config.scaleOf("layers.3.feedforward.up"));
    assertEquals(8, config.rankOf("layers.3.attention.query"));
    assertEquals(0.125, config.scaleOf("layers.3.attention.query"));
  }

  @Test
  void adaptsWhatTheTargetsName() {
    Tensors weights = AdapterData.weights(DType.F32, 6, 5);
    Adapters all = Adapters.attach(weights, AdapterConfig.rank(2));
    assertEquals(List.of(MAP, "layers.0.feedforward.up"), List.copyOf(all.operators().keySet()));
    Adapters some =
        Adapters.attach(weights, AdapterConfig.rank(2).withTargets(Targets.FEEDFORWARD));
    assertEquals(List.of("layers.0.feedforward.up"), List.copyOf(some.operators().keySet()));
    assertTrue(Targets.QUERY_VALUE.matches(MAP));
    assertTrue(Targets.ALL_LINEAR.matches("bert.encoder.layer.3.attention.self.query"));
    assertTrue(Targets.ALL_LINEAR.matches("model.layers.3.mlp.gate_proj"));
    assertFalse(Targets.ALL_LINEAR.matches("embeddings.token"));
    assertTrue(all.trains(MAP + ".left"));
    assertFalse(all.trains(MAP + ".bias"));
    assertTrue(
        Adapters.attach(weights, AdapterConfig.rank(2).withBiases(TrainedBiases.ADAPTED))
            .trains(MAP + ".bias"));
    Tensors merged = all.mergedInto(weights);
    assertSameBits("merged", weights.get(MAP + ".weight"), merged.get(MAP + ".weight"));
    assertEquals(weights.names(), merged.names());
  }

  @Test
  void rejectsWhatCannotBe() {
    Tensors weights = AdapterData.weights(DType.F32, 6, 5);
    IllegalArgumentException none =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                Adapters.attach(
                    weights, AdapterConfig.rank(2).withTargets(Targets.matching("decoder"))));
    assertTrue(none.getMessage().contains("decoder"), none.getMessage());
    assertThrows(IllegalArgumentException.class, () -> AdapterConfig.rank(-1));
    assertThrows(IllegalArgumentException.class, () -> AdapterConfig.rank(1).withDropout(1));
    assertThrows(
        IllegalArgumentException.class, () -> AdapterConfig.rank(1).withDropout(Double.NaN));
    assertThrows(
        IllegalArgumentException.class,
        () -> AdapterConfig.rank(1).withScale(ScaleRule.FIXED, Double.POSITIVE_INFINITY));
    assertThrows(IllegalArgumentException.class, () -> Targets.matching("("));
    Tensor bad = GaussianMatrix.of(DType.F64, 1, 4, 2);
    bad.set(Double.NaN, 3, 1);
    Tensor right = GaussianMatrix.of(DType.F64, 1, 2, 3);
    IllegalArgumentException infinite =
        assertThrows(
            IllegalArgumentException.class,
            () -> new AdapterParts(bad, right, null, null, null, 1, true, true, false));
    assertTrue(infinite.getMessage().contains("left"), infinite.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> new AdapterParts(right, right, null, null, null, 1, true, true, false));
    LinearOperator operator = Adapters.attach(weights, AdapterConfig.rank(2)).operators().get(MAP);
    assertThrows(IllegalArgumentException.class, () -> operator.apply(Tensor.zeros(DType.F32, 6)));
    assertThrows(
        IllegalArgumentException.class, () -> Adapters.attach(Map.of(), AdapterConfig.rank(1)));
  }

  @Test
  void mergeSaysWhenTheResultIsNotFinite() {
    Tensor huge = Tensor.zeros(DType.F32, 2, 2).fill(3e38);
    AdaptedOperator operator =
        AdapterData.operator(
            huge,
            Tensor.zeros(DType.F32, 2, 1).fill(1e20),
            Tensor.zeros(DType.F32, 1, 2).fill(1e20),
            null,
            1,
            false);
    assertThrows(ArithmeticException.class, operator::toDense);
  }
}
