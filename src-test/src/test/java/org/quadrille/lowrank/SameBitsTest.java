package org.quadrille.lowrank;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.Cholesky;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Qr;
import org.quadrille.linalg.SymmetricRankUpdate;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.lowrank.merge.MergedWeight;
import org.quadrille.lowrank.merge.SubtractionUnmerge;
import org.quadrille.lowrank.solve.CholeskyUpdate;
import org.quadrille.lowrank.solve.FactoredMatrix;
import org.quadrille.lowrank.solve.QrUpdate;
import org.quadrille.lowrank.solve.WoodburySolver;
import org.quadrille.lowrank.spectrum.AdaptiveSvd;
import org.quadrille.lowrank.spectrum.IntruderReport;
import org.quadrille.lowrank.spectrum.Spectrum;
import org.quadrille.lowrank.spectrum.SubspaceSimilarity;

/** One thread, four threads and the plain kernels give the same bits. */
class SameBitsTest {

  @Test
  void singlePrecision() {
    check(DType.F32);
  }

  @Test
  void doublePrecision() {
    check(DType.F64);
  }

  private static void check(DType dtype) {
    long[] one = WorkerPool.of(1).call(() -> everything(dtype));
    assertFalse(one.length == 0);
    assertArrayEquals(one, WorkerPool.of(4).call(() -> everything(dtype)));
    long[][] plain = new long[1][];
    KernelProvider.with(KernelProvider.scalar(), () -> plain[0] = everything(dtype));
    assertArrayEquals(one, plain[0]);
  }

  private static long[] everything(DType dtype) {
    List<Long> bits = new ArrayList<>();
    Consumer<Tensor> add =
        tensor -> {
          for (double value : tensor.toDoubles()) {
            bits.add(Double.doubleToRawLongBits(value));
          }
        };
    int n = 70;
    Tensor w = GaussianMatrix.of(dtype, 1, 300, n);
    LowRank update =
        LowRank.of(GaussianMatrix.of(dtype, 2, 300, 9), GaussianMatrix.of(dtype, 3, 9, n), 0.3);
    Recompression small = Recompression.of(update, RankChoice.energy(0.9));
    add.accept(small.update().left());
    add.accept(small.update().right());
    add.accept(vector(small.singularValues()));
    add.accept(vector(small.certifiedError(), UpdateNorms.frobeniusOfSum(w, update)));
    add.accept(UpdateNorms.rowsOfSum(w, update));
    Tensor merged = MergedWeight.of(w, update).weight();
    add.accept(merged);
    add.accept(SubtractionUnmerge.of(merged, update).weight());
    add.accept(vector(Spectrum.of(w).values()));
    add.accept(vector(Spectrum.byGram(merged).values()));
    add.accept(vector(IntruderReport.of(w, merged, 10, 0.5).cosines()));
    AdaptiveSvd found =
        AdaptiveSvd.of(Dense.of(w), Norms.frobenius(w), AdaptiveSvd.Options.tolerance(0.5));
    add.accept(found.svd().singularValues());
    add.accept(found.svd().u());
    Tensor u = Qr.decompose(w).q();
    add.accept(SubspaceSimilarity.table(u.slice(1, 0, 5), u.slice(1, 3, 9)));
    add.accept(QrUpdate.of(Qr.decompose(w), update).r());

    Tensor gram = SymmetricRankUpdate.gram(w);
    LowRank square =
        LowRank.of(GaussianMatrix.of(dtype, 5, n, 4), GaussianMatrix.of(dtype, 6, 4, n), 0.5);
    WoodburySolver solver = WoodburySolver.of(FactoredMatrix.of(Cholesky.decompose(gram)), square);
    add.accept(solver.solve(GaussianMatrix.of(dtype, 7, n, 3)));
    add.accept(vector(solver.logDeterminant()));
    add.accept(CholeskyUpdate.add(Cholesky.decompose(gram), square.left()).lower());

    MultiAdapter adapters = MultiAdapter.of(Dense.of(w), List.of(update, small.update()));
    int[] index = {0, 1, -1, 1, 0, 0, 1};
    Tensor x = GaussianMatrix.of(dtype, 8, n, index.length);
    Tensor y = adapters.apply(x, index);
    add.accept(y);
    Tensors gradients = adapters.parameters().zerosLike();
    adapters.accumulateGradients(x, y, index, gradients);
    gradients.forEach((name, tensor) -> add.accept(tensor));
    return bits.stream().mapToLong(Long::longValue).toArray();
  }

  private static Tensor vector(double... values) {
    return Tensor.of(values, values.length);
  }
}
