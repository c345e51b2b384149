package org.quadrille.jmh.command;

import java.util.List;
import java.util.Map;

/** A way of timing trials. */
interface Stopwatch {

  /**
   * What has to be timed at one go, for a list of cases: results of one job may be kept while
   * others are missing.
   */
  List<Job> jobs(List<Case> cases);

  /** Times the trials of a job. */
  Map<Trial, Measurement> time(Job job);

  /** What is written beside the results. */
  String description();

  /** The job whose results hold for a trial of a case. */
  Job jobOf(Case owner, Trial trial);

  /**
   * Trials that are timed together.
   *
   * @param trials what to time
   */
  record Job(List<Trial> trials) {
    String id() {
      return String.join("\n", trials.stream().map(Trial::id).toList());
    }
  }
}
