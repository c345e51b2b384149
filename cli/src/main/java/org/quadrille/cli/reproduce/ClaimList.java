package org.quadrille.cli.reproduce;

import java.util.List;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.reproduce.Claim.Verdict;
import org.quadrille.formats.JsonObject;

/**
 * The measured claims of a paper, as text and as JSON.
 *
 * @param paper title, authors and year
 * @param claims in the order of the paper
 */
public record ClaimList(String paper, List<Claim> claims) {

  /** Prints one paragraph per claim: sentences do not fit the columns of a table. */
  public void print(Console console) {
    console.print(paper);
    for (int i = 0; i < claims.size(); i++) {
      Claim claim = claims.get(i);
      console.print("");
      console.print((i + 1) + ". " + claim.claim() + " (" + claim.source() + ")");
      console.print("   expected  " + claim.expected());
      console.print("   measured  " + claim.measured());
      console.print("   verdict   " + claim.verdict());
    }
  }

  /** How many claims hold. */
  public String summary() {
    return count(Verdict.HOLDS)
        + " of "
        + claims.size()
        + " claims hold, "
        + count(Verdict.FAILS)
        + " do not, "
        + count(Verdict.NOT_MEASURED)
        + " were not measured";
  }

  private long count(Verdict verdict) {
    return claims.stream().filter(claim -> claim.verdict() == verdict).count();
  }

  /** With the member {@code claims}. */
  public JsonObject toJson() {
    return new JsonObject()
        .put("title", paper)
        .put("claims", claims.stream().map(Claim::toJson).toList());
  }
}
