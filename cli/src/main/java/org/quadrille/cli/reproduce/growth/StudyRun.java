package org.quadrille.cli.reproduce.growth;

/**
 * One run of the target model.
 *
 * @param setting sizes
 * @param method how it starts
 * @param budget training steps, the schedule ends with them
 * @param seed of data, source and start
 */
record StudyRun(StudySetting setting, GrowthMethod method, int budget, int seed) {

  /** Setting and method: what a curve is drawn of. */
  String series() {
    return setting.name() + " " + method.name();
  }
}
