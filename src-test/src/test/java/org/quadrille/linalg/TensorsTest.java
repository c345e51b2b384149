package org.quadrille.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.linalg.Messages.assertRejected;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorsTest {
  private static Tensors two() {
    return Tensors.of("weight", Tensor.zeros(DType.F32, 2, 3).fill(1))
        .put("bias", Tensor.zeros(DType.F64, 2).fill(2));
  }

  @Test
  void keepsInsertionOrderAndReplacesInPlace() {
    Tensors tensors = two();
    Tensor other = Tensor.zeros(DType.F32, 1);
    tensors.put("weight", other);
    assertEquals(List.of("weight", "bias"), List.copyOf(tensors.names()));
    assertSame(other, tensors.get("weight"));
    List<String> visited = new ArrayList<>();
    tensors.forEach((name, tensor) -> visited.add(name + tensor.length()));
    assertEquals(List.of("weight1", "bias2"), visited);
  }

  @Test
  void countsElements() {
    assertEquals(2, two().size());
    assertEquals(8, two().elementCount());
    assertEquals(0, Tensors.empty().elementCount());
    assertTrue(two().contains("bias"));
    assertFalse(two().contains("scale"));
  }

  @Test
  void copiesAreIndependentAndZerosHaveTheSameShapes() {
    Tensors tensors = two();
    Tensors copy = tensors.copy();
    copy.get("bias").fill(5);
    assertEquals(2, tensors.get("bias").get(1));
    Tensors zeros = tensors.zerosLike();
    assertEquals("F32[2, 3]", zeros.get("weight").toString());
    assertEquals(0, Norms.max(zeros.get("bias")));
  }

  @Test
  void mistakesAreExplained() {
    assertRejected(() -> two().get("gain"), "gain", "weight, bias");
    assertRejected(() -> two().put("", Tensor.zeros(DType.F32)), "empty string");
    assertRejected(() -> two().put("x", null), "given null");
    assertThrows(UnsupportedOperationException.class, () -> two().names().clear());
  }
}
