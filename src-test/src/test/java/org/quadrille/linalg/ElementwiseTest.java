package org.quadrille.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.quadrille.linalg.Messages.assertRejected;
import static org.quadrille.linalg.SlowAlgebra.assertClose;
import static org.quadrille.linalg.SlowAlgebra.assertSameBits;
import static org.quadrille.linalg.SlowAlgebra.random;
import static org.quadrille.linalg.SlowAlgebra.strided;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.quadrille.kernels.cpu.WorkerPool;

/** {@link Arithmetic} and {@link Norms}. */
class ElementwiseTest {

  @ParameterizedTest
  @EnumSource
  void sumsDifferencesAndMultiplesMatchTheirDefinition(DType dtype) {
    Tensor a = random(1, 5, 7).to(dtype);
    Tensor b = random(2, 5, 7).to(dtype);
    Tensor sum = Arithmetic.add(a, strided(b));
    Tensor difference = Arithmetic.subtract(a.transpose(), b.transpose());
    Tensor multiple = Arithmetic.scaled(-3, strided(a));
    double u = 4 * dtype.unitRoundoff();
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < 7; j++) {
        assertEquals(a.get(i, j) + b.get(i, j), sum.get(i, j), u);
        assertEquals(a.get(i, j) - b.get(i, j), difference.get(j, i), u);
        assertEquals(-3 * a.get(i, j), multiple.get(i, j), 4 * u);
      }
    }
  }

  @Test
  void axpyAndScaleWorkInPlace() {
    Tensor x = random(1, 4, 3);
    Tensor y = random(2, 4, 3);
    Tensor expected = Arithmetic.add(y, Arithmetic.scaled(2, x));
    assertSame(y, Arithmetic.axpy(2, x, y));
    assertClose(expected, y, 1e-15);
    assertSame(y, Arithmetic.scale(0.5, y));
    assertClose(expected, Arithmetic.scaled(2, y), 1e-15);
  }

  @Test
  void largeOperandsGiveTheSameBitsForAnyThreadCount() {
    Tensor x = random(1, 300, 1000);
    Tensor y = random(2, 300, 1000);
    Tensor one = WorkerPool.of(1).call(() -> Arithmetic.axpy(0.1, x, y.copy()));
    Tensor four = WorkerPool.of(4).call(() -> Arithmetic.axpy(0.1, x, y.copy()));
    assertSameBits(one, four);
  }

  @Test
  void normsMatchTheirDefinition() {
    Tensor a = Tensor.of(new double[] {3, -4, 0, 12, -1, 2}, 2, 3);
    assertEquals(Math.sqrt(9 + 16 + 144 + 1 + 4), Norms.frobenius(a), 1e-14);
    assertEquals(Math.sqrt(9 + 16 + 144 + 1 + 4), Norms.frobenius(strided(a)), 1e-14);
    assertEquals(12, Norms.max(a.transpose()));
    assertEquals(22, Norms.sumOfAbsolutes(a));
    assertEquals(15, Norms.norm1(a));
    assertEquals(15, Norms.norm1(a.transpose()));
    assertEquals(7, Norms.norm1(a.row(0)));
    assertEquals(0, Norms.frobenius(Tensor.zeros(DType.F32, 0, 3)));
  }

  @Test
  void frobeniusNormNeitherOverflowsNorVanishes() {
    Tensor huge = Tensor.of(new double[] {3e200, 4e200}, 2);
    assertEquals(5e200, Norms.frobenius(huge), 1e186);
    assertEquals(5e200, Norms.frobenius(strided(huge.reshape(2, 1))), 1e186);
    Tensor tiny = Tensor.of(new double[] {3e-200, 4e-200}, 2, 1);
    assertEquals(5e-200, Norms.frobenius(strided(tiny)), 1e-214);
    Tensor floats = Tensor.of(new float[] {3e30f, 4e30f}, 2);
    assertEquals(5e30, Norms.frobenius(floats), 1e24);
  }

  @Test
  void dotIsTheSumOfProducts() {
    Tensor a = random(1, 3, 4);
    Tensor b = random(2, 3, 4);
    double expected = 0;
    for (int i = 0; i < 12; i++) {
      expected += a.reshape(12).get(i) * b.reshape(12).get(i);
    }
    assertEquals(expected, Arithmetic.dot(a, b), 1e-14);
    assertEquals(expected, Arithmetic.dot(strided(a), b.transpose().copy().transpose()), 1e-14);
  }

  @Test
  void nonFiniteElementsAreNamed() {
    Tensor a = random(1, 3, 4);
    a.set(Double.POSITIVE_INFINITY, 1, 2);
    assertRejected(() -> Norms.requireFinite("weights", a), "weights", "Infinity at [1, 2]");
    assertRejected(() -> Norms.requireFinite("weights", a.transpose()), "Infinity at [2, 1]");
    a.set(Double.NaN, 0, 3);
    assertRejected(() -> Norms.requireFinite("weights", a), "NaN at [0, 3]");
    assertEquals(Double.NaN, Norms.max(strided(a)));
  }

  @Test
  void differentShapesAndDtypesAreRefused() {
    Tensor a = random(1, 2, 3);
    assertRejected(() -> Arithmetic.add(a, a.transpose()), "equal shapes", "F64[2, 3]");
    assertRejected(() -> Arithmetic.dot(a, a.to(DType.F32)), "one dtype");
  }
}
