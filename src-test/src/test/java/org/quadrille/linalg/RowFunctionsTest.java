package org.quadrille.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.quadrille.kernels.cpu.ElementFunction;

/** Functions, softmax and normalization of tensors: views, shapes and what is refused. */
class RowFunctionsTest {

  private static Tensor random(DType dtype, int... shape) {
    int n = 1;
    for (int size : shape) {
      n *= size;
    }
    return Tensor.of(new Random(n).doubles(n, -2, 2).toArray(), shape).to(dtype);
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void viewsGiveTheValuesOfTheirCopies(DType dtype) {
    Tensor base = random(dtype, 7, 12);
    Tensor[] views = {
      base.transpose(), base.slice(1, 2, 9), base.slice(0, 1, 4), base.row(3), base.reshape(7, 3, 4)
    };
    for (Tensor view : views) {
      Tensor copy = view.copy();
      assertArrayEquals(
          Elementwise.apply(ElementFunction.TANH, copy).toDoubles(),
          Elementwise.apply(ElementFunction.TANH, view).toDoubles());
      assertArrayEquals(Softmax.of(copy).toDoubles(), Softmax.of(view).toDoubles());
      Tensor target = random(dtype, 12, 7).transpose();
      if (view.rank() == 2 && view.size(0) == 7 && view.size(1) == 12) {
        assertSame(target, Softmax.of(view, target));
      }
      int n = view.size(view.rank() - 1);
      Normalization layer =
          Normalization.layer(random(dtype, 2 * n).slice(0, 1, n + 1), random(dtype, n), 1e-5);
      Normalization.Result forward = layer.apply(view);
      assertArrayEquals(layer.apply(copy).values().toDoubles(), forward.values().toDoubles());
      Normalization.Gradients expected = layer.gradients(copy, layer.apply(copy), copy);
      Normalization.Gradients actual = layer.gradients(view, forward, view);
      assertArrayEquals(expected.x().toDoubles(), actual.x().toDoubles());
      assertArrayEquals(expected.gamma().toDoubles(), actual.gamma().toDoubles());
      assertArrayEquals(expected.beta().toDoubles(), actual.beta().toDoubles());
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void stridedTargetsAndWorkInPlace(DType dtype) {
    Tensor x = random(dtype, 5, 6);
    Tensor wide = Tensor.zeros(dtype, 5, 10);
    Tensor target = wide.slice(1, 3, 9);
    assertSame(target, Softmax.of(x, target));
    assertArrayEquals(Softmax.of(x).toDoubles(), target.toDoubles());
    assertEquals(0, wide.get(2, 2));
    assertEquals(0, wide.get(2, 9));
    Tensor columns = Tensor.zeros(dtype, 6, 5).transpose();
    Elementwise.apply(ElementFunction.ERF, x, columns);
    Tensor erf = Elementwise.apply(ElementFunction.ERF, x);
    assertArrayEquals(erf.toDoubles(), columns.toDoubles());
    Softmax.logarithm(x, columns);
    Tensor logarithm = Softmax.logarithm(x, Tensor.zeros(dtype, 5, 6));
    assertArrayEquals(logarithm.toDoubles(), columns.toDoubles());
    Tensor product = Elementwise.multiply(x, erf, Tensor.zeros(dtype, 5, 6));
    Elementwise.multiply(x, erf, columns);
    assertArrayEquals(product.toDoubles(), columns.toDoubles());
    assertEquals(x.get(2, 3) * erf.get(2, 3), product.get(2, 3), 1e-7);
    Tensor softmax = Softmax.of(x);
    Tensor gradient = Softmax.gradient(softmax, erf, Tensor.zeros(dtype, 5, 6));
    assertArrayEquals(gradient.toDoubles(), Softmax.gradient(softmax, erf, columns).toDoubles());
    Tensor inPlace = x.copy();
    assertArrayEquals(softmax.toDoubles(), Softmax.of(inPlace, inPlace).toDoubles());
  }

  @Test
  void emptyTensorsAreAllowed() {
    Tensor none = Tensor.zeros(DType.F32, 0, 4);
    assertEquals(0, Softmax.of(none).length());
    assertEquals(0, Elementwise.apply(ElementFunction.EXP, none).length());
    Normalization rms = Normalization.rootMeanSquare(Tensor.zeros(DType.F32, 4), 1e-5);
    assertEquals(0, rms.apply(none).values().length());
  }

  @Test
  void mistakesAreRefusedWithTheirReason() {
    Tensor x = random(DType.F64, 3, 4);
    Tensor other = random(DType.F64, 4, 3);
    assertMessage("equal shapes", () -> Elementwise.apply(ElementFunction.EXP, x, other));
    assertMessage("to(DType.F64)", () -> Elementwise.multiply(x, x, Tensor.zeros(DType.F32, 3, 4)));
    Tensor bad = x.copy();
    bad.set(Double.NaN, 1, 2);
    assertMessage("row 1", () -> Softmax.of(bad));
    bad.set(Double.POSITIVE_INFINITY, 1, 2);
    assertMessage("row 1", () -> Softmax.of(bad));
    Tensor gamma = random(DType.F64, 4);
    Normalization layer = Normalization.layer(gamma, gamma, 1e-5);
    assertMessage("row 1", () -> layer.apply(bad));
    assertMessage("4 elements along the last axis", () -> layer.apply(other));
    assertMessage("epsilon", () -> Normalization.layer(gamma, gamma, 0));
    assertMessage("vector", () -> Normalization.layer(x, x, 1));
    assertMessage("equal shapes", () -> Normalization.layer(gamma, random(DType.F64, 5), 1));
    assertMessage(
        "pass the result of apply(x)", () -> layer.gradients(x, layer.apply(x.slice(0, 0, 2)), x));
    assertMessage("at least one axis", () -> Softmax.of(Tensor.zeros(DType.F64)));
  }

  private static void assertMessage(String part, Runnable action) {
    String message = assertThrows(IllegalArgumentException.class, action::run).getMessage();
    assertTrue(message.contains(part), message);
  }
}
