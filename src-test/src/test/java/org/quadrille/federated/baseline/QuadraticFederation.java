package org.quadrille.federated.baseline;

import java.util.ArrayList;
import java.util.List;
import org.quadrille.ReferenceData;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.simulation.ClientSource;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;

/** A case of the reference: clients with quadratic losses. */
record QuadraticFederation(JsonObject json, List<QuadraticClient> clients, double[] optimum) {

  static List<QuadraticFederation> all() throws Exception {
    List<QuadraticFederation> cases = new ArrayList<>();
    for (Object item :
        Json.read(ReferenceData.file("fedep", "quadratics_fedavg.json")).array("cases")) {
      JsonObject json = (JsonObject) item;
      List<QuadraticClient> clients = new ArrayList<>();
      for (int k = 0; k < json.array("A").size(); k++) {
        clients.add(
            new QuadraticClient(
                matrix(json.array("A").get(k)),
                vector(json.array("client_optima").get(k)),
                (int) json.integers("n")[k]));
      }
      cases.add(new QuadraticFederation(json, clients, json.numbers("optimum")));
    }
    return cases;
  }

  ClientSource<ClientLikelihood> source() {
    return ClientSource.of(List.<ClientLikelihood>copyOf(clients), ClientLikelihood::points);
  }

  static double[][] matrix(Object rows) {
    return ((List<?>) rows).stream().map(QuadraticFederation::vector).toArray(double[][]::new);
  }

  static double[] vector(Object numbers) {
    return ((List<?>) numbers).stream().mapToDouble(x -> ((Number) x).doubleValue()).toArray();
  }

  static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }
}
