package org.quadrille.linalg;

import static org.quadrille.linalg.SlowAlgebra.random;

import java.util.function.IntBinaryOperator;
import java.util.function.IntToDoubleFunction;

/** Symmetric matrices that eigensolvers have stumbled over. */
enum SymmetricSamples {
  RANDOM {
    @Override
    Tensor of(int n) {
      Tensor g = random(n, n, n);
      return Arithmetic.add(g, g.transpose().copy());
    }
  },
  ZERO {
    @Override
    Tensor of(int n) {
      return Tensor.zeros(DType.F64, n, n);
    }
  },
  IDENTITY {
    @Override
    Tensor of(int n) {
      return tridiagonal(n, i -> 1, i -> 0);
    }
  },
  DIAGONAL {
    @Override
    Tensor of(int n) {
      return tridiagonal(n, i -> Math.sin(i * i), i -> 0);
    }
  },
  BLOCK_DIAGONAL {
    @Override
    Tensor of(int n) {
      Tensor a = RANDOM.of(n);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          if (i / 11 != j / 11) {
            a.set(0, i, j);
          }
        }
      }
      return a;
    }
  },
  RANK_ONE {
    @Override
    Tensor of(int n) {
      return Tensor.zeros(DType.F64, n, n).fill(1);
    }
  },
  RANK_ONE_AND_IDENTITY {
    @Override
    Tensor of(int n) {
      return Arithmetic.add(RANK_ONE.of(n), IDENTITY.of(n));
    }
  },
  RANK_FIVE {
    @Override
    Tensor of(int n) {
      Tensor g = random(1, n, 5);
      Tensor a = MatrixProduct.multiply(g, g.transpose());
      return Arithmetic.scaled(0.5, Arithmetic.add(a, a.transpose().copy()));
    }
  },
  CLUSTERED {
    @Override
    Tensor of(int n) {
      double[] values = new double[n];
      for (int j = 0; j < n; j++) {
        values[j] = j % 3 == 0 ? 1 : j % 3 == 1 ? 1 + 1e-9 : 2 + 1e-13 * j;
      }
      Tensor q = Qr.decompose(random(3, n, n)).q();
      Tensor a = MatrixProduct.multiply(scaledColumns(q, values), q.transpose());
      return Arithmetic.scaled(0.5, Arithmetic.add(a, a.transpose().copy()));
    }
  },
  /** Pairs of eigenvalues that agree to many digits. */
  WILKINSON {
    @Override
    Tensor of(int n) {
      return tridiagonal(n, i -> Math.abs(i - n / 2), i -> 1);
    }
  },
  GLUED_WILKINSON {
    @Override
    Tensor of(int n) {
      return tridiagonal(n, i -> Math.abs(i % 21 - 10), i -> i % 21 == 20 ? 1e-7 : 1);
    }
  },
  WEAKLY_GLUED_WILKINSON {
    @Override
    Tensor of(int n) {
      return tridiagonal(n, i -> Math.abs(i % 21 - 10), i -> i % 21 == 20 ? 1e-14 : 1);
    }
  },
  /** Eigenvalues are the integers 1 - n, 3 - n, ..., n - 1. */
  CLEMENT {
    @Override
    Tensor of(int n) {
      return tridiagonal(n, i -> 0, i -> Math.sqrt((i + 1.0) * (n - 1 - i)));
    }
  },
  SECOND_DIFFERENCE {
    @Override
    Tensor of(int n) {
      return tridiagonal(n, i -> 2, i -> -1);
    }
  },
  GRADED_DOWN {
    @Override
    Tensor of(int n) {
      return graded(n, (i, j) -> i + j);
    }
  },
  GRADED_UP {
    @Override
    Tensor of(int n) {
      return graded(n, (i, j) -> 2 * n - i - j);
    }
  },
  TOEPLITZ {
    @Override
    Tensor of(int n) {
      Tensor a = Tensor.zeros(DType.F64, n, n);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          a.set(1.0 / (1 + Math.abs(i - j)), i, j);
        }
      }
      return a;
    }
  };

  /** The matrix of size n, F64. */
  abstract Tensor of(int n);

  /** Elements of size 1 down to 1e-15. */
  private static Tensor graded(int n, IntBinaryOperator grade) {
    Tensor a = RANDOM.of(n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        a.set(a.get(i, j) * Math.pow(10, -7.5 * grade.applyAsInt(i, j) / n), i, j);
      }
    }
    return a;
  }

  private static Tensor scaledColumns(Tensor q, double[] factors) {
    Tensor scaled = q.copy();
    for (int j = 0; j < factors.length; j++) {
      Arithmetic.scale(factors[j], scaled.transpose().row(j));
    }
    return scaled;
  }

  private static Tensor tridiagonal(
      int n, IntToDoubleFunction diagonal, IntToDoubleFunction beside) {
    Tensor a = Tensor.zeros(DType.F64, n, n);
    for (int i = 0; i < n; i++) {
      a.set(diagonal.applyAsDouble(i), i, i);
      if (i > 0) {
        a.set(beside.applyAsDouble(i - 1), i, i - 1);
        a.set(beside.applyAsDouble(i - 1), i - 1, i);
      }
    }
    return a;
  }
}
