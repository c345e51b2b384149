package org.quadrille.cli.reproduce.federated;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;
import org.quadrille.cli.federate.FederatedRun;
import org.quadrille.cli.reproduce.Claim;
import org.quadrille.cli.reproduce.Claim.Verdict;

/**
 * The paper's orderings on one setting. A claim that one method is better than others holds if it
 * is in at least four fifths of the seeds, each seed compared with itself.
 */
final class BenchmarkClaims {
  private final BenchmarkResult result;
  private final MethodResult stateful;
  private final MethodResult stateless;

  BenchmarkClaims(BenchmarkResult result) {
    this.result = result;
    this.stateful = result.bestOf("fedep-identity", "fedep-laplace");
    this.stateless = result.bestOf("fedsep-identity", "fedsep-laplace");
  }

  List<Claim> all() {
    List<Claim> claims = new ArrayList<>();
    claims.add(
        accuracy("FedEP ends more accurate than FedAvg and FedPA", stateful, "fedavg", "fedpa"));
    claims.add(
        accuracy(
            "FedEP ends more accurate than FedProx and SCAFFOLD", stateful, "fedprox", "scaffold"));
    claims.add(
        accuracy(
            "FedSEP, without state, ends more accurate than FedAvg and FedPA",
            stateless,
            "fedavg",
            "fedpa"));
    claims.add(
        accuracy("State helps: FedEP ends more accurate than FedSEP", stateful, stateless.label()));
    claims.add(speed());
    claims.add(bytes());
    claims.add(
        accuracy(
            "A better covariance helps: Laplace above scaled identity",
            result.method("fedep-laplace"),
            "fedep-identity"));
    claims.add(calibration());
    claims.add(marginal());
    return claims;
  }

  private Claim accuracy(String claim, MethodResult better, String... others) {
    StringBuilder measured = new StringBuilder(described(better, BenchmarkRun::finalAccuracy));
    boolean holds = true;
    for (String other : others) {
      MethodResult method = result.method(other);
      int wins = better.wins(method, BenchmarkRun::finalAccuracy);
      holds &= isMost(wins);
      measured
          .append("; ")
          .append(described(method, BenchmarkRun::finalAccuracy))
          .append(", behind in ")
          .append(wins)
          .append(" of ")
          .append(result.seeds())
          .append(" seeds");
    }
    return claim(claim, "better in four fifths of the seeds", measured.toString(), holds);
  }

  private Claim speed() {
    double target = result.target();
    StringBuilder measured =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "rounds to %.4f, what FedAvg has at the end: %s %s",
                target,
                stateful.label(),
                rounds(stateful, target)));
    boolean holds = true;
    for (String other : new String[] {"fedavg", "fedpa", "fedprox", "scaffold"}) {
      MethodResult method = result.method(other);
      measured.append("; ").append(other).append(' ').append(rounds(method, target));
      if (other.equals("fedavg") || other.equals("fedpa")) {
        int sooner = 0;
        for (int s = 0; s < result.seeds(); s++) {
          int mine = stateful.runs().get(s).roundsTo(target).orElse(Integer.MAX_VALUE);
          int theirs = method.runs().get(s).roundsTo(target).orElse(Integer.MAX_VALUE);
          sooner += mine < theirs ? 1 : 0;
        }
        holds &= isMost(sooner);
      }
    }
    return claim(
        "FedEP needs fewer rounds than FedAvg and FedPA",
        "fewer in four fifths of the seeds",
        measured.toString(),
        holds);
  }

  private static String rounds(MethodResult method, double target) {
    List<String> each = new ArrayList<>();
    for (BenchmarkRun run : method.runs()) {
      OptionalInt rounds = run.roundsTo(target);
      each.add(rounds.isPresent() ? Integer.toString(rounds.getAsInt()) : "never");
    }
    return String.join("/", each);
  }

  /** Half the bytes of a diagonal run: as many as all rounds of FedAvg take. */
  private Claim bytes() {
    MethodResult average = result.method("fedavg");
    int warm = result.setting().warmStart();
    double bytes = average.mean(BenchmarkRun::bytesPerRound) * result.setting().rounds();
    ToDoubleFunction<BenchmarkRun> atBytes = run -> run.accuracyAt(bytes, warm);
    int wins = stateful.wins(average, atBytes);
    return claim(
        "FedEP is ahead of FedAvg at equal bytes too",
        "ahead in four fifths of the seeds",
        String.format(
            Locale.ROOT,
            "after %.3g MB: %s; %s; ahead in %d of %d seeds",
            bytes * 1e-6,
            described(stateful, atBytes),
            described(average, atBytes),
            wins,
            result.seeds()),
        isMost(wins));
  }

  private Claim calibration() {
    MethodResult average = result.method("fedavg");
    int wins = average.wins(stateful, BenchmarkRun::finalEce);
    int statelessWins = average.wins(stateless, BenchmarkRun::finalEce);
    return claim(
        "FedEP and FedSEP are better calibrated than FedAvg",
        "smaller calibration error in four fifths of the seeds",
        described(stateful, BenchmarkRun::finalEce)
            + "; "
            + described(stateless, BenchmarkRun::finalEce)
            + "; "
            + described(average, BenchmarkRun::finalEce)
            + "; smaller in "
            + wins
            + " and "
            + statelessWins
            + " of "
            + result.seeds()
            + " seeds",
        isMost(wins) && isMost(statelessWins));
  }

  private Claim marginal() {
    ToDoubleFunction<BenchmarkRun> atMean = run -> run.finals().get("ece");
    ToDoubleFunction<BenchmarkRun> marginal = run -> run.finals().get("marginal.ece");
    int wins = 0;
    for (BenchmarkRun run : stateful.runs()) {
      wins += marginal.applyAsDouble(run) < atMean.applyAsDouble(run) ? 1 : 0;
    }
    return claim(
        "Averaging over the posterior calibrates FedEP further",
        "smaller calibration error in four fifths of the seeds",
        String.format(
            Locale.ROOT,
            "%s at the mean, %s over %d draws, likelihood scale %s; smaller in %d of %d seeds",
            described(stateful, atMean),
            described(stateful, marginal),
            FederatedRun.DRAWS,
            stateful.contender().inference().equals("identity")
                ? "none (c = " + stateful.chosen().number("c") + ")"
                : Double.toString(stateful.chosen().number("scale")),
            wins,
            result.seeds()),
        isMost(wins));
  }

  private static String described(MethodResult method, ToDoubleFunction<BenchmarkRun> measure) {
    return method.label()
        + " "
        + BenchmarkResult.plusMinus(method.mean(measure), method.deviation(measure));
  }

  private boolean isMost(int wins) {
    return 5 * wins >= 4 * result.seeds();
  }

  private Claim claim(String claim, String expected, String measured, boolean holds) {
    // Two kinds of inference were tuned for these, so they had twice the settings of a baseline.
    String chosen =
        claim.startsWith("A better covariance")
            ? ""
            : "; FedEP and FedSEP with the inference that did better in validation";
    return new Claim(
        result.setting().name() + ": " + claim,
        "abstract",
        expected + chosen,
        measured,
        Verdict.of(holds));
  }
}
