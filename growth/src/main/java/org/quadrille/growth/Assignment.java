package org.quadrille.growth;

import java.util.Arrays;
import org.quadrille.linalg.Tensor;

/**
 * The assignment of rows to columns of largest total weight, by shortest augmenting paths with
 * potentials (R. Jonker and A. Volgenant, 1987): at most n^3 steps, exact.
 */
final class Assignment {
  private Assignment() {}

  /**
   * The best assignment; of equally good ones that which is found first, always the same.
   *
   * @param weight square and finite
   * @return the column of each row
   */
  static int[] largest(Tensor weight) {
    int n = weight.size(0);
    double[] rowPotential = new double[n + 1];
    double[] columnPotential = new double[n + 1];
    // Row of each column, both counted from 1; 0 is free.
    int[] row = new int[n + 1];
    int[] before = new int[n + 1];
    double[] slack = new double[n + 1];
    boolean[] visited = new boolean[n + 1];
    for (int start = 1; start <= n; start++) {
      row[0] = start;
      int column = 0;
      Arrays.fill(slack, Double.POSITIVE_INFINITY);
      Arrays.fill(visited, false);
      do {
        visited[column] = true;
        int at = row[column];
        double least = Double.POSITIVE_INFINITY;
        int next = 0;
        for (int j = 1; j <= n; j++) {
          if (!visited[j]) {
            double cost = -weight.get(at - 1, j - 1) - rowPotential[at] - columnPotential[j];
            if (cost < slack[j]) {
              slack[j] = cost;
              before[j] = column;
            }
            if (slack[j] < least) {
              least = slack[j];
              next = j;
            }
          }
        }
        for (int j = 0; j <= n; j++) {
          if (visited[j]) {
            rowPotential[row[j]] += least;
            columnPotential[j] -= least;
          } else {
            slack[j] -= least;
          }
        }
        column = next;
      } while (row[column] != 0);
      while (column != 0) {
        row[column] = row[before[column]];
        column = before[column];
      }
    }
    int[] assigned = new int[n];
    for (int j = 1; j <= n; j++) {
      assigned[row[j] - 1] = j - 1;
    }
    return assigned;
  }
}
