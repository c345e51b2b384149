package org.quadrille.jmh;

import java.util.function.Supplier;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.Cholesky;
import org.quadrille.linalg.Qr;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.SymmetricRankUpdate;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Triangular;

/** The operations of {@link FactorizationPeer} by this library. */
final class QuadrilleFactorization implements FactorizationPeer {
  private final WorkerPool pool;
  private final Supplier<Tensor[]> operation;
  private Tensor[] factors = {};

  QuadrilleFactorization(String name, int threads, Tensor a, Tensor b) {
    pool = WorkerPool.of(threads);
    operation = operation(name, a, b);
  }

  private static Supplier<Tensor[]> operation(String name, Tensor a, Tensor b) {
    return switch (name) {
      case "syrk" -> {
        Tensor c = Tensor.zeros(a.dtype(), a.shape());
        yield () -> new Tensor[] {SymmetricRankUpdate.updateLower(1, a, 0, c)};
      }
      case "trsm" -> () -> new Tensor[] {Triangular.lower(a).solve(b)};
      case "trmm" -> () -> new Tensor[] {Triangular.lower(a).multiply(b)};
      case "cholesky" -> () -> new Tensor[] {Cholesky.decompose(a).lower()};
      case "qr" ->
          () -> {
            Qr qr = Qr.decompose(a);
            return new Tensor[] {qr.q(), qr.r()};
          };
      case "svd" ->
          () -> {
            Svd svd = Svd.exact(a);
            return new Tensor[] {svd.u(), svd.singularValues(), svd.v()};
          };
      default -> throw FactorizationPeer.unknown(name);
    };
  }

  @Override
  public void compute() {
    factors = pool.call(operation);
  }

  @Override
  public Tensor[] factors() {
    return factors.clone();
  }
}
