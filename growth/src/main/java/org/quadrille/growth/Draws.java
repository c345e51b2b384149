package org.quadrille.growth;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Random rows of start values. */
final class Draws {
  private Draws() {}

  static double[] shares(int n, SplittableRandom random) {
    return normalized(uniform(n, 1, random));
  }

  static double[] softmax(int n, SplittableRandom random) {
    double[] row = uniform(n, 1, random);
    Arrays.setAll(row, i -> Math.exp(row[i]));
    return normalized(row);
  }

  static double[] oneAt(int index, int n) {
    double[] row = new double[n];
    row[index] = 1;
    return row;
  }

  static double[] noisyOneAt(int index, int n, double noise, SplittableRandom random) {
    double[] row = uniform(n, noise, random);
    row[index] = 1;
    return row;
  }

  static double[] normalized(double[] row) {
    double sum = Arrays.stream(row).sum();
    double[] result = new double[row.length];
    Arrays.setAll(result, i -> row[i] / sum);
    return result;
  }

  private static double[] uniform(int n, double limit, SplittableRandom random) {
    double[] row = new double[n];
    Arrays.setAll(row, i -> limit * random.nextDouble());
    return row;
  }
}
