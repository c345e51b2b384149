package org.quadrille.cli.reproduce.growth;

import org.quadrille.formats.FormatException;
import org.quadrille.formats.JsonObject;

/**
 * What a run of the target model gave; losses are held out, in nats per predicted character.
 *
 * @param before loss of the start
 * @param after loss at the end of the budget
 * @param learningSteps steps in which the growth operator was learned
 * @param learningFlops cost of making the start: growing, and learning to grow
 * @param trainingFlops cost of the budget
 * @param sourceFlops cost of training the source; 0 from scratch
 * @param sourceLoss of the source; NaN from scratch
 * @param seconds of training
 */
record StudyOutcome(
    double before,
    double after,
    int learningSteps,
    double learningFlops,
    double trainingFlops,
    double sourceFlops,
    double sourceLoss,
    double seconds) {

  JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("before", before)
            .put("after", after)
            .put("learningSteps", learningSteps)
            .put("learningFlops", learningFlops)
            .put("trainingFlops", trainingFlops)
            .put("sourceFlops", sourceFlops)
            .put("seconds", seconds);
    return Double.isNaN(sourceLoss) ? json : json.put("sourceLoss", sourceLoss);
  }

  static StudyOutcome of(JsonObject json) throws FormatException {
    return new StudyOutcome(
        json.number("before"),
        json.number("after"),
        json.intValue("learningSteps"),
        json.number("learningFlops"),
        json.number("trainingFlops"),
        json.number("sourceFlops"),
        json.has("sourceLoss") ? json.number("sourceLoss") : Double.NaN,
        json.number("seconds"));
  }
}
