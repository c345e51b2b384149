package org.quadrille.federated.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.JsonObject;

/**
 * What happened in a round.
 *
 * @param round from 0
 * @param asked clients that were asked
 * @param statuses how many ended in which way; only those that occur
 * @param accepted replies in the sum, late ones included
 * @param late accepted replies of earlier rounds
 * @param lateRefused replies of earlier rounds that the algorithm does not take
 * @param duplicates messages that had arrived before
 * @param factor of {@link ServerOutcome}; 0: the round was refused
 * @param bytesDown sent to clients, payload only
 * @param bytesUp received from clients, payload only
 * @param figures of the server, by name
 * @param clientFigures of the clients, by name: {mean, least, largest}
 * @param metrics of an evaluation after the round; empty if there was none
 * @param clientSeconds time of the clients' computation
 * @param serverSeconds all other time of the round, evaluation left out
 */
public record RoundRecord(
    long round,
    int asked,
    Map<ReplyStatus, Integer> statuses,
    int accepted,
    int late,
    int lateRefused,
    int duplicates,
    double factor,
    long bytesDown,
    long bytesUp,
    Map<String, Double> figures,
    Map<String, double[]> clientFigures,
    Map<String, Double> metrics,
    double clientSeconds,
    double serverSeconds) {

  /** As JSON. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject().put("round", round).put("asked", asked);
    JsonObject counts = new JsonObject();
    statuses.forEach((status, count) -> counts.put(status.name(), count));
    json.put("statuses", counts)
        .put("accepted", accepted)
        .put("late", late)
        .put("lateRefused", lateRefused)
        .put("duplicates", duplicates)
        .put("factor", factor)
        .put("bytesDown", bytesDown)
        .put("bytesUp", bytesUp);
    json.put("figures", object(figures));
    JsonObject clients = new JsonObject();
    clientFigures.forEach(clients::put);
    return json.put("clientFigures", clients)
        .put("metrics", object(metrics))
        .put("clientSeconds", clientSeconds)
        .put("serverSeconds", serverSeconds);
  }

  /** Reads what {@link #toJson} gave. */
  public static RoundRecord of(JsonObject json) throws FormatException {
    Map<ReplyStatus, Integer> statuses = new LinkedHashMap<>();
    for (String name : json.object("statuses").members().keySet()) {
      statuses.put(ReplyStatus.valueOf(name), json.object("statuses").intValue(name));
    }
    Map<String, double[]> clients = new LinkedHashMap<>();
    for (String name : json.object("clientFigures").members().keySet()) {
      clients.put(name, json.object("clientFigures").numbers(name));
    }
    return new RoundRecord(
        json.integer("round"),
        json.intValue("asked"),
        statuses,
        json.intValue("accepted"),
        json.intValue("late"),
        json.intValue("lateRefused"),
        json.intValue("duplicates"),
        json.number("factor"),
        json.integer("bytesDown"),
        json.integer("bytesUp"),
        numbers(json.object("figures")),
        clients,
        numbers(json.object("metrics")),
        json.number("clientSeconds"),
        json.number("serverSeconds"));
  }

  /** This record without times: equal for equal runs. */
  public String fingerprint() {
    return new RoundRecord(
            round,
            asked,
            statuses,
            accepted,
            late,
            lateRefused,
            duplicates,
            factor,
            bytesDown,
            bytesUp,
            figures,
            clientFigures,
            metrics,
            0,
            0)
        .toJson()
        .toString();
  }

  private static JsonObject object(Map<String, Double> numbers) {
    JsonObject json = new JsonObject();
    List<String> names = new ArrayList<>(numbers.keySet());
    names.sort(null);
    names.forEach(name -> json.put(name, numbers.get(name)));
    return json;
  }

  private static Map<String, Double> numbers(JsonObject json) throws FormatException {
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (String name : json.members().keySet()) {
      numbers.put(name, json.number(name));
    }
    return numbers;
  }
}
