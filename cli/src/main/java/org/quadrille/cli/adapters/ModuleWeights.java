package org.quadrille.cli.adapters;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.formats.Checkpoint;

/** Which tensor of a model is the weight of a module that an adapter names. */
public final class ModuleWeights {
  private static final List<String> ENDINGS = List.of(".weight", "/kernel", ".kernel");

  private ModuleWeights() {}

  /** The name of a module without the ending of its weight. */
  public static String module(String weight) {
    for (String ending : ENDINGS) {
      if (weight.endsWith(ending)) {
        return weight.substring(0, weight.length() - ending.length());
      }
    }
    return weight;
  }

  /**
   * The weight of a module in a model.
   *
   * @throws CommandFailure if the model has none
   */
  public static String weight(Checkpoint model, String module) {
    List<String> names = model.names();
    Optional<String> found =
        Stream.concat(ENDINGS.stream().map(ending -> module + ending), Stream.of(module))
            .filter(names::contains)
            .findFirst();
    return found.orElseThrow(
        () ->
            new CommandFailure(
                model.path()
                    + " has no weight of the module "
                    + module
                    + " that the adapter names; is it the base of this adapter?"));
  }
}
