package org.quadrille.cli.reproduce.growth;

import java.util.List;
import org.quadrille.formats.JsonObject;

/**
 * The whole study after its runs.
 *
 * @param parts in the order of {@link StudyPlan#parts()}
 */
record StudyResult(List<PartResult> parts) {

  PartResult main() {
    return parts.get(0);
  }

  PartResult masked() {
    return parts.get(1);
  }

  PartResult depth() {
    return parts.get(2);
  }

  PartResult width() {
    return parts.get(3);
  }

  PartResult steps() {
    return parts.get(4);
  }

  JsonObject toJson() {
    return new JsonObject().put("parts", parts.stream().map(PartResult::toJson).toList());
  }
}
