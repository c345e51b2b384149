package org.quadrille.federated.baseline;

import org.quadrille.federated.Batch;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.FisherKind;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * {@code l(theta) = n/2 (theta - optimum)' A (theta - optimum)}: every point has the same share, so
 * gradient descent on the mean loss is exact whatever the batch.
 */
public record QuadraticClient(double[][] matrix, double[] optimum, int points)
    implements ClientLikelihood {

  @Override
  public int dimension() {
    return optimum.length;
  }

  @Override
  public DType dtype() {
    return DType.F64;
  }

  @Override
  public double loss(Tensor theta, Batch batch) {
    return gradient(theta, batch, Tensor.zeros(DType.F64, dimension()));
  }

  @Override
  public double gradient(Tensor theta, Batch batch, Tensor gradient) {
    double[] x = theta.doubles();
    double[] gradients = gradient.doubles();
    double loss = 0;
    for (int i = 0; i < optimum.length; i++) {
      double g = 0;
      for (int j = 0; j < optimum.length; j++) {
        g += matrix[i][j] * (x[j] - optimum[j]);
      }
      gradients[i] = g * batch.size();
      loss += g * (x[i] - optimum[i]) * batch.size() / 2;
    }
    return loss;
  }

  @Override
  public void addFisher(Tensor theta, Batch batch, FisherKind kind, long key, Tensor fisher) {
    for (int i = 0; i < optimum.length; i++) {
      fisher.set(fisher.get(i) + matrix[i][i] * batch.size(), i);
    }
  }
}
