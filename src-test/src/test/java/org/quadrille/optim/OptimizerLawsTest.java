package org.quadrille.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/** What holds for all optimizers: bits, resumption, freezing, invariances, refusals. */
class OptimizerLawsTest {

  private static final ParameterGroups GROUPS =
      ParameterGroups.of(0.01, 0.1, DecayRule.PYTORCH)
          .undecayed(name -> name.endsWith("bias"))
          .with(name -> name.equals("slow"), 0.001, 0.01, DecayRule.STEPWISE);

  private static final List<Supplier<Optimizer>> ALL =
      List.of(
          () -> new Adam(GROUPS),
          () -> new Lion(GROUPS),
          () -> new GradientDescent(GROUPS),
          () -> new GradientDescent(GROUPS, 0.9),
          () -> new Adafactor(GROUPS),
          () -> new Adam(ParameterGroups.of(0.01, 0.3, DecayRule.TOWARDS_START)));

  private static Tensors random(DType dtype, long seed) {
    Random random = new Random(seed);
    Tensors tensors = Tensors.empty();
    int[][] shapes = {{130, 170}, {170}, {3, 5}, {2, 3, 4}};
    String[] names = {"weight", "bias", "slow", "cube"};
    for (int i = 0; i < shapes.length; i++) {
      Tensor tensor = Tensor.zeros(DType.F64, shapes[i]);
      double[] data = tensor.doubles();
      for (int j = 0; j < data.length; j++) {
        data[j] = random.nextGaussian();
      }
      tensors.put(names[i], tensor.to(dtype));
    }
    return tensors;
  }

  private static Tensors train(Optimizer optimizer, Tensors parameters, int from, int to) {
    for (int step = from; step < to; step++) {
      optimizer.step(parameters, random(parameters.get("bias").dtype(), 100 + step), 0.5);
    }
    return parameters;
  }

  private static void assertSame(Tensors expected, Tensors actual) {
    assertEquals(expected.names(), actual.names());
    for (String name : expected.names()) {
      assertArrayEquals(expected.get(name).toDoubles(), actual.get(name).toDoubles(), name);
    }
  }

  @Test
  void anyNumberOfThreadsAndEitherBackendGivesTheSameBits() {
    for (DType dtype : DType.values()) {
      for (Supplier<Optimizer> kind : ALL) {
        Tensors expected = WorkerPool.of(1).call(() -> train(kind.get(), random(dtype, 1), 0, 4));
        assertSame(
            expected, WorkerPool.of(3).call(() -> train(kind.get(), random(dtype, 1), 0, 4)));
        Tensors scalar =
            KernelProvider.scalar() == KernelProvider.active()
                ? expected
                : withScalarKernels(() -> train(kind.get(), random(dtype, 1), 0, 4));
        assertSame(expected, scalar);
      }
    }
  }

  private static Tensors withScalarKernels(Supplier<Tensors> action) {
    Tensors[] result = new Tensors[1];
    KernelProvider.with(KernelProvider.scalar(), () -> result[0] = action.get());
    return result[0];
  }

  @Test
  void resumedRunsTakeTheSameSteps() {
    for (DType dtype : DType.values()) {
      for (Supplier<Optimizer> kind : ALL) {
        Tensors unbroken = train(kind.get(), random(dtype, 1), 0, 7);
        Optimizer first = kind.get();
        Tensors half = train(first, random(dtype, 1), 0, 3);
        Tensors state = first.state().copy();
        Optimizer second = kind.get();
        second.load(state);
        assertSame(state, second.state());
        assertSame(unbroken, train(second, half, 3, 7));
      }
    }
  }

  @Test
  void singlePrecisionFollowsDouble() {
    for (Supplier<Optimizer> kind : ALL) {
      Tensors wide = train(kind.get(), random(DType.F64, 1), 0, 5);
      Tensors narrow = train(kind.get(), random(DType.F32, 1), 0, 5);
      for (String name : wide.names()) {
        // Lion may take another sign where the mean is about zero: far less than one in 1000.
        double[] a = wide.get(name).toDoubles();
        double[] b = narrow.get(name).toDoubles();
        int far = 0;
        for (int i = 0; i < a.length; i++) {
          far += Math.abs(a[i] - b[i]) > 1e-5 * Math.max(1, Math.abs(a[i])) ? 1 : 0;
        }
        assertTrue(far <= a.length / 1000, far + " of " + a.length + " in " + name);
      }
    }
  }

  @Test
  void onlyTensorsWithGradientsMove() {
    for (Supplier<Optimizer> kind : ALL) {
      Tensors parameters = random(DType.F64, 1);
      Tensors gradients = Tensors.of("slow", random(DType.F64, 2).get("slow"));
      kind.get().step(parameters, gradients, 1);
      Tensors before = random(DType.F64, 1);
      for (String name : before.names()) {
        assertEquals(
            name.equals("slow"),
            !java.util.Arrays.equals(before.get(name).doubles(), parameters.get(name).doubles()),
            name);
      }
    }
  }

  @Test
  void decaysByNameAndRule() {
    Tensors parameters = random(DType.F64, 1);
    Tensors before = parameters.copy();
    new GradientDescent(GROUPS).step(parameters, parameters.zerosLike(), 0.5);
    assertEquals(
        before.get("weight").get(3, 4) * (1 - 0.5 * 0.01 * 0.1),
        parameters.get("weight").get(3, 4),
        1e-15);
    assertEquals(before.get("bias").get(3), parameters.get("bias").get(3));
    assertEquals(
        before.get("slow").get(1, 1) * (1 - 0.5 * 0.01), parameters.get("slow").get(1, 1), 1e-15);
  }

  @Test
  void decayTowardsTheStartKeepsTheStart() {
    Tensors parameters = random(DType.F32, 1);
    Tensors start = parameters.copy();
    Optimizer optimizer =
        new GradientDescent(ParameterGroups.of(0.1, 0.3, DecayRule.TOWARDS_START));
    optimizer.step(parameters, parameters.zerosLike(), 1);
    assertSame(start, parameters);
    parameters.get("bias").fill(0);
    optimizer.step(parameters, parameters.zerosLike(), 1);
    assertEquals(0.03 * start.get("bias").get(5), parameters.get("bias").get(5), 1e-8);
  }

  /** Weights scaled by p, gradients by 1/p: with epsilon / p the path scales by p, in every bit. */
  @Test
  void adamIsInvariantUnderPowersOfTwo() {
    double p = 8;
    Tensors one = random(DType.F32, 1);
    Tensors other = one.copy();
    other.forEach((name, x) -> org.quadrille.linalg.Arithmetic.scale(p, x));
    Optimizer a = new Adam(ParameterGroups.of(0.01), new Adam.Options(0.9, 0.95, 1e-8));
    Optimizer b = new Adam(ParameterGroups.of(0.01 * p), new Adam.Options(0.9, 0.95, 1e-8 / p));
    for (int step = 0; step < 6; step++) {
      Tensors g = random(DType.F32, 50 + step);
      a.step(one, g, 1);
      g.forEach((name, x) -> org.quadrille.linalg.Arithmetic.scale(1 / p, x));
      b.step(other, g, 1);
    }
    other.forEach((name, x) -> org.quadrille.linalg.Arithmetic.scale(1 / p, x));
    assertSame(one, other);
  }

  @Test
  void everyOptimizerMinimizesAQuadratic() {
    Quadratic problem = new Quadratic(new double[][] {{2, 0.5}, {0.5, 1}}, new double[] {1, -1});
    List<Optimizer> optimizers =
        List.of(
            new Adam(ParameterGroups.of(0.05)),
            new Lion(ParameterGroups.of(0.05)),
            new GradientDescent(ParameterGroups.of(0.3)),
            new GradientDescent(ParameterGroups.of(0.1), 0.9),
            new Adafactor(ParameterGroups.of(0.05), Adafactor.Options.DEFAULT.withAbsoluteRates()));
    Schedule schedule = Schedule.linear(0, 2000, 0);
    // H t = b
    double[] solution = {1.5 / 1.75, -2.5 / 1.75};
    for (Optimizer optimizer : optimizers) {
      Tensors parameters = Tensors.of("theta", Tensor.of(new double[] {3, 3}, 2));
      Tensors gradients = parameters.zerosLike();
      for (int step = 0; step < 2000; step++) {
        problem.lossAndGradient(parameters, gradients);
        optimizer.step(parameters, gradients, schedule.factor(step));
      }
      assertArrayEquals(
          solution, parameters.get("theta").doubles(), 1e-3, optimizer.getClass().getName());
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    for (Supplier<Optimizer> kind : ALL) {
      Optimizer optimizer = kind.get();
      Tensors parameters = random(DType.F64, 1);
      Tensors gradients = parameters.zerosLike();
      assertThrows(
          IllegalArgumentException.class, () -> optimizer.step(parameters, gradients, Double.NaN));
      assertThrows(
          IllegalArgumentException.class,
          () -> optimizer.step(parameters, Tensors.of("new", Tensor.zeros(DType.F64, 1)), 1));
      assertThrows(
          IllegalArgumentException.class,
          () -> optimizer.step(parameters, Tensors.of("bias", Tensor.zeros(DType.F64, 3)), 1));
      assertThrows(
          IllegalArgumentException.class,
          () -> optimizer.step(parameters, Tensors.of("bias", Tensor.zeros(DType.F32, 170)), 1));
      assertThrows(
          IllegalArgumentException.class,
          () ->
              optimizer.step(
                  parameters, Tensors.of("slow", Tensor.zeros(DType.F64, 5, 3).transpose()), 1));
      optimizer.step(parameters, gradients, 1);
      assertThrows(
          IllegalArgumentException.class,
          () -> optimizer.step(parameters, Tensors.of("bias", gradients.get("bias")), 1));
      assertThrows(IllegalStateException.class, () -> optimizer.load(optimizer.state().copy()));
    }
    assertThrows(IllegalArgumentException.class, () -> ParameterGroups.of(-1));
    assertThrows(
        IllegalArgumentException.class, () -> ParameterGroups.of(1, Double.NaN, DecayRule.PYTORCH));
    assertThrows(IllegalArgumentException.class, () -> new Adam.Options(1, 0.9, 1e-8));
    assertThrows(IllegalArgumentException.class, () -> new Adam.Options(0.9, 0.9, 0));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Lion(ParameterGroups.of(1, 1, DecayRule.GRADIENT))
                .step(random(DType.F64, 1), random(DType.F64, 2), 1));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Adafactor(ParameterGroups.of(1, 1, DecayRule.TOWARDS_START))
                .step(random(DType.F64, 1), random(DType.F64, 2), 1));
  }

  @Test
  void refusesTheStateOfAnother() {
    Optimizer lion = new Lion(GROUPS);
    train(lion, random(DType.F64, 1), 0, 1);
    Optimizer adam = new Adam(GROUPS);
    adam.load(lion.state());
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> train(adam, random(DType.F64, 1), 1, 2));
    assertTrue(error.getMessage().contains("square.weight"), error.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> new Adam(GROUPS).load(Tensors.of("mean.w", Tensor.zeros(DType.F64, 1))));
  }

  @Test
  void clippingScalesToTheLimitAndNamesWhatIsNotFinite() {
    Tensors gradients = random(DType.F32, 9);
    GradientClipping clipping = GradientClipping.byNorm(2);
    double norm = clipping.clip(gradients);
    assertTrue(norm > 100);
    assertEquals(2, clipping.clip(gradients), 1e-6);
    gradients.get("slow").set(Double.NaN, 1, 2);
    ArithmeticException error =
        assertThrows(ArithmeticException.class, () -> clipping.clip(gradients));
    assertTrue(error.getMessage().contains("gradient of slow"), error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> GradientClipping.byNorm(0));
  }
}
