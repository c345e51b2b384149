package org.quadrille.federated;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.quadrille.ReferenceData;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.gaussian.PrecisionShape;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** Readers of the reference files of federated inference. */
public final class FederatedData {
  private FederatedData() {}

  /** A whole file. */
  public static JsonObject file(String name) {
    try {
      return Json.read(ReferenceData.file("fedep", name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The objects of an array, at least one. */
  public static List<JsonObject> objects(JsonObject from, String name) {
    List<JsonObject> objects = new ArrayList<>();
    for (Object element : list(from.get(name))) {
      objects.add((JsonObject) element);
    }
    if (objects.isEmpty()) {
      throw new AssertionError("reference array \"" + name + "\" is empty");
    }
    return objects;
  }

  /** A text. */
  public static String text(JsonObject from, String name) {
    return (String) from.get(name);
  }

  /** An object. */
  public static JsonObject object(JsonObject from, String name) {
    return (JsonObject) from.get(name);
  }

  /** A number. */
  public static double number(JsonObject from, String name) {
    return ((Number) from.get(name)).doubleValue();
  }

  /** An array of anything. */
  @SuppressWarnings("unchecked")
  public static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  /** A vector. */
  public static double[] vector(Object value) {
    return list(value).stream().mapToDouble(x -> ((Number) x).doubleValue()).toArray();
  }

  /** A vector as a tensor. */
  public static Tensor tensor(Object value) {
    double[] x = vector(value);
    return Tensor.of(x, x.length);
  }

  /** Whole numbers. */
  public static int[] integers(Object value) {
    return list(value).stream().mapToInt(x -> ((Number) x).intValue()).toArray();
  }

  /** A matrix. */
  public static Tensor matrix(Object value) {
    List<Object> rows = list(value);
    Tensor matrix = Tensor.zeros(DType.F64, rows.size(), vector(rows.get(0)).length);
    for (int i = 0; i < rows.size(); i++) {
      matrix.row(i).assign(tensor(rows.get(i)));
    }
    return matrix;
  }

  /** A Gaussian: a matrix as precision is full, a vector diagonal. */
  public static Gaussian gaussian(JsonObject object) {
    Object lambda = object.get("lambda");
    Tensor eta = tensor(object.get("eta"));
    return list(lambda).get(0) instanceof List<?>
        ? Gaussian.ofNatural(PrecisionShape.FULL, eta, matrix(lambda))
        : Gaussian.ofNatural(PrecisionShape.DIAGONAL, eta, tensor(lambda));
  }

  /** The clients of each round of a run over {@code clients} clients. */
  public static List<int[]> rounds(JsonObject run, int clients) {
    List<int[]> rounds = new ArrayList<>();
    if (run.get("rounds") instanceof JsonObject all) {
      int[] everyone = Batch.all(clients).points();
      for (long r = 0; r < ((Number) all.get("all_clients")).longValue(); r++) {
        rounds.add(everyone);
      }
      return rounds;
    }
    list(run.get("rounds")).forEach(round -> rounds.add(integers(round)));
    return rounds;
  }

  /** The largest difference of natural parameters, relative to the largest of the expected. */
  public static double distance(Gaussian expected, Gaussian actual) {
    Gaussian a = actual.as(expected.shape().orLarger(actual.shape()));
    Gaussian e = expected.as(a.shape());
    return distance(e.natural(), a.natural());
  }

  /** The largest difference, relative to the largest expected number. */
  public static double distance(double[] expected, double[] actual) {
    double difference = 0;
    double largest = 0;
    if (expected.length != actual.length) {
      throw new AssertionError(actual.length + " numbers, expected " + expected.length);
    }
    for (int i = 0; i < expected.length; i++) {
      if (!Double.isFinite(actual[i])) {
        throw new AssertionError("number " + i + " is " + actual[i]);
      }
      difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    return difference / largest;
  }
}
