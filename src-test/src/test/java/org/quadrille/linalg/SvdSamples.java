package org.quadrille.linalg;

import static org.quadrille.linalg.SlowAlgebra.random;

import java.util.function.IntToDoubleFunction;

/** Matrices that singular value decompositions have stumbled over. */
enum SvdSamples {
  RANDOM {
    @Override
    Tensor of(int m, int n) {
      return random(m + 1000L * n, m, n);
    }
  },
  ZERO {
    @Override
    Tensor of(int m, int n) {
      return Tensor.zeros(DType.F64, m, n);
    }
  },
  IDENTITY {
    @Override
    Tensor of(int m, int n) {
      return bidiagonal(m, n, i -> 1, i -> 0);
    }
  },
  ONES {
    @Override
    Tensor of(int m, int n) {
      return Tensor.zeros(DType.F64, m, n).fill(1);
    }
  },
  RANK_THREE {
    @Override
    Tensor of(int m, int n) {
      return MatrixProduct.multiply(random(1, m, 3), random(2, 3, n));
    }
  },
  ORTHONORMAL {
    @Override
    Tensor of(int m, int n) {
      return spectrum(m, n, i -> 1);
    }
  },
  GEOMETRIC {
    @Override
    Tensor of(int m, int n) {
      return spectrum(m, n, i -> Math.pow(1e-15, i / (double) Math.min(m, n)));
    }
  },
  ARITHMETIC {
    @Override
    Tensor of(int m, int n) {
      return spectrum(m, n, i -> 1 - i / (double) Math.min(m, n));
    }
  },
  ONE_LARGE {
    @Override
    Tensor of(int m, int n) {
      return spectrum(m, n, i -> i == 0 ? 1 : 1e-8);
    }
  },
  ONE_SMALL {
    @Override
    Tensor of(int m, int n) {
      return spectrum(m, n, i -> i == 0 ? 1e-8 : 1);
    }
  },
  CLUSTERS {
    @Override
    Tensor of(int m, int n) {
      return spectrum(m, n, i -> i % 3 == 0 ? 1 : i % 3 == 1 ? 1 + 1e-9 : 0.5 + 1e-13 * i);
    }
  },
  KAHAN {
    @Override
    Tensor of(int m, int n) {
      Tensor a = Tensor.zeros(DType.F64, m, n);
      for (int i = 0; i < Math.min(m, n); i++) {
        for (int j = i; j < n; j++) {
          a.set(Math.pow(Math.sin(1.2), i) * (i == j ? 1 : -Math.cos(1.2)), i, j);
        }
      }
      return a;
    }
  },
  HILBERT {
    @Override
    Tensor of(int m, int n) {
      Tensor a = Tensor.zeros(DType.F64, m, n);
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          a.set(1.0 / (i + j + 1), i, j);
        }
      }
      return a;
    }
  },
  JORDAN {
    @Override
    Tensor of(int m, int n) {
      return bidiagonal(m, n, i -> 0, i -> 1);
    }
  },
  BIDIAGONAL_WITH_ZEROS {
    @Override
    Tensor of(int m, int n) {
      return bidiagonal(m, n, i -> i % 3 == 0 ? 0 : 1.0 / (i + 1), i -> i % 4 == 0 ? 0 : 1);
    }
  },
  DIAGONAL {
    @Override
    Tensor of(int m, int n) {
      return bidiagonal(m, n, i -> Math.sin(i * i), i -> 0);
    }
  },
  GRADED_DOWN {
    @Override
    Tensor of(int m, int n) {
      return bidiagonal(m, n, i -> Math.pow(1e-15, i / (double) n), i -> Math.pow(1e-15, i / 9.0));
    }
  },
  GRADED_UP {
    @Override
    Tensor of(int m, int n) {
      return bidiagonal(
          m, n, i -> Math.pow(1e-15, 1 - i / (double) n), i -> Math.pow(1e-15, 1 - i / (double) n));
    }
  },
  EMPTY_ROWS_AND_COLUMNS {
    @Override
    Tensor of(int m, int n) {
      Tensor a = RANDOM.of(m, n);
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          if (i % 5 == 0 || j % 7 == 2) {
            a.set(0, i, j);
          }
        }
      }
      return a;
    }
  };

  /** The matrix of shape [m, n], F64. */
  abstract Tensor of(int m, int n);

  /** A matrix with prescribed singular values. */
  static Tensor spectrum(int m, int n, IntToDoubleFunction value) {
    double[] sigma = new double[Math.min(m, n)];
    for (int i = 0; i < sigma.length; i++) {
      sigma[i] = value.applyAsDouble(i);
    }
    return SlowAlgebra.withSpectrum(m + 1000L * n, m, n, sigma);
  }

  /** An upper bidiagonal matrix. */
  static Tensor bidiagonal(int m, int n, IntToDoubleFunction on, IntToDoubleFunction beside) {
    Tensor a = Tensor.zeros(DType.F64, m, n);
    for (int i = 0; i < Math.min(m, n); i++) {
      a.set(on.applyAsDouble(i), i, i);
      if (i + 1 < n) {
        a.set(beside.applyAsDouble(i), i, i + 1);
      }
    }
    return a;
  }
}
