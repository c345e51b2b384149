package org.quadrille.cli.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quadrille.cli.reproduce.Claim.Verdict;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;

class ClaimListTest {
  private static Claim claim(Verdict verdict) {
    return new Claim("a", "figure 1", "1", "2", verdict);
  }

  @Test
  void countsVerdictsAndWritesThemAsJson() throws IOException {
    ClaimList list =
        new ClaimList(
            "paper",
            List.of(
                claim(Verdict.of(true)),
                claim(Verdict.of(false)),
                claim(Verdict.NOT_MEASURED),
                claim(Verdict.HOLDS)));
    assertEquals("2 of 4 claims hold, 1 do not, 1 were not measured", list.summary());
    JsonObject json = Json.parseObject(Json.write(list.toJson()));
    List<JsonObject> claims = json.array("claims").stream().map(JsonObject.class::cast).toList();
    assertTrue(claims.get(0).bool("holds"));
    assertEquals(false, claims.get(1).bool("holds"));
    assertNull(claims.get(2).get("holds"));
    assertEquals("figure 1", claims.get(3).string("source"));
  }
}
