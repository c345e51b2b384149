package org.quadrille.lowrank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.quadrille.lowrank.LowRankData.assertClose;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

class MultiAdapterTest {

  @Test
  void reference() throws IOException {
    JsonObject file = LowRankData.read("batched_adapters.json");
    List<LowRank> updates = new ArrayList<>();
    for (Object entry : file.array("adapters")) {
      updates.add(LowRankData.update((JsonObject) entry));
    }
    int[] index = Arrays.stream(file.integers("index")).mapToInt(Math::toIntExact).toArray();
    MultiAdapter adapters = MultiAdapter.of(Dense.of(LowRankData.matrix(file, "W")), updates);
    Tensor x = LowRankData.matrix(file, "X").transpose();
    Tensor g = LowRankData.matrix(file, "G").transpose();
    assertClose(LowRankData.matrix(file, "Y").transpose(), adapters.apply(x, index), 1e-11);
    assertClose(
        LowRankData.matrix(file, "dX").transpose(), adapters.applyTransposed(g, index), 1e-11);
    Tensors gradients = adapters.parameters().zerosLike();
    adapters.accumulateGradients(x, g, index, gradients);
    for (int j = 0; j < updates.size(); j++) {
      assertClose(
          LowRankData.matrix((List<?>) file.array("dA").get(j)),
          gradients.get(j + ".right"),
          1e-11);
      assertClose(
          LowRankData.matrix((List<?>) file.array("dB").get(j)), gradients.get(j + ".left"), 1e-11);
    }
  }

  /** Each column alone, and the columns in another order, give the same. */
  @Property(tries = 30)
  void columnsAreIndependent(
      @ForAll @IntRange(min = 1, max = 12) int columns,
      @ForAll @IntRange(min = 0, max = 4) int count,
      @ForAll boolean single,
      @ForAll long seed) {
    DType dtype = single ? DType.F32 : DType.F64;
    java.util.Random random = new java.util.Random(seed);
    List<LowRank> updates = new ArrayList<>();
    for (int j = 0; j < count; j++) {
      updates.add(
          LowRank.of(
              GaussianMatrix.of(dtype, seed + j, 7, j), GaussianMatrix.of(dtype, seed - j, j, 5)));
    }
    MultiAdapter adapters = MultiAdapter.of(Dense.of(GaussianMatrix.of(dtype, 3, 7, 5)), updates);
    int[] index = random.ints(columns, -1, count).toArray();
    Tensor x = GaussianMatrix.of(dtype, seed, columns, 5).transpose();
    Tensor y = adapters.apply(x, index);
    double tolerance = single ? 1e-4 : 1e-12;
    Tensor reversed = Tensor.zeros(dtype, 5, columns);
    int[] back = new int[columns];
    for (int i = 0; i < columns; i++) {
      Tensor column = x.slice(1, i, i + 1);
      Tensor expected = adapters.base().apply(column);
      if (index[i] >= 0) {
        Arithmetic.axpy(1, updates.get(index[i]).apply(column), expected);
      }
      assertClose(expected, y.slice(1, i, i + 1).copy(), tolerance);
      reversed.slice(1, columns - 1 - i, columns - i).assign(column);
      back[columns - 1 - i] = index[i];
    }
    Tensor other = adapters.apply(reversed, back);
    for (int i = 0; i < columns; i++) {
      assertClose(
          y.slice(1, i, i + 1).copy(),
          other.slice(1, columns - 1 - i, columns - i).copy(),
          tolerance);
    }
    // adjoint: <A x, g> = <x, A' g>
    Tensor g = GaussianMatrix.of(dtype, seed + 50, 7, columns);
    double left = Arithmetic.dot(y, g);
    double right = Arithmetic.dot(x.copy(), adapters.applyTransposed(g, index));
    assertEquals(left, right, (single ? 1e-4 : 1e-12) * (1 + Math.abs(left)) * columns);
  }

  @Test
  void badInput() {
    Dense base = Dense.of(GaussianMatrix.of(DType.F64, 1, 4, 3));
    LowRank update =
        LowRank.of(GaussianMatrix.of(DType.F64, 2, 4, 1), GaussianMatrix.of(DType.F64, 3, 1, 3));
    LowRank wrong =
        LowRank.of(GaussianMatrix.of(DType.F64, 2, 3, 1), GaussianMatrix.of(DType.F64, 3, 1, 3));
    assertThrows(
        IllegalArgumentException.class, () -> MultiAdapter.of(base, List.of(update, wrong)));
    MultiAdapter adapters = MultiAdapter.of(base, List.of(update));
    Tensor x = GaussianMatrix.of(DType.F64, 4, 3, 2);
    for (int[] index : new int[][] {{0}, {0, 1}, {0, -2}}) {
      assertThrows(IllegalArgumentException.class, () -> adapters.apply(x, index));
    }
    int[] good = {0, 0};
    assertThrows(IllegalArgumentException.class, () -> adapters.apply(x.to(DType.F32), good));
    assertThrows(IllegalArgumentException.class, () -> adapters.applyTransposed(x, good));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            adapters.accumulateGradients(
                x, GaussianMatrix.of(DType.F64, 4, 4, 2), good, Tensors.empty()));
  }
}
