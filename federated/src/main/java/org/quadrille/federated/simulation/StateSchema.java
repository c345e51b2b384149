package org.quadrille.federated.simulation;

import java.util.Arrays;
import java.util.List;

/** Names and lengths of the arrays of a state. */
record StateSchema(List<String> names, int[] lengths) {

  static StateSchema of(StateArrays state) {
    return new StateSchema(
        List.copyOf(state.arrays().keySet()),
        state.arrays().values().stream().mapToInt(values -> values.length).toArray());
  }

  int length() {
    return Arrays.stream(lengths).sum();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StateSchema schema
        && names.equals(schema.names)
        && Arrays.equals(lengths, schema.lengths);
  }

  @Override
  public int hashCode() {
    return 31 * names.hashCode() + Arrays.hashCode(lengths);
  }

  @Override
  public String toString() {
    return names + " of " + Arrays.toString(lengths) + " numbers";
  }
}
