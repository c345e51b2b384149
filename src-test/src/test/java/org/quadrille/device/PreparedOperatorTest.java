package org.quadrille.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.quadrille.kernels.cpu.device.Accelerator;
import org.quadrille.kernels.cpu.device.DeviceExecutable;
import org.quadrille.kernels.cpu.device.DeviceProgram;
import org.quadrille.kernels.cpu.device.ProgramInterpreter;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.Backend;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.Diagonal;
import org.quadrille.linalg.Frozen;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.Kronecker;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.PreparedOperator;
import org.quadrille.linalg.Product;
import org.quadrille.linalg.RandomizedSvd;
import org.quadrille.linalg.Scaled;
import org.quadrille.linalg.Selection;
import org.quadrille.linalg.Sum;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Transposed;
import org.quadrille.quant.Quantized;
import org.quadrille.quant.Quantizer;
import org.quadrille.zernike.DiskTransform;

/** A prepared operator applies like the operator it was made from. */
@Tag("device")
class PreparedOperatorTest {

  private static Tensor random(DType dtype, long seed, int... shape) {
    int columns = shape.length == 1 ? 1 : shape[1];
    return GaussianMatrix.of(dtype, seed, shape[0], columns).reshape(shape);
  }

  /** What a sum of that many products of either precision may be off by, for numbers around 1. */
  private static void assertAgree(Tensor expected, Tensor actual, String what) {
    double unit = expected.dtype() == DType.F32 ? 0x1p-23 : 0x1p-52;
    double tolerance = 64 * unit * Math.max(1, Norms.max(expected));
    double difference = Norms.max(Arithmetic.subtract(actual, expected));
    assertTrue(difference <= tolerance, () -> what + ": off by " + difference);
  }

  private static void assertAppliesLikeItself(Backend backend, LinearOperator a, int... columns) {
    try (PreparedOperator prepared = backend.prepare(a)) {
      for (int k : columns) {
        Tensor x = random(a.dtype(), 50 + k, a.cols(), k);
        Tensor y = random(a.dtype(), 60 + k, a.rows(), k);
        assertAgree(a.apply(x), prepared.apply(x), a + " to " + k);
        assertAgree(a.applyTransposed(y), prepared.applyTransposed(y), a + "^T to " + k);
      }
    }
  }

  /** Sizes that no tile divides, one of each kernel's kind, and 1. */
  @ParameterizedTest
  @EnumSource
  void denseMatricesOfAwkwardSizes(Devices device) {
    Backend backend = device.backend();
    for (DType dtype : DType.values()) {
      assertAppliesLikeItself(backend, Dense.of(random(dtype, 1, 1, 1)), 1);
      assertAppliesLikeItself(backend, Dense.of(random(dtype, 2, 37, 131)), 1, 3, 9);
      assertAppliesLikeItself(backend, Dense.of(random(dtype, 3, 70, 45).transpose()), 1, 5);
      Tensor view = random(dtype, 4, 40, 50).slice(0, 3, 36).slice(1, 5, 44);
      assertAppliesLikeItself(backend, Dense.of(view), 1, 6);
    }
    // 128 x 128 tiles, none of them full
    LinearOperator large = Dense.of(random(DType.F32, 5, 259, 33));
    assertAppliesLikeItself(backend, large, 257);
    assertAppliesLikeItself(backend, Dense.of(random(DType.F64, 5, 33, 259).transpose()), 257);
  }

  @ParameterizedTest
  @EnumSource
  void structuredOperators(Devices device) {
    Backend backend = device.backend();
    DType t = DType.F32;
    Kronecker wide = Kronecker.of(random(t, 1, 5, 3), random(t, 2, 4, 7));
    Kronecker tall = Kronecker.of(random(t, 3, 2, 6), random(t, 4, 9, 5));
    LowRank update = LowRank.of(random(t, 5, 20, 3), random(t, 6, 3, 21), -0.5);
    assertAppliesLikeItself(backend, wide, 1, 4, 9);
    assertAppliesLikeItself(backend, tall, 1, 9);
    assertAppliesLikeItself(backend, update, 1, 9);
    assertAppliesLikeItself(backend, Sum.of(wide, update, Scaled.of(2, Frozen.of(wide))), 1, 9);
    assertAppliesLikeItself(
        backend, Product.of(Diagonal.of(random(t, 7, 20)), Sum.of(wide, update), tallRows()), 1, 9);
    assertAppliesLikeItself(backend, Transposed.of(wide), 3);
    assertAppliesLikeItself(backend, LowRank.of(random(t, 8, 4, 0), random(t, 8, 0, 6)), 2);
    assertAppliesLikeItself(backend, Selection.of(t, 6, 2, 0, 2, 5, 2), 1, 9);
  }

  private static LinearOperator tallRows() {
    return Dense.of(random(DType.F32, 9, 21, 6));
  }

  @ParameterizedTest
  @EnumSource
  void sumsOfKroneckerProductsInDouble(Devices device) {
    List<LinearOperator> terms = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      terms.add(Kronecker.of(random(DType.F64, i, 6, 5), random(DType.F64, 9 + i, 7, 8)));
    }
    assertAppliesLikeItself(device.backend(), Sum.of(terms), 1, 12);
  }

  @ParameterizedTest
  @EnumSource
  void codesOfEveryWidth(Devices device) {
    Backend backend = device.backend();
    // whole words in rows and blocks; blocks over row ends; zeros; odd widths
    List<LinearOperator> samples = new ArrayList<>();
    for (String config :
        List.of("nf2/64/fp8/256", "nf3/64/fp8/256", "nf4/64/fp8/256", "nf8/64/fp8/256")) {
      samples.add(quantized(config, 11, 192));
    }
    for (LinearOperator a : samples) {
      assertAppliesLikeItself(backend, a, 1, 2, 9);
    }
    for (String config : List.of("nf2/32/fp8/256", "nf3/64/fp8/256", "nf4/64/fp8/256")) {
      assertAppliesLikeItself(backend, quantized(config, 13, 77), 1, 9);
    }
    assertAppliesLikeItself(backend, quantized("nf5/64/fp8/256", 9, 50), 1, 9);
  }

  private static Quantized quantized(String config, int rows, int cols) {
    return new Quantized(Quantizer.parse(config).quantize(random(DType.F32, 3, rows, cols)));
  }

  @ParameterizedTest
  @EnumSource
  void quantizedPlusLowRankIsOneProgram(Devices device) {
    LinearOperator w =
        Sum.of(
            quantized("nf4/64/fp8/256", 24, 128),
            LowRank.of(random(DType.F32, 1, 24, 4), random(DType.F32, 2, 4, 128)));
    assertAppliesLikeItself(device.backend(), w, 1, 10);
  }

  @ParameterizedTest
  @EnumSource
  void disks(Devices device) {
    assertAppliesLikeItself(device.backend(), DiskTransform.ofDegree(0), 1);
    assertAppliesLikeItself(device.backend(), DiskTransform.ofDegree(7), 1, 3);
    assertAppliesLikeItself(device.backend(), DiskTransform.ofDegree(20).analysis(), 1);
  }

  @ParameterizedTest
  @EnumSource
  void randomizedSvdTakesAPreparedOperator(Devices device) {
    Tensor a = random(DType.F64, 1, 40, 30);
    RandomizedSvd.Options options = RandomizedSvd.Options.rank(4);
    Svd expected = RandomizedSvd.decompose(a, options);
    try (PreparedOperator prepared = device.backend().prepare(Dense.of(a))) {
      Svd svd = RandomizedSvd.decompose(prepared, options);
      assertAgree(expected.singularValues(), svd.singularValues(), "singular values");
    }
  }

  /** An interpreter that counts what it compiles. */
  private static final class Counting implements Accelerator {
    private final ProgramInterpreter interpreter = new ProgramInterpreter();
    private int programs;

    @Override
    public String name() {
      return "counting";
    }

    @Override
    public String unavailableReason() {
      return null;
    }

    @Override
    public DeviceExecutable compile(DeviceProgram program) {
      programs++;
      return interpreter.compile(program);
    }
  }

  @Test
  void randomizedDecompositionsRunOnTheBackendAroundThem() {
    Tensor a = random(DType.F64, 1, 25, 40);
    RandomizedSvd.Options options = RandomizedSvd.Options.rank(3);
    Svd expected = RandomizedSvd.decompose(a, options);
    Counting device = new Counting();
    Svd svd = Backend.with(Backend.on(device), () -> RandomizedSvd.decompose(a, options));
    assertAgree(expected.singularValues(), svd.singularValues(), "singular values");
    assertEquals(2, device.programs, "one program each way");
    RandomizedSvd.decompose(a, options);
    assertEquals(2, device.programs);
  }

  @ParameterizedTest
  @EnumSource
  void alphaBetaAndStridesOfOperands(Devices device) {
    Tensor w = random(DType.F32, 1, 9, 14);
    try (PreparedOperator prepared = device.backend().prepare(Dense.of(w))) {
      Tensor x = random(DType.F32, 2, 5, 14).transpose();
      Tensor out = random(DType.F32, 3, 5, 9).transpose();
      Tensor expected = Dense.of(w).apply(1.5, x, -2, out.copy());
      assertAgree(expected, prepared.apply(1.5, x, -2, out), "strided operands");
      Tensor vector = random(DType.F32, 4, 14);
      assertAgree(Dense.of(w).apply(vector), prepared.apply(vector), "a vector");
      assertEquals(0, prepared.apply(Tensor.zeros(DType.F32, 14, 0)).length());
    }
  }

  @ParameterizedTest
  @EnumSource
  void sameOperandsGiveTheSameBits(Devices device) {
    LinearOperator w = Sum.of(quantized("nf4/64/fp8/256", 24, 128), Dense.of(randomMatrix()));
    Tensor x = random(DType.F32, 2, 128, 9);
    try (PreparedOperator first = device.backend().prepare(w);
        PreparedOperator second = device.backend().prepare(w)) {
      Tensor once = first.apply(x);
      first.applyTransposed(once);
      assertEquals(0, Norms.max(Arithmetic.subtract(once, first.apply(x))));
      assertEquals(0, Norms.max(Arithmetic.subtract(once, second.apply(x))));
    }
  }

  private static Tensor randomMatrix() {
    return random(DType.F32, 1, 24, 128);
  }

  @ParameterizedTest
  @EnumSource
  void notANumberAndInfinityArriveWhereTheyBelong(Devices device) {
    Tensor x = random(DType.F32, 1, 16);
    x.set(Float.NaN, 3);
    Tensor y = random(DType.F32, 1, 16);
    y.set(Float.POSITIVE_INFINITY, 5);
    Tensor ones = Tensor.zeros(DType.F32, 4, 16).fill(1);
    try (PreparedOperator w = device.backend().prepare(Dense.of(ones))) {
      assertTrue(Double.isNaN(w.apply(x).get(2)));
      assertEquals(Double.POSITIVE_INFINITY, w.apply(y).get(0));
    }
  }

  @Test
  void closedOperatorsSaySo() {
    PreparedOperator w = Backend.on(new ProgramInterpreter()).prepare(Dense.of(randomMatrix()));
    w.apply(random(DType.F32, 1, 128));
    w.close();
    w.close();
    IllegalStateException error =
        assertThrows(IllegalStateException.class, () -> w.apply(random(DType.F32, 1, 128)));
    assertTrue(error.getMessage().contains("prepare it again"), error.getMessage());
  }

  @Test
  void refusesWhatDevicesCannotCompute() {
    Backend backend = Backend.on(new ProgramInterpreter());
    LinearOperator empty = Dense.of(Tensor.zeros(DType.F32, 0, 3));
    assertThrows(UnsupportedOperationException.class, () -> backend.prepare(empty));
    assertThrows(
        UnsupportedOperationException.class, () -> backend.prepare(DiskTransform.ofDegree(641)));
    try (PreparedOperator w = backend.prepare(Dense.of(randomMatrix()))) {
      assertThrows(IllegalArgumentException.class, () -> w.apply(random(DType.F32, 1, 127)));
      assertThrows(IllegalArgumentException.class, () -> w.apply(random(DType.F64, 1, 128)));
    }
  }

  @Test
  void theProcessorPreparesByDoingNothing() {
    LinearOperator w = Dense.of(randomMatrix());
    try (PreparedOperator prepared = Backend.cpu().prepare(w)) {
      Tensor x = random(DType.F32, 1, 128);
      assertEquals(0, Norms.max(Arithmetic.subtract(w.apply(x), prepared.apply(x))));
      assertEquals(w, prepared.operator());
      assertEquals(w.flops(3), prepared.flops(3));
    }
  }

  @Test
  void sayingWhyThereIsNoDeviceNeverFails() {
    String reason = Backend.gpuUnavailableReason();
    if (reason == null) {
      assertTrue(Backend.gpu().name().length() > 3);
    } else {
      IllegalStateException error = assertThrows(IllegalStateException.class, Backend::gpu);
      assertTrue(error.getMessage().contains(reason), error.getMessage());
    }
  }

  /** Concurrent callers wait for each other, and none sees another's numbers. */
  @ParameterizedTest
  @EnumSource
  void concurrentApplications(Devices device) throws InterruptedException {
    LinearOperator w = Dense.of(randomMatrix());
    try (PreparedOperator prepared = device.backend().prepare(w)) {
      List<String> failures = java.util.Collections.synchronizedList(new ArrayList<>());
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        long seed = new Random(t).nextLong();
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      Tensor x = random(DType.F32, seed, 128);
                      for (int i = 0; i < 20; i++) {
                        double off = Norms.max(Arithmetic.subtract(prepared.apply(x), w.apply(x)));
                        if (!(off < 1e-4)) {
                          failures.add("off by " + off);
                        }
                      }
                    }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(List.of(), failures);
    }
  }
}
